"""Whatever is typed, the program answers or refuses in one line; it never breaks."""

from __future__ import annotations

import contextlib
import io
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes import world
from landbridge.cli import main

TEXT_OPTIONS = (
    "--unit", "--units", "--tonnes", "--value-usd", "--goods", "--depart", "--mode", "--via",
    "--avoid", "--scope", "--objective", "--corridor", "--dataset", "--format",
)  # fmt: skip
# -o is left out: it writes where it is told, and is tested with files of its own.

anything = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.sampled_from(
        ("", "-", "--", "-1", "nan", "1e400", "\0", "\x1b[2J", "a\nb", "٣", "🚢", "suez", "RU",
         "-33.9,151.2", "../..", "%s", "[bold]", "0x10", "1_0")
    ),
)  # fmt: skip
quick = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(autouse=True)
def made_up_world(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    world.install(monkeypatch)
    monkeypatch.setenv("COLUMNS", "80")
    return


class Terminal(io.StringIO):
    encoding = "utf-8"


def ran(arguments: list[str]) -> tuple[int, str, str]:
    out, err = Terminal(), Terminal()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    return status, out.getvalue(), err.getvalue()


def check(arguments: list[str]) -> None:
    status, out, err = ran(arguments)
    assert status in {0, 2}, err
    if status == 0:
        assert out
        assert err == ""
    else:
        assert out == ""
        assert err.count("\n") == 1
        assert err.endswith("\n")
        assert err[:-1].isprintable()
        assert "this is a bug" not in err


@quick
@given(option=st.sampled_from(TEXT_OPTIONS), value=anything)
def test_any_text_at_any_option(option: str, value: str) -> None:
    check(["compare", "Mumbai", "Moscow", option, value])


@quick
@given(
    command=st.sampled_from(("compare", "plan")),
    options=st.lists(st.tuples(st.sampled_from(TEXT_OPTIONS), anything), max_size=4),
)
def test_any_text_at_several_options(command: str, options: list[tuple[str, str]]) -> None:
    check([command, "Mumbai", "Moscow", *(word for pair in options for word in pair)])


@quick
@given(origin=anything, destination=anything)
def test_any_text_as_places(origin: str, destination: str) -> None:
    check(["compare", "--", origin, destination])


@quick
@given(words=st.lists(anything, max_size=5))
def test_any_words_after_a_listing(words: list[str]) -> None:
    status, _, err = ran(["parameters", *words])
    assert status in {0, 2}
    assert "Traceback" not in err
    assert err.count("\n") <= 1


def test_strings_of_the_operating_system_may_hold_undecodable_bytes() -> None:
    check(["compare", "\udcff\udcfe", "Moscow"])
    assert sys.stdout is not None


@quick
@given(
    name=st.one_of(st.text(max_size=40), st.just("x" * 300)).filter(lambda name: "/" not in name)
)
def test_any_file_name_is_written_whole_or_refused(
    name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("out")
    with contextlib.chdir(folder):
        status, out, err = ran(["compare", "Mumbai", "Moscow", "--format", "json", "-o", name])
    left = sorted(path.name for path in folder.iterdir())
    assert out == ""
    if status == 0:
        assert left == [name]
        assert (folder / name).read_text(encoding="utf-8").endswith("}\n")
    else:
        assert status == 2
        assert err.count("\n") == 1
        assert left == []
