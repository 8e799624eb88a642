"""What the gazetteer itself tells of a town's population: how widely known it is, and how near."""

from __future__ import annotations

import math
from dataclasses import replace

from landbridge.dataset.gazetteer_files import GazetteerFiles
from landbridge.dataset.gazetteer_keys import script
from landbridge.dataset.gazetteer_rank import Candidate, is_little_known

_DISTRICT_KM = 60.0
_DISTRICT_TIMES = 5
_KM_PER_DEG = 111.2


def with_evidence(
    files: GazetteerFiles, town: Candidate, *, division: str, n_specials: int
) -> Candidate:
    """Return a town with its number of scripts, and whether it is a district where that matters."""
    n_scripts = scripts(files, town.place)
    within = is_little_known(n_scripts, town.weight) and is_district(
        files, town.place, division=division, n_specials=n_specials
    )
    return replace(town, scripts=n_scripts, is_district=within)


def scripts(files: GazetteerFiles, number: int) -> int:
    """Return in how many writing systems the sources name place `number`."""
    first = int(files.array("index_key_first")[number])
    count = int(files.array("n_own")[number]) + int(files.array("n_alternate")[number])
    keys = (files.line("keys", "index_key_start", first + i) for i in range(count))
    return len({script(text) for text in keys} - {""})


def is_district(files: GazetteerFiles, number: int, *, division: str, n_specials: int) -> bool:
    """Return whether a town lies within 60 km of one five times greater of its own division.

    Parameters
    ----------
    division
        The array that says what divides the country: `region`, or `country` without regions.
    n_specials
        How many places stand before the towns.
    """
    import numpy as np

    weight, divisions = files.array("weight"), files.array(division)
    least = _DISTRICT_TIMES * int(weight[number])
    greater = np.flatnonzero((weight >= least) & (divisions == divisions[number]))
    lat, lon = files.array("town_lat_e3"), files.array("town_lon_e3")
    own_lat, own_lon = (int(axis[number - n_specials]) / 1e3 for axis in (lat, lon))
    for row in (greater[greater >= n_specials] - n_specials).tolist():
        north_deg = int(lat[row]) / 1e3 - own_lat
        turn = (int(lon[row]) / 1e3 - own_lon + 180.0) % 360.0 - 180.0
        east_deg = turn * math.cos(math.radians(own_lat))
        if math.hypot(north_deg, east_deg) * _KM_PER_DEG < _DISTRICT_KM:
            return True
    return False
