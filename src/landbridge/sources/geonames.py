"""GeoNames towns and countries: bytes in, rows out (CC BY 4.0, credit GeoNames)."""

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
