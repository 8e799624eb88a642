"""The `landbridge` program: its group of commands, and what each failure exits with."""

from __future__ import annotations

import gc
import os
import re
import sys
from collections.abc import Callable, Sequence

import click

from landbridge import __version__
from landbridge.cli.grid import matrix
from landbridge.cli.journeys import compare, plan
from landbridge.cli.lawful import lists, screen
from landbridge.cli.listings import corridors, events, parameters, passages, places, sources
from landbridge.cli.serve import serve
from landbridge.cli.upkeep import data, validate, warmup
from landbridge.cli.whatif import scenario
from landbridge.errors import (
    DatasetError,
    InvariantError,
    LandbridgeError,
    ListError,
    OverlayError,
    ParameterError,
    ScenarioError,
)

OUR_FAULT, ASKED_WRONG, INTERRUPTED = 1, 2, 130
COORDINATE = re.compile(r"-\d+(\.\d*)?\s*,")


@click.group(
    context_settings={"help_option_names": ["--help"], "max_content_width": 100},
    no_args_is_help=True,
)
@click.version_option(version=__version__, prog_name="landbridge", message="%(prog)s %(version)s")
def landbridge() -> None:
    """Compare freight corridors, door to door.

    \b
    landbridge compare Mumbai Moscow
    landbridge plan "Nhava Sheva" "Saint Petersburg" --corridor instc-west
    landbridge places Astara

    Works offline, from the dataset that comes with it. Warns of sanctions and war-risk areas; it
    is a screen, not legal advice.
    """  # noqa: D301 - click reads the backspace as "do not wrap"


for command in (
    compare, plan, places, corridors, passages, parameters, events, sources, validate, data, warmup,
    screen, lists, serve, matrix, scenario,
):  # fmt: skip
    landbridge.add_command(command)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status.

    0 answered; 1 our fault; 2 the question is malformed, ambiguous or cannot be written where
    asked; 3 `data check` or `validate` found problems; 130 interrupted.
    """
    if argv is None:
        # one short-lived process: cycles are few, and walking a million live objects costs a third
        gc.disable()
    arguments = [_shielded(text) for text in (sys.argv[1:] if argv is None else argv)]

    def run() -> int:
        status = landbridge.main(args=arguments, prog_name="landbridge", standalone_mode=False)
        return status if isinstance(status, int) else 0

    return guarded(run)


def guarded(run: Callable[[], int]) -> int:
    """Run a command and return its exit status; each failure is one line on stderr."""
    try:
        return run()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return ASKED_WRONG
    except click.ClickException as error:
        return _say(error.format_message(), status=ASKED_WRONG)
    except (KeyboardInterrupt, click.Abort):
        return _say("interrupted", status=INTERRUPTED)
    except (ListError, OverlayError, ScenarioError) as error:
        for line in (str(error), *error.problems):
            _say(line, status=ASKED_WRONG)
        return ASKED_WRONG
    except (InvariantError, ParameterError) as error:
        return _our_fault(error)
    except DatasetError as error:
        others = len(error.problems) - 1
        more = f"; and {others} more" if others > 0 else ""
        return _say(f"{error}{more}", status=ASKED_WRONG)
    except LandbridgeError as error:
        return _say(str(error), status=ASKED_WRONG)
    except BrokenPipeError:
        _drop_stdout()
        return 0
    except OSError as error:
        return _say(f"{error.filename or 'file'}: {error.strerror or error}", status=ASKED_WRONG)
    except Exception as error:  # noqa: BLE001 - the last line of defence: one line, not a trace
        return _our_fault(error)


def _our_fault(error: BaseException) -> int:
    if os.environ.get("LANDBRIDGE_DEBUG"):
        import traceback

        traceback.print_exception(error)
    return _say(
        f"{type(error).__name__}: {error} - this is a bug: please report it to the project's "
        "issue tracker, with the trace that LANDBRIDGE_DEBUG=1 prints",
        status=OUR_FAULT,
    )


def _say(message: str, *, status: int) -> int:
    line = " ".join(message.split())
    line = "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in line
    )
    try:
        encoding = getattr(sys.stderr, "encoding", None) or "utf-8"
        line = line.encode(encoding, "backslashreplace").decode(encoding)
        sys.stderr.write(f"landbridge: {line}\n")
        sys.stderr.flush()
    except OSError:
        # nobody listens; the exit status still tells
        return status
    return status


def _shielded(argument: str) -> str:
    """Return an argument such that `-33.9,151.2` is not taken for an option."""
    return f" {argument}" if COORDINATE.match(argument) else argument


def _drop_stdout() -> None:
    """Point stdout nowhere, so that closing it at exit does not complain again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
