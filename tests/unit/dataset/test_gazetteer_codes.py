"""Five capitals that are no UN/LOCODE."""

from __future__ import annotations

import pytest

from landbridge.dataset.gazetteer_codes import GREAT, refuse_unknown_code
from landbridge.dataset.gazetteer_rank import ALTERNATE, OWN, Candidate, Cluster
from landbridge.domain.network import Place
from landbridge.errors import RequestError

CODES = {"DEHAM": [1], "DEHAJ": [2]}
PLACES = {
    0: Place(id="T0", name="Durham", country="US", lat=36.0, lon=-78.9, kind="town"),
    1: Place(id="P1", name="Hamburg", country="DE", lat=53.5, lon=9.9, kind="terminal"),
    2: Place(id="T2", name="Hannover", country="DE", lat=52.4, lon=9.7, kind="town"),
}


def refuse(text: str, *, tier: int = ALTERNATE, country: str = "US", weight: int = 280_000) -> None:
    lead = Candidate(
        place=0, kind="town", tier=tier, country=country, lat=36.0, lon=-78.9, weight=weight
    )
    cluster = Cluster(
        representative=lead, others=(), tier=tier, weight=weight, port_weight=0, has_town=True
    )
    refuse_unknown_code(
        text, [cluster], {"DE", "US"}, numbers_of=lambda code: CODES.get(code, []),
        place_of=PLACES.__getitem__, where="ORIGIN",
    )  # fmt: skip


def test_a_by_name_abroad_is_no_code() -> None:
    with pytest.raises(RequestError, match="no UN/LOCODE 'DEHAN'") as caught:
        refuse("DEHAN")
    assert caught.value.hint == (
        "did you mean DEHAM (Hamburg), DEHAJ (Hannover), or the town Durham, US?"
    )


def test_other_names_pass() -> None:
    refuse("Dehan")
    refuse("XXHAN")
    refuse("DEHANA")
    refuse("DEHAN", tier=OWN)
    refuse("DEHAN", country="DE")
    refuse("DEHAN", weight=GREAT)
