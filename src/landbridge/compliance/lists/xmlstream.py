"""Records of an XML file one by one, from a parser that refuses what lists never need.

No document type is accepted, hence no entity can be declared, fetched or expanded. Depth and the
size of one record are limited.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat

from landbridge.errors import SourceError

DEEPEST = 64
LARGEST_RECORD = 8_000_000
"""Characters and attributes of one record."""
CHUNK = 1 << 18


@dataclass(slots=True, kw_only=True)
class Node:
    """An element under its local name; `text` is what stands before its first child and after."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, *path: str) -> Iterator[Node]:
        """Return the descendants reached by this path of local names."""
        if not path:
            yield self
            return
        for child in self.children:
            if child.tag == path[0]:
                yield from child.all(*path[1:])

    def first(self, *path: str) -> str:
        """Return the text of the first descendant of this path that has any, or nothing."""
        return next((node.text.strip() for node in self.all(*path) if node.text.strip()), "")

    def texts(self, *path: str) -> tuple[str, ...]:
        """Return the texts of all descendants of this path, without empty ones."""
        return tuple(node.text.strip() for node in self.all(*path) if node.text.strip())


class _Builder:
    """Builds records as the parser goes; everything outside them is forgotten."""

    def __init__(self, records: Collection[str]) -> None:
        self.records = frozenset(records)
        self.done: list[Node] = []
        self.open: list[Node] = []
        self.depth = 0
        self.size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise SourceError(f"elements lie deeper than {DEEPEST}")
        tag = name.rpartition(" ")[2]
        if not self.open and tag not in self.records:
            return
        own = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        node = Node(tag=tag, attributes=own)
        self._grow(len(tag) + sum(len(key) + len(value) for key, value in own.items()))
        if self.open:
            self.open[-1].children.append(node)
        self.open.append(node)

    def end(self, name: str) -> None:
        del name
        self.depth -= 1
        if self.open:
            node = self.open.pop()
            if not self.open:
                self.done.append(node)
                self.size = 0

    def characters(self, text: str) -> None:
        if self.open:
            self._grow(len(text))
            self.open[-1].text += text

    def doctype(self, *_: object) -> None:
        raise SourceError("the file declares a document type, which no public list does")

    def _grow(self, more: int) -> None:
        self.size += more
        if self.size > LARGEST_RECORD:
            raise SourceError(f"one record is larger than {LARGEST_RECORD:,} characters")


def records(path: Path, names: Collection[str]) -> Iterator[Node]:
    """Return the elements of these local names, in the order of the file.

    Elements inside a record belong to it, whatever their name.

    Raises
    ------
    SourceError
        If the file is no well-formed XML, declares a document type, or outgrows the limits.
    """
    builder = _Builder(names)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = builder.doctype
    with path.open("rb") as stream:
        is_last = False
        while not is_last:
            data = stream.read(CHUNK)
            is_last = not data
            try:
                parser.Parse(data, is_last)
            except expat.ExpatError as error:
                raise SourceError(
                    f"no well-formed XML at line {error.lineno}: {expat.ErrorString(error.code)}",
                    where=str(path),
                ) from None
            except SourceError as error:
                raise SourceError(
                    error.message, where=f"{path}, line {parser.CurrentLineNumber}"
                ) from None
            yield from builder.done
            builder.done.clear()
