from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from landbridge.compliance.lists import evidence as weighing
from landbridge.compliance.lists.evidence import (
    ALIKE,
    LEFT_OUT,
    are_comparable,
    evidence,
    readings_of,
    score_of,
)  # fmt: skip
from landbridge.compliance.lists.importer import import_list
from landbridge.compliance.lists.match import LIKE, Lists
from landbridge.compliance.lists.names import party_score, sounds
from landbridge.compliance.lists.signs import family_of, script_of, signs_of, written

HEADER = [
    "id", "schema", "name", "aliases", "birth_date", "countries", "addresses", "identifiers",
    "sanctions", "phones", "emails", "program_ids", "dataset", "first_seen", "last_seen",
    "last_change",
]  # fmt: skip
ONE_NAME = [
    ("Choïgou", "Шойгу"), ("Shoygu", "شويغو"), ("Moskva", "莫斯科"), ("Sakamoto", "坂元"),
    ("名古屋", "Нагоя"), ("Bandar Abbas", "بندرعباس"), ("Brás de Alportel", "聖布拉什迪阿爾波特爾"),
    ("Seoul", "서울"), ("Thessaloniki", "Θεσσαλονίκη"), ("Tbilisi", "თბილისი"),
    ("Haifa", "חיפה"), ("Chiang Mai", "เชียงใหม่"), ("Mumbai", "मुंबई"), ("Astana", "アスタナ"),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b"), ONE_NAME)
def test_spellings_of_one_name_meet_either_way(a: str, b: str) -> None:
    assert evidence(a, b) > ALIKE
    assert evidence(b, a) == pytest.approx(evidence(a, b))


def test_strangers_do_not_meet() -> None:
    pairs = ONE_NAME[1:]  # the first two are of one man
    met = [
        (name, other)
        for k, (name, _) in enumerate(pairs)
        for j, (_, other) in enumerate(pairs)
        if j != k and are_comparable(name, other) and evidence(name, other) > ALIKE
    ]
    assert len(met) <= 2, "of some 150 pairs of strangers"


def test_longer_agreement_weighs_more() -> None:
    assert evidence("Novorossiysk", "Новороссийск") > evidence("Novo", "Ново") > ALIKE


def test_a_word_that_the_other_lacks_costs_little() -> None:
    alone, with_city = evidence("Naxos", "Νάξος"), evidence("Naxos City", "Νάξος")
    assert alone + LEFT_OUT - 1e-9 <= with_city < alone


def test_characters_are_heard_as_they_are_read_abroad() -> None:
    assert {signs for signs, _ in readings_of("坂")} >= {"saka", "zaka"}
    assert dict(readings_of("斯"))["s"] > 1.0
    assert readings_of("x") == ()
    said = {signs for signs, _ in readings_of("市")}
    assert "" in said, "the word for a town is often not said"


@pytest.mark.parametrize(
    ("name", "script", "family", "signs"),
    [
        ("Shchyolkovo", "LATIN", "LATIN", "Syolkovo"),
        ("Щёлково", "CYRILLIC", "CYRILLIC", "Selkovo"),
        ("なごや", "HIRAGANA", "KANA", "nagoya"),
        ("", "", "OTHER", ""),
        ("12", "", "OTHER", "12"),
        ("北京", "CJK", "CJK", "beijing"),
    ],
)
def test_names_become_signs(name: str, script: str, family: str, signs: str) -> None:
    assert (script_of(name), family_of(name)) == (script, family)
    assert written(name).signs == signs
    assert "".join(written(name).signs[a:b] for a, b, _ in written(name).units) == signs


def test_signs_are_single() -> None:
    assert signs_of("tchaikovsky") == "Caikovsky"
    assert signs_of("annapolis") == "anapolis"


def test_nothing_tells_nothing() -> None:
    assert evidence("", "Москва") == evidence("!", "Москва") == 0.0
    assert not are_comparable("Moskva", "Moscow")
    assert not are_comparable("", "Москва")
    assert are_comparable("Moskva", "Москва")


def test_scores_rise_with_evidence() -> None:
    assert score_of(ALIKE) == 60.0
    assert score_of(weighing.SURE) == LIKE
    assert 0.0 == score_of(-90.0) < score_of(5.0) < score_of(200.0) == 99.0


def test_pairs_of_families_without_weights_still_compare() -> None:
    assert evidence("मुंबई", "মুম্বই") > ALIKE


def test_a_listed_name_is_found_from_another_script(tmp_path: Path) -> None:
    assert party_score(sounds("Worcestershire Marine"), sounds("Вустершир Марин")) < LIKE
    rows = [HEADER, ["syn-9", "Company", "Вустершир Марин", *[""] * 13]]
    source = tmp_path / "targets.simple.csv"
    source.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    import_list(source, tmp_path, date(2026, 10, 20))
    opened = Lists.open(tmp_path)
    assert opened is not None
    (match,) = opened.parties("Worcestershire Marine")
    assert match.listed.id == "syn-9"
    assert LIKE <= match.score < 100.0
    assert opened.parties("Maersk") == []
