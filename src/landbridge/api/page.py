"""The page: static files of the package, each packed once, told apart by digest."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

WEB = Path(__file__).parent.parent / "web"
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
PACKED = frozenset({".woff2"})
"""Files that are packed as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    body: bytes
    packed: bytes
    tag: str
    media_type: str
    changed: int


class Page:
    """The files under `web/`, read when first asked for and kept."""

    def __init__(self, folder: Path = WEB) -> None:
        self._paths = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.suffix in MEDIA_TYPES
        }
        self._kept: dict[str, _File] = {}

    def answer(self, name: str, request: Request) -> Response | None:
        """Return the file of this name, 304 where the caller has it, None where there is none."""
        path = self._paths.get(name)
        if path is None:
            return None
        try:
            changed = path.stat().st_mtime_ns
        except OSError:
            return None
        if name not in self._kept or self._kept[name].changed != changed:
            self._kept[name] = _file(path.read_bytes(), path.suffix, changed)
        return _sent(self._kept[name], request)

    def made(self, name: str, body: bytes, request: Request) -> Response:
        """Return what the server made once, as if it were a JSON file of this name."""
        if name not in self._kept:
            self._kept[name] = _file(body, ".json")
        return _sent(self._kept[name], request)

    def has(self, name: str) -> bool:
        """Whether something made is kept under a name."""
        return name in self._kept


def _file(body: bytes, suffix: str, changed: int = 0) -> _File:
    return _File(
        body=body,
        packed=b"" if suffix in PACKED else gzip.compress(body, 9, mtime=0),
        tag=f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"',
        media_type=MEDIA_TYPES[suffix],
        changed=changed,
    )


def _sent(file: _File, request: Request) -> Response:
    headers = {"etag": file.tag, "cache-control": "no-cache", "vary": "Accept-Encoding"}
    if file.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if file.packed and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        return Response(file.packed, media_type=file.media_type, headers=headers)
    return Response(file.body, media_type=file.media_type, headers=headers)
