"""What stands before every route: the token, the size of a body, headers, and the count."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from landbridge.api.metrics import Metrics
from landbridge.api.problems import RETRY_AFTER_S, TOO_BUSY, answered, problem, problem_of
from landbridge.api.settings import Settings

POLICY = (
    "default-src 'self'; script-src 'self'; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(), camera=(), microphone=()"),
)
TOO_LARGE = 413
OPEN_ROUTES = frozenset({"/healthz", "/"})
OPEN_FOLDER = "/web/"
"""The page's own files: they hold no answers, and a browser can show no token for them."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that are counted apart; whatever else a caller thinks of is counted as `other`."""
LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that begin no work."""


class Guard:
    """An ASGI layer around the application."""

    def __init__(
        self, app: ASGIApp, *, settings: Settings, metrics: Metrics, hosts: frozenset[str]
    ) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._hosts = hosts
        self._at_once = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status, is_begun = 500, False

        async def sending(message: Message) -> None:
            nonlocal status, is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                status = message["status"]
                message["headers"] = [*_without(message["headers"]), *HEADERS]
            await send(message)

        self._at_once += 1
        try:
            refusal = self._refusal(scope)
            if refusal is not None:
                await refusal(scope, receive, sending)
            else:
                await self._app(scope, self._counted(receive), sending)
        except Exception as error:
            if not is_begun:
                await answered(problem_of(error))(scope, receive, sending)
            raise  # the server writes it down
        finally:
            self._at_once -= 1
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._metrics.add(method, route, status, time.perf_counter() - began)

    def _refusal(self, scope: Scope) -> ASGIApp | None:
        headers: MutableMapping[bytes, bytes] = dict(scope["headers"])
        host = headers.get(b"host", b"").decode("latin-1")
        name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
        if self._hosts and name not in self._hosts:  # a foreign name that points at this machine
            return problem(403, "not here", f"no server of the name '{name[:80]}'")
        if self._at_once > self._settings.most_at_once:
            return problem(
                TOO_BUSY, "too many questions at once", f"{self._at_once} are being asked",
                hint="ask again in a moment", headers={"Retry-After": str(RETRY_AFTER_S)},
            )  # fmt: skip
        asked_from = headers.get(b"origin", b"").decode("latin-1")
        if asked_from and scope["method"] not in LOOKING and urlsplit(asked_from).netloc != host:
            return problem(403, "not here", "pages of other sites may ask nothing here")
        path = scope["path"]
        is_open = path in OPEN_ROUTES or path.startswith(OPEN_FOLDER)
        if self._settings.token and not is_open:
            shown = headers.get(b"authorization", b"")
            wanted = b"Bearer " + self._settings.token.encode()
            if not hmac.compare_digest(shown, wanted):
                return problem(
                    401, "a token is wanted", "send it as 'Authorization: Bearer ...'",
                    headers={"WWW-Authenticate": "Bearer"},
                )  # fmt: skip
        length = headers.get(b"content-length", b"0")
        if not length.isdigit():
            return problem(400, "no answer", "Content-Length is no number")
        if int(length) > self._settings.most_body_bytes:
            return problem(TOO_LARGE, "the body is too large", self._too_large)
        return None

    def _counted(self, receive: Receive) -> Receive:
        taken, has_more = 0, True
        last_s = asyncio.get_running_loop().time() + self._settings.longest_body_s

        async def receiving() -> Message:
            nonlocal taken, has_more
            try:
                async with asyncio.timeout_at(last_s if has_more else None):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, "the question took too long to come") from None
            has_more = message.get("more_body", False)
            taken += len(message.get("body", b""))
            if taken > self._settings.most_body_bytes:
                raise HTTPException(TOO_LARGE, self._too_large)
            return message

        return receiving

    @property
    def _too_large(self) -> str:
        return f"at most {self._settings.most_body_bytes} bytes"


def _without(headers: Any) -> list[tuple[bytes, bytes]]:  # noqa: ANN401 - ASGI's own lists
    """Return the headers that are not set here; a route's own policy is kept."""
    return [pair for pair in headers if pair[0] not in {name for name, _ in HEADERS}]
