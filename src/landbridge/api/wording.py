"""What is wrong with the form of a question, in the words of the command line."""

from __future__ import annotations

import re
from typing import Any

from landbridge.report.nearest import nearest

SHOWN = 64
"""So many characters of what was sent are said back."""
NEEDED = {
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "float_parsing": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "string_type": "must be text",
    "list_type": "must be a list",
    "missing": "is missing",
    "extra_forbidden": "there is no such field",
    "string_too_short": "must not be empty",
    "string_too_long": "must have at most {max_length} characters",
    "too_short": "must not be empty",
    "too_long": "must have at most {max_length} items",
    "greater_than": "must be more than {gt:g}",
    "greater_than_equal": "must be at least {ge:g}",
    "less_than": "must be less than {lt:g}",
    "less_than_equal": "must be at most {le:g}",
}
"""What each kind of fault is called, with the bound that was broken."""
DATES = re.compile(r"date_|value_error")
BODIES = ("dict_type", "model_type", "model_attributes_type")


def said(item: Any) -> tuple[str, str, str]:  # noqa: ANN401 - pydantic's own dictionaries
    """Return the field at fault, what is wrong, and what would be right."""
    kind, bounds, given = str(item["type"]), item.get("ctx", {}), item.get("input")
    where = ".".join(str(part) for part in item["loc"] if part not in ("body", "query", "path"))
    shown = f"'{str(given)[:SHOWN]}'"
    if kind == "json_invalid":
        why = str(bounds.get("error", "")).lower()
        return "", f"the body is no JSON: {why} at character {where}", ""
    if not where and kind in BODIES:
        return "", "the body is no JSON object", "send it with Content-Type: application/json"
    if not where and kind == "missing":
        return "", "there is no body", "send a JSON object, as application/json"
    if kind in BODIES:
        return where, "must be an object", ""
    if DATES.match(kind):
        return where, f"{shown} is not a date", "write YYYY-MM-DD"
    if kind == "literal_error":
        known = re.findall(r"'([^']*)'", str(bounds.get("expected", "")))
        return where, f"{shown} is none of {', '.join(known)}", nearest(str(given), known)
    if kind in NEEDED:
        return where, NEEDED[kind].format(**bounds), ""
    return where, str(item["msg"]), ""


def in_fields(text: str) -> str:
    """Return a text of the command line with options called as fields are."""
    return re.sub(r"--(pareto|alternatives|epsilon)\b", r"'\1'", text)
