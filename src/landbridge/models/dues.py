"""What scenarios make due at single places: delays, tolls, war-risk premiums, shallow water.

Each is a parameter row keyed by the id of a passage, crossing or terminal. The defaults hold none
of them: without a scenario (or an own file of parameters) nothing here applies.
"""

from __future__ import annotations

from landbridge.domain.arcs import Arc, BorderArc, HaulArc, PassageArc, TransferArc
from landbridge.models.context import Context
from landbridge.models.terms import Factor, Term, factor
from landbridge.parameters.dues import DELAY, PAYLOAD, TOLL, WAR_RISK

_SURCHARGES = ((TOLL, "toll"), (WAR_RISK, "war-risk premium"))


def due_id(arc: Arc) -> str:
    """Return the id of the place at which an arc may owe something, '' for none."""
    if isinstance(arc, PassageArc):
        return arc.passage
    if isinstance(arc, BorderArc):
        return arc.crossing
    return arc.terminal if isinstance(arc, TransferArc) else ""


def delay_terms(arc: Arc, context: Context) -> tuple[Term, ...]:
    """Return the delay at the place of an arc, h."""
    id_ = due_id(arc)
    row = context.parameters.exactly(DELAY, id_) if id_ else None
    return () if row is None else (Term("delay", 1.0, (factor(row),)),)


def surcharge_terms(arc: Arc, context: Context) -> tuple[Term, ...]:
    """Return tolls and premiums at the place of an arc, per TEU."""
    id_ = due_id(arc)
    if not id_:
        return ()
    rows = ((context.parameters.exactly(name, id_), text) for name, text in _SURCHARGES)
    return tuple(
        Term(text, context.size_teu, (factor(row),)) for row, text in rows if row is not None
    )


def shoal_factors(arc: HaulArc | PassageArc | TransferArc, context: Context) -> tuple[Factor, ...]:
    """Return what a ship that carries less for want of water costs each unit more, 1 / share."""
    row = context.parameters.exactly(PAYLOAD, arc.shoal) if arc.shoal else None
    return () if row is None else (factor(row, inverse_of=1.0),)
