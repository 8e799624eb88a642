"""What a virtual network is made of: attachments, carriages, nodes, arcs, rides and run blocks.

Made by `virtual`, which says who can carry from where to where.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from landbridge.dataset.network import Net, SeaMarket
from landbridge.domain.arcs import Arc


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """A way of carrying: mode, vehicle class, sea market and service ('' for none)."""

    mode: str
    vehicle: str
    market: str = ""
    service: str = ""
    headway_h: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One touch of a network: a terminal, a crossing side, a gate, or a door of the request."""

    net: int
    node_idx: int
    block_idx: int
    off_km: float
    terminal_idx: int = -1
    crossing_idx: int = -1
    side: int = -1
    is_core: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseArc:
    """A transfer, border or passage between two nodes; `facts` is what models price."""

    tail: int
    head: int
    facts: Arc
    crossing_idx: int = -1
    passage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RideArc:
    """Staying aboard a service from one stop to a later one."""

    tail: int
    head: int
    service: str
    passages: tuple[str, ...]
    facts: tuple[Arc, ...]
    distance_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBlock:
    """A block in which one carriage runs freely; `members` are node positions."""

    block_idx: int
    carriage: int
    members: list[int] = field(default_factory=list)
    range_km: float = float("inf")


@dataclass(slots=True)
class VirtualNetwork:
    """Nodes, sparse arcs, rides and run blocks of one date."""

    attachments: list[Attachment] = field(default_factory=list)
    carriages: list[Carriage] = field(default_factory=list)
    node_attachment: list[int] = field(default_factory=list)
    node_carriage: list[int] = field(default_factory=list)
    arcs: list[SparseArc] = field(default_factory=list)
    rides: list[RideArc] = field(default_factory=list)
    blocks: list[RunBlock] = field(default_factory=list)
    nodes_of_terminal: dict[int, list[int]] = field(default_factory=dict)
    block_at: dict[tuple[int, int], int] = field(default_factory=dict)
    run_block_of_node: list[int] = field(default_factory=list)
    rail_headway_h: dict[int, tuple[float, float, float]] = field(default_factory=dict)
    n_everywhere: int = 0
    """Attachments before this position stand in every network, those from it on are touches."""
    known: dict[tuple[int, int, int], int] = field(default_factory=dict)
    """Attachments of terminals by (net, terminal, node)."""
    sea: list[tuple[SeaMarket, int, frozenset[int]]] = field(default_factory=list)
    """Sea markets of the day: their carriage, and the terminals they serve."""
    plain: dict[Net, int] = field(default_factory=dict)
    """The carriage of each network but the sea's."""
    own_blocks: set[int] = field(default_factory=set)
    """Run blocks that are this network's alone; the others it may share with a copy."""

    def copy(self) -> VirtualNetwork:
        """Return a network to which nodes and arcs can be added without changing this one.

        Blocks and lists of nodes are shared until something is added to one; this one must get
        nothing more.
        """
        return VirtualNetwork(
            attachments=self.attachments.copy(),
            carriages=self.carriages.copy(),
            node_attachment=self.node_attachment.copy(),
            node_carriage=self.node_carriage.copy(),
            arcs=self.arcs.copy(),
            rides=self.rides,
            blocks=self.blocks.copy(),
            nodes_of_terminal=self.nodes_of_terminal.copy(),
            block_at=self.block_at.copy(),
            run_block_of_node=self.run_block_of_node.copy(),
            rail_headway_h=self.rail_headway_h,
            n_everywhere=self.n_everywhere,
            known=self.known.copy(),
            sea=self.sea,
            plain=self.plain,
        )

    def carriage_of(self, carriage: Carriage) -> int:
        """Return the position of a carriage, added where it is new."""
        for k, known in enumerate(self.carriages):
            if known == carriage:
                return k
        self.carriages.append(carriage)
        return len(self.carriages) - 1

    def add_node(self, attachment: int, carriage: int, *, range_km: float, runs: bool) -> int:
        """Return a new node; `runs` puts it into the run block of its attachment's block."""
        node = len(self.node_attachment)
        self.node_attachment.append(attachment)
        self.node_carriage.append(carriage)
        touch = self.attachments[attachment]
        if touch.terminal_idx >= 0:
            there = self.nodes_of_terminal.get(touch.terminal_idx, [])
            self.nodes_of_terminal[touch.terminal_idx] = [*there, node]
        if runs:
            key = (touch.block_idx, carriage)
            if key not in self.block_at:
                self.block_at[key] = len(self.blocks)
                self.blocks.append(
                    RunBlock(block_idx=touch.block_idx, carriage=carriage, range_km=range_km)
                )
            k = self.block_at[key]
            if k not in self.own_blocks:
                self.own_blocks.add(k)
                self.blocks[k] = replace(self.blocks[k], members=self.blocks[k].members.copy())
            self.blocks[k].members.append(node)
            self.run_block_of_node.append(k)
        else:
            self.run_block_of_node.append(-1)
        return node
