"""Read the default parameters.

The YAML files in `defaults/` are the source that people edit. `defaults.json` is the same content
in a form that loads in a few milliseconds; `write_twin()` rewrites it and a test proves the two
equal.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from landbridge.errors import ParameterError
from landbridge.parameters.tree import Parameter, Parameters

ROOM = Path(__file__).parent
FIELDS = ("low", "central", "high", "unit", "year", "evidence", "quality", "grade", "note")


def load_defaults() -> Parameters:
    """Return the parameters that ship with the package."""
    path = ROOM / "defaults.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ParameterError(
            f"cannot read the default parameters: {error}",
            where=path.name,
            hint="reinstall the package",
        ) from error
    return _parameters(content)


def read_yaml_defaults() -> Parameters:
    """Return the parameters read from `defaults/*.yaml` and `groups.yaml`, the slow way."""
    return _parameters(_yaml_content())


def write_twin() -> Path:
    """Write `defaults.json` from the YAML files and return its path."""
    path = ROOM / "defaults.json"
    aside = path.with_suffix(".json.part")
    text = json.dumps(_yaml_content(), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    aside.write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")
    aside.replace(path)
    return path


def _yaml_content() -> dict[str, Any]:
    import yaml  # type: ignore[import-untyped,unused-ignore]

    def read(path: Path) -> Any:  # noqa: ANN401 whatever the file holds
        return yaml.safe_load(path.read_text(encoding="utf-8"))

    rows: dict[str, dict[str, list[Any]]] = {}
    for path in sorted((ROOM / "defaults").glob("*.yaml")):
        for name, keys in read(path).items():
            if name in rows:
                raise ParameterError("the name stands in two files", where=f"{path.name}: {name}")
            rows[name] = {
                str(key): _row(values, where=f"{path.name}: {name}[{key}]")
                for key, values in keys.items()
            }
    groups = read(ROOM / "groups.yaml")
    return {
        "groups": {str(k): [str(v) for v in values] for k, values in groups.items()},
        "rows": rows,
    }


def _row(values: dict[str, Any], *, where: str) -> list[Any]:
    unknown = sorted(set(values) - set(FIELDS))
    missing = sorted(set(FIELDS) - {"note"} - set(values))
    if unknown or missing:
        raise ParameterError(f"unknown fields {unknown}, missing fields {missing}", where=where)
    return [
        float(values["low"]),
        float(values["central"]),
        float(values["high"]),
        str(values["unit"]),
        values["year"],
        [str(item) for item in values["evidence"]],
        str(values["quality"]),
        str(values["grade"]),
        str(values.get("note") or ""),
    ]


def _parameters(content: dict[str, Any]) -> Parameters:
    rows = [
        Parameter(
            name=name,
            key=key,
            low=low,
            central=central,
            high=high,
            unit=unit,
            year=year,
            evidence=tuple(evidence),
            quality=quality,
            grade=grade,
            note=note,
        )
        for name, keys in content["rows"].items()
        for key, (low, central, high, unit, year, evidence, quality, grade, note) in keys.items()
    ]
    return Parameters(rows, groups=content["groups"])
