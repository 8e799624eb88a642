"""Reads a public list in its own format and keeps it, whole or not at all."""

from __future__ import annotations

import codecs
import csv
import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from landbridge.compliance.lists.entry import OFAC, OFAC_CONS, Entry, ReadList
from landbridge.compliance.lists.fromtext import read_text
from landbridge.compliance.lists.fromxml import read_xml, root_of
from landbridge.compliance.lists.kept import SUFFIX, Facts, write_list
from landbridge.errors import RequestError, SourceError

LARGEST_FILE = 2_000_000_000
"""Bytes; the largest public list is a quarter of it."""
MOST_ENTRIES = 3_000_000
CHUNK = 1 << 20
UTF_8 = "utf-8-sig"
PACKED = {b"PK\x03\x04": "a ZIP archive", b"\x1f\x8b": "a gzip file", b"%PDF": "a PDF"}


def import_list(
    path: Path, folder: Path, today: date, progress: Callable[[str], None] | None = None
) -> Facts:
    """Read a list, keep it under its key in `folder`, and return what is known of it.

    A list without a date of its own gets `today`. One imported before under the same
    key is replaced.

    Raises
    ------
    RequestError
        If there is no such file.
    SourceError
        If the file is none of the lists known, is damaged, or outgrows the limits.
    """
    if not path.is_file():
        raise RequestError(f"no file '{path}'", where="FILE")
    if progress is not None:
        progress(f"reading {path.name}")
    digest, encoding = _digest_and_encoding(path)
    head = _head(path)
    for magic, what in PACKED.items():
        if head.startswith(magic):
            raise SourceError(f"this is {what}", where=str(path), hint="unpack it first")
    is_xml = head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    try:
        read = read_xml(path, root_of(path).tag) if is_xml else read_text(path, encoding)
        if not is_xml and encoding != UTF_8 and read.kind not in {OFAC, OFAC_CONS}:
            # read as Windows-1252, one damaged byte would spoil every name in another script
            raise SourceError("a text in UTF-8 was expected", where=str(path), hint="is it whole?")
        return write_list(
            _checked(read, path),
            read.kind,
            folder / f"{read.kind.key}{SUFFIX}",
            dated=read.dated or today,
            is_own_date=read.dated is not None,
            digest=digest,
        )
    except UnicodeDecodeError as error:
        raise SourceError(
            f"no text in UTF-8 or Windows-1252 ({error.reason})", where=str(path)
        ) from None
    except KeyError as error:
        raise SourceError(f"no column {error.args[0]!r}", where=str(path)) from None
    except csv.Error as error:
        raise SourceError(f"a cell cannot be read: {error}", where=str(path)) from None


def _checked(read: ReadList, path: Path) -> Iterator[Entry]:
    count = 0
    for entry in read.entries:
        if not entry.names and not entry.imo:
            continue
        count += 1
        if count > MOST_ENTRIES:
            raise SourceError(f"more than {MOST_ENTRIES:,} entries", where=str(path))
        yield entry
    if not count:
        raise SourceError("no entry in it", where=str(path), hint="is the file complete?")


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(512)


def _digest_and_encoding(path: Path) -> tuple[str, str]:
    """Return the digest of a file, and UTF-8 if it is that throughout, else Windows-1252."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise SourceError(
            f"{size:,} bytes are more than {LARGEST_FILE:,}", where=str(path), hint="is it a list?"
        )
    if not size:
        raise SourceError("the file is empty", where=str(path))
    hashed = hashlib.blake2b(digest_size=16)
    decoder = codecs.getincrementaldecoder("utf-8")()
    encoding = UTF_8
    with path.open("rb") as stream:
        while data := stream.read(CHUNK):
            hashed.update(data)
            if encoding == UTF_8:
                try:
                    decoder.decode(data)
                except UnicodeDecodeError:
                    encoding = "cp1252"
    return hashed.hexdigest(), encoding
