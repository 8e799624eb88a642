"""Building HTML text: everything is escaped unless it says that it is markup already."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

UNSAFE_LETTERS: dict[int, str | None] = {
    **dict.fromkeys(
        (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, *range(0xD800, 0xE000)), "\ufffd"
    ),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F)),
}
"""Letters that HTML does not allow, and marks that could turn the writing direction of a page."""


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


def text(value: object) -> Html:
    """Return a value as markup: escaped, unless it is markup already."""
    if isinstance(value, Html):
        return value
    return Html(escape(str(value).translate(UNSAFE_LETTERS), quote=True))


def join(parts: Iterable[object], between: str = "") -> Html:
    """Return the parts one after another, each escaped unless it is markup."""
    return Html(between.join(text(part) for part in parts))


def tag(name: str, *content: object, **attributes: object) -> Html:
    """Return an element; `class_` is `class`, `data_x` is `data-x`, None is left out."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return Html(f"<{name}{given}>{join(content)}</{name}>")


def name(value: str) -> Html:
    """Return a name of a place in any script, kept from turning the text around it."""
    return tag("bdi", value)


def prose(*sentences: object) -> Html:
    """Return sentences as one paragraph; empty ones are left out."""
    said = join((part for part in sentences if part), " ")
    return tag("p", said) if said else said


def link(address: str, shown: object = "") -> Html:
    """Return a link to a web address; what is no plain web address stays text."""
    if not address.startswith(("https://", "http://")) or any(c in address for c in ' "<>'):
        return text(shown or address)
    return tag("a", shown or address, href=address, rel="noreferrer")


def with_links(words: str) -> Html:
    """Return text in which web addresses are links."""
    parts = []
    for word in words.split(" "):
        bare = word.rstrip(".,;)")
        if bare.startswith(("https://", "http://")):
            parts.append(join((link(bare), word[len(bare) :])))
        else:
            parts.append(text(word))
    return join(parts, " ")


def dashed(shown: str) -> str:
    """Return figures with a proper dash between the ends of a range."""
    return shown.replace("-", "\u2013") if len(shown) > 1 else shown


def table(heads: Iterable[Html], rows: Iterable[Html], **attributes: object) -> Html:
    """Return a table that scrolls sideways where the page is too narrow."""
    inner = tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows), **attributes)
    return tag("div", inner, class_="wide", tabindex="0")
