from __future__ import annotations

import pytest

from landbridge.compliance.countries import checked_flag, country_names
from landbridge.errors import RequestError


@pytest.mark.parametrize(("flag", "code"), [("", ""), (" pa ", "PA"), ("LR", "LR"), ("mh", "MH")])
def test_flags_that_exist(flag: str, code: str) -> None:
    assert checked_flag(flag) == code


@pytest.mark.parametrize(
    ("flag", "hint"),
    [
        ("ZZ", "two letters, as PA or RU"),
        ("UK", "did you mean GB (United Kingdom)?"),
        ("Panama", "did you mean PA (Panama)?"),
        ("Librria", "did you mean LR (Liberia)?"),
        ("1!", "two letters, as PA or RU"),
    ],
)
def test_flags_that_do_not_exist(flag: str, hint: str) -> None:
    with pytest.raises(RequestError) as caught:
        checked_flag(flag)
    assert str(caught.value).startswith(f"--flag: '{flag}' is no country code")
    assert caught.value.hint == hint


def test_countries_are_those_of_iso() -> None:
    assert 240 < len(country_names()) < 260
    assert all(len(code) == 2 and code.isupper() for code in country_names())
