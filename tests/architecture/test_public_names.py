from __future__ import annotations

import landbridge


def test_public_names_are_sorted_and_true() -> None:
    assert landbridge.__all__ == sorted(landbridge.__all__)
    for name in landbridge.__all__:
        assert getattr(landbridge, name) is not None
    lazily_held = set(landbridge._HOMES) | {"__version__"}
    assert lazily_held == set(landbridge.__all__)


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(landbridge, "no_such_name")


def test_the_newcomers_functions_have_no_hidden_parameters() -> None:
    import inspect

    for function in (landbridge.plan, landbridge.compare):
        kinds = {p.kind for p in inspect.signature(function).parameters.values()}
        assert inspect.Parameter.VAR_KEYWORD not in kinds
        assert inspect.Parameter.VAR_POSITIONAL not in kinds
