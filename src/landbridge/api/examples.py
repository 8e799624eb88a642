"""What answers look like, for the OpenAPI document: real ones, cut to the first of each list.

`examples.json` holds them; their figures are those of the day they were taken, and a test holds
their form to what is answered now.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

FILE = "examples.json"


@cache
def examples() -> dict[str, Any]:
    """Return an answer per route, by the last word of its path."""
    text = files("landbridge.api").joinpath(FILE).read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def shown(name: str, description: str = "The answer.") -> dict[int | str, dict[str, Any]]:
    """Return the description of a route's answer, with its example."""
    content = {"application/json": {"example": examples()[name]}}
    return {200: {"description": description, "content": content}}
