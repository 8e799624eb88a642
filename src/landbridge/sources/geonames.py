"""GeoNames towns, regions and countries: bytes in, rows out (CC BY 4.0, credit GeoNames)."""

from __future__ import annotations

import io
from dataclasses import dataclass

from landbridge.errors import SourceError
from landbridge.sources.unlocode import read_table

_TOWN_COLUMNS = (
    "geonameid",
    "name",
    "alternatenames",
    "lat",
    "lon",
    "countrycode",
    "admin1code",
    "population",
)

_NO_REGION = "00"
"""GeoNames' code for a place whose division is not known, or that lies in none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A populated place; `alternates` are its names in all scripts, without language tags."""

    geonameid: int
    name: str
    alternates: tuple[str, ...]
    country: str
    admin1: str
    lat: float
    lon: float
    population: int

    @property
    def region(self) -> str:
        """Return the code of its first-order division (`CN.04`), or '' if it has none."""
        return f"{self.country}.{self.admin1}" if self.admin1 not in ("", _NO_REGION) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country or territory of ISO 3166."""

    iso2: str
    iso3: str
    name: str
    population: int


def read_towns(data: bytes, *, where: str = "cities5000.parquet") -> list[Town]:
    """Return the towns, sorted by country and GeoNames id.

    Raises
    ------
    SourceError
        The bytes are no Parquet file with the expected columns.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(io.BytesIO(data), columns=list(_TOWN_COLUMNS))
    except (pa.ArrowException, KeyError) as error:
        raise SourceError(f"no readable Parquet table: {error}", where=where) from error
    missing = [c for c in _TOWN_COLUMNS if c not in table.column_names]
    if missing:
        raise SourceError(f"column missing: {', '.join(missing)}", where=where)
    columns = [table.column(name).to_pylist() for name in _TOWN_COLUMNS]
    towns = [
        Town(
            geonameid=int(geonameid),
            name=name,
            alternates=tuple(a for a in (alternates or "").split("|") if a),
            country=country or "",
            admin1=admin1 or "",
            lat=float(lat),
            lon=float(lon),
            population=int(population or 0),
        )
        for geonameid, name, alternates, lat, lon, country, admin1, population in zip(
            *columns, strict=True
        )
    ]
    return sorted(towns, key=lambda town: (town.country, town.geonameid))


def read_countries(data: bytes, *, where: str = "countries.csv.gz") -> list[Country]:
    """Return the countries, sorted by alpha-2 code."""
    rows = read_table(data, columns=("iso", "iso3", "name", "population"), where=where)
    countries = [
        Country(
            iso2=row["iso"],
            iso3=row["iso3"],
            name=row["name"],
            population=int(float(row["population"] or 0)),
        )
        for row in rows
    ]
    return sorted(countries, key=lambda country: country.iso2)


def read_regions(data: bytes, *, where: str = "regions.csv.gz") -> dict[str, str]:
    """Return the names of first-order divisions by code: `CN.04` -> `Jiangsu`.

    Raises
    ------
    SourceError
        The bytes are no table with the expected columns, or a code occurs twice or is no code.
    """
    regions: dict[str, str] = {}
    for line, row in enumerate(read_table(data, columns=("code", "name"), where=where), start=2):
        code, name = row["code"].strip(), " ".join(row["name"].split())
        country, _, division = code.partition(".")
        if len(country) != 2 or not division or code in regions:
            raise SourceError(f"region code {code!r} is wrong or repeated", where=f"{where}:{line}")
        regions[code] = name
    return regions
