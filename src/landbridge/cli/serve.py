"""`serve`: the REST service on one port of this machine."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import click

from landbridge.cli.options import dataset_option
from landbridge.cli.progress import Progress
from landbridge.errors import RequestError

SHORTEST_TOKEN = 16
BACKLOG = 256
GRACE_S = 20
"""How long running answers may take after the server is told to stop, s."""


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Address to listen on.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8766,
    show_default=True,
    metavar="N",
    help="Port; 0 takes a free one.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes that answer.",
)
@click.option(
    "--allow-remote",
    is_flag=True,
    help="Listen beyond this machine; wants a token in LANDBRIDGE_TOKEN.",
)
@dataset_option
def serve(host: str, port: int, workers: int, allow_remote: bool, dataset: str | None) -> None:
    """Answer over HTTP, for this machine only unless told otherwise."""  # fmt: skip
    token = os.environ.get("LANDBRIDGE_TOKEN", "")
    _checked(host, allow_remote=allow_remote, token=token)
    listening = _listening(host, port)
    with Progress() as progress, tempfile.TemporaryDirectory(prefix="landbridge-serve-") as folder:
        from landbridge.cli.journeys import load_case

        load_case(dataset, progress)  # whatever is wrong with it is said here, in one line
        progress("starting")
        os.environ["LANDBRIDGE_SERVE_DATASET"] = dataset or ""
        os.environ["LANDBRIDGE_SERVE_REMOTE"] = "1" if allow_remote else ""
        os.environ["LANDBRIDGE_SERVE_FOLDER"] = folder
        shown, taken = listening.getsockname()[:2]
        place = f"[{shown}]" if ":" in shown else shown
        os.environ["LANDBRIDGE_SERVE_ADDRESS"] = f"http://{place}:{taken}/"
        import uvicorn

        application_name = "landbridge.cli.serve:application"
        options: dict[str, Any] = {
            "factory": True, "log_level": "warning", "access_log": False, "server_header": False,
            "timeout_graceful_shutdown": GRACE_S, "timeout_keep_alive": 10,
            "limit_concurrency": 900, "h11_max_incomplete_event_size": 64 * 1024,
        }  # fmt: skip
        if workers == 1:
            for number in (signal.SIGINT, signal.SIGTERM):  # raised again once all is finished
                signal.signal(number, lambda *_: None)
            app = partial(application, quiet=partial(progress, ""))
            server = uvicorn.Server(uvicorn.Config(app, **options))
            server.run(sockets=[listening])
        else:
            uvicorn.run(application_name, workers=workers, fd=listening.fileno(), **options)


def application(quiet: Callable[[], None] | None = None) -> object:
    """Return the application as `serve` was asked to make it (in every process anew).

    `quiet` ends what is told of the start, before the address is.
    """
    from landbridge.api.app import create_app
    from landbridge.api.settings import Settings

    dataset = os.environ.get("LANDBRIDGE_SERVE_DATASET", "")
    settings = Settings(
        token=os.environ.get("LANDBRIDGE_TOKEN", ""),
        dataset=Path(dataset) if dataset else None,
        folder=Path(os.environ["LANDBRIDGE_SERVE_FOLDER"]),
    )
    is_remote = bool(os.environ.get("LANDBRIDGE_SERVE_REMOTE"))
    return create_app(settings, is_remote=is_remote, ready=partial(_said, quiet))


def _said(quiet: Callable[[], None] | None) -> None:
    """Say where the server answers, once: by the first of its processes that does."""
    if quiet is not None:
        quiet()
    try:
        Path(os.environ["LANDBRIDGE_SERVE_FOLDER"], "answers").touch(exist_ok=False)
    except FileExistsError:
        return
    address = os.environ["LANDBRIDGE_SERVE_ADDRESS"]
    click.echo(f"Landbridge answers at {address} (Ctrl-C ends it)", err=True)


def _checked(host: str, *, allow_remote: bool, token: str) -> None:
    """Refuse to listen beyond this machine without being told to, and without a token."""
    name = host.strip("[]")
    try:
        is_loopback = name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        raise RequestError(
            f"'{host}' is no address", where="--host", hint="write 127.0.0.1 or 0.0.0.0"
        ) from None
    if is_loopback:
        return
    if not allow_remote:
        raise RequestError(
            f"{host} can be reached from other machines", where="--host",
            hint="add --allow-remote and set LANDBRIDGE_TOKEN",
        )  # fmt: skip
    if len(token) < SHORTEST_TOKEN:
        raise RequestError(
            f"the token has {len(token)} characters: at least {SHORTEST_TOKEN}",
            where="LANDBRIDGE_TOKEN",
        )


def _listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens, or say in one line why there is none.

    Who asks before the processes are ready waits for them; nobody is refused.
    """
    name = "127.0.0.1" if host == "localhost" else host.strip("[]")
    family = socket.AF_INET6 if ":" in name else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # asyncio sets it on sockets that it makes itself; without, the rest of a body waits 40 ms
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listening.bind((name, port))
        listening.listen(BACKLOG)
    except OSError as error:
        listening.close()
        raise RequestError(
            f"cannot listen on {host}:{port}: {error.strerror}", where="--port",
            hint="choose another, or 0 for a free one",
        ) from None  # fmt: skip
    listening.set_inheritable(True)
    return listening
