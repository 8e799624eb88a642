from __future__ import annotations

import os
import random
from datetime import date
from pathlib import Path

import pytest

from landbridge.compliance.journey import Journey
from landbridge.compliance.lists.entry import day_of, imo_numbers, is_imo
from landbridge.compliance.lists.importer import import_list
from landbridge.compliance.lists.kept import KeptList
from landbridge.compliance.lists.match import Lists
from landbridge.compliance.lists.names import party_score, similarity, sounds, words
from landbridge.compliance.rulebook import load_rulebook
from landbridge.compliance.screener import Screener
from landbridge.errors import DatasetError, RequestError, SourceError

SAMPLES = Path(__file__).parents[2] / "data" / "compliance" / "lists"
TODAY = date(2026, 10, 20)
IMO = "9074729"


def lists_of(folder: Path, *names: str) -> Lists:
    for name in names:
        import_list(SAMPLES / name, folder, TODAY)
    opened = Lists.open(folder)
    assert opened is not None
    return opened


@pytest.mark.parametrize(
    ("name", "key", "jurisdiction", "dated", "entries", "ship"),
    [
        ("sdn.csv", "ofac-sdn", "us", None, 3, "103"),
        ("sdn.xml", "ofac-sdn", "us", date(2026, 8, 7), 2, "103"),
        ("sdn_advanced.xml", "ofac-sdn", "us", None, 2, "103"),
        ("eu.csv", "eu-fsf", "eu", date(2026, 8, 5), 2, ""),
        ("eu.xml", "eu-fsf", "eu", date(2026, 8, 5), 2, ""),
        ("uk.csv", "uk", "uk", date(2026, 10, 8), 2, "SYN0002"),
        ("uk.xml", "uk", "uk", date(2026, 10, 8), 2, "SYN0002"),
        ("un.xml", "un", "un", date(2026, 9, 30), 2, "SYe.002"),
        ("targets.simple.csv", "opensanctions", "", None, 4, "syn-3"),
        ("entities.ftm.json", "opensanctions", "", None, 2, "syn-3"),
        ("eu_journal.csv", "eu-journal", "eu", None, 2, "SYN-1"),
    ],
)
def test_each_format_is_read(
    tmp_path: Path, name: str, key: str, jurisdiction: str, dated: date | None, entries: int,
    ship: str,
) -> None:  # fmt: skip
    facts = import_list(SAMPLES / name, tmp_path, TODAY)
    assert (facts.key, facts.jurisdiction, facts.entries) == (key, jurisdiction, entries)
    assert (facts.dated, facts.is_own_date) == (dated or TODAY, dated is not None)
    assert len(facts.digest) == 32
    opened = Lists.open(tmp_path)
    assert opened is not None
    assert [match.listed.id for match in opened.vessels(f"IMO {IMO}")] == ([ship] if ship else [])
    lines = opened.parties("ZZ Synthetic Maritime Lines")
    has_lines = name not in {"eu_journal.csv", "uk.xml"}
    assert [match.score for match in lines] == ([100.0] if has_lines else [])


def test_names_of_all_rows_and_files_meet(tmp_path: Path) -> None:
    opened = lists_of(tmp_path, "sdn.csv", "eu.csv", "uk.csv", "un.xml")
    keys = [facts.key for facts in opened.kept]
    assert keys == ["eu-fsf", "ofac-sdn", "uk", "un"]
    alias = {match.facts.key: match.listed for match in opened.parties("ZZSML")}
    assert set(alias) == {"ofac-sdn", "uk", "un"}
    assert alias["ofac-sdn"].programme == "SYNTH-IRAN; SYNTH-NPWMD"
    assert alias["uk"].since == "2024-11-18"
    cyrillic = {m.facts.key for m in opened.parties("Синтетические морские линии")}
    assert cyrillic == {"eu-fsf", "uk"}
    person = {m.facts.key: m.listed for m in opened.parties("Павел Синтетиков")}
    assert set(person) == {"eu-fsf", "ofac-sdn", "un"}
    assert person["ofac-sdn"].kind == "individual"
    assert opened.vessels("Ghost Lantern")[0].listed.kind == "vessel"
    assert opened.vessels("Павел Синтетиков") == [], "no person is a ship"


def test_a_new_edition_takes_the_place_of_the_old(tmp_path: Path) -> None:
    old = import_list(SAMPLES / "sdn.csv", tmp_path, TODAY)
    new = import_list(SAMPLES / "sdn.xml", tmp_path, TODAY)
    opened = Lists.open(tmp_path)
    assert opened is not None
    assert [facts.digest for facts in opened.kept] == [new.digest]
    assert old.digest != new.digest
    assert [path.name for path in tmp_path.iterdir()] == ["ofac-sdn.list"]


@pytest.mark.parametrize("name", ["Choïgou", "Shoygu", "Shoigu", "Шойгу", "Schoigu", "SHOĬGU"])
def test_one_name_in_five_spellings_meets(tmp_path: Path, name: str) -> None:
    opened = lists_of(tmp_path, "targets.simple.csv")
    assert [match.listed.id for match in opened.parties(name)] == ["syn-2"]
    assert similarity(name, "Шойгу") == 100.0


@pytest.mark.parametrize(
    "name",
    ["Maersk", "Hapag-Lloyd", "COSCO Shipping Lines", "Ocean Network Express", "", "ООО", "12"],
)
def test_innocent_names_meet_nobody(tmp_path: Path, name: str) -> None:
    opened = lists_of(tmp_path, "sdn.csv", "eu.xml", "uk.xml", "un.xml", "targets.simple.csv")
    assert opened.parties(name) == []


def test_words_lose_legal_forms_and_marks() -> None:
    assert words("ООО «Ромашка-Логистик»") == ("romashka", "logistik")
    assert words("Kompania L.L.C.") == words("Kompania L L C")
    assert words("LLC") == ("llc",)
    assert sounds("Hafiz Darya Shipping") == sounds("HAFIZ DARYA SHIPPING CO. LTD.")


def test_scores_keep_their_order() -> None:
    entry = sounds("Sergei Kuzhugetovich SHOIGU")
    assert party_score(sounds("Sergey Shoygu"), entry) > party_score(sounds("Sergei Ivanov"), entry)
    assert party_score(entry, entry) == 100.0
    assert party_score((), entry) == 0.0
    a, b = "Novorossiysk", "Новороссийск"
    assert similarity(a, b) == similarity(b, a)


@pytest.mark.parametrize(
    ("number", "is_one"),
    [(IMO, True), ("9074728", False), ("907472", False), ("90747299", False), ("٩٠٧٤٧٢٩", False)],
)
def test_imo_numbers_are_told_by_their_check_digit(number: str, *, is_one: bool) -> None:
    assert is_imo(number) is is_one


def test_numbers_and_dates_in_texts() -> None:
    assert imo_numbers(f"Vessel Registration Identification IMO {IMO}; MMSI 123456789") == (IMO,)
    assert day_of("05/08/2026") == day_of("2026-08-05T10:00") == day_of("05-Aug-2026")
    assert day_of("25.2.2025") == date(2025, 2, 25)
    assert day_of("31/02/2026") is None
    assert day_of("soon") is None


# ---- screening -------------------------------------------------------------------------------


def way(**stated: str) -> Journey:
    vessel = stated.pop("vessel", "")
    return Journey(
        id="j", origin="IN", destination="CL", countries=frozenset({"IN", "CL"}),
        terminals=frozenset({"T1"}), names={"T1": stated.pop("terminal", "Valparaíso")},
        passages=frozenset(), modes=frozenset({"sea"}), goods="general", depart=TODAY,
        stated={key: frozenset({value}) for key, value in stated.items()},
        vessels=(vessel,) if vessel else (),
    )  # fmt: skip


def test_matches_become_flags_and_verdicts(tmp_path: Path) -> None:
    lists_of(tmp_path, "sdn.csv")
    screener = Screener(load_rulebook(), tmp_path)
    assert screener.screening(way(), ["us"], TODAY).status == "open"
    by_number = screener.screening(way(vessel=f"Other Name, IMO {IMO}"), ["us"], TODAY)
    assert by_number.status == "prohibited"
    flag = next(flag for flag in by_number.flags if flag.measure == "list:ofac-sdn:103")
    assert "has the IMO number of 'ZZ OCEAN PHANTOM'" in flag.text
    assert screener.screening(way(operator="ZZ Synthetic Maritime Lines"), ["us"]).status == (
        "prohibited"
    )
    secondary = screener.screening(way(operator="ZZSML"), ["us_secondary"])
    assert secondary.verdict == "restricted"
    like = screener.screening(way(operator="ZZ Synthetik Maritim Line"), ["us"])
    assert (like.verdict, like.status) == ("warning", "open")
    elsewhere = screener.screening(way(operator="ZZSML"), ["jp"])
    assert elsewhere.status == "open", "another's list warns"
    unasked = screener.screening(way(operator="ZZSML"), [])
    assert (unasked.verdict, unasked.status) == ("warning", "open")


def test_terminals_are_warned_of_only_as_ports(tmp_path: Path) -> None:
    lists_of(tmp_path, "targets.simple.csv")
    screener = Screener(load_rulebook(), tmp_path)
    port = screener.screening(way(terminal="Synthetikabad port"), ["us"])
    assert [flag.subject for flag in port.flags if flag.severity == "warning"] == [
        "Synthetikabad port"
    ]
    assert port.status == "open"
    town = screener.screening(way(terminal="Synthetic"), ["us"])
    assert [flag for flag in town.flags if flag.severity != "none"] == []


@pytest.mark.parametrize(
    ("day", "is_old"), [(date(2026, 11, 7), False), (date(2026, 11, 8), True), (None, False)]
)
def test_an_old_list_says_so_on_every_result(
    tmp_path: Path, day: date | None, *, is_old: bool
) -> None:
    lists_of(tmp_path, "uk.csv")  # of 2026-10-08
    screener = Screener(load_rulebook(), tmp_path)
    flags = screener.screening(way(), [], day).flags
    (edition,) = [flag for flag in flags if flag.measure == "list:uk"]
    assert ("over 30 days old" in edition.text) is is_old
    assert "2026-10-08" in edition.text
    assert edition.severity == "none"


def test_lists_are_in_the_digest(tmp_path: Path) -> None:
    book = load_rulebook()
    assert Screener(book, tmp_path / "none").digest == book.digest
    lists_of(tmp_path, "uk.csv")
    assert Screener(book, tmp_path).digest != book.digest


# ---- bad files -------------------------------------------------------------------------------

BOMB = """<?xml version="1.0"?><!DOCTYPE sdnList [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>
<sdnList><sdnEntry><uid>1</uid><lastName>&b;</lastName></sdnEntry></sdnList>"""
FOREIGN = """<?xml version="1.0"?><!DOCTYPE export SYSTEM "file:///etc/passwd">
<export><sanctionEntity logicalId="1"><nameAlias wholeName="X"/></sanctionEntity></export>"""
DEEP = "<sdnList><sdnEntry>" + "<a>" * 100 + "</a>" * 100 + "</sdnEntry></sdnList>"
LARGE = "<sdnList><sdnEntry><uid>" + "9" * 8_100_000 + "</uid></sdnEntry></sdnList>"
CUT = "<sdnList><sdnEntry><uid>1</uid><lastName>A firm</lastName></sdnEntry><sdnEntry>"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BOMB, "document type"),
        (FOREIGN, "document type"),
        (DEEP, "deeper"),
        (LARGE, "larger"),
        (CUT, "no well-formed XML"),
        ("<html><body>Not found</body></html>", "root 'html'"),
        ("<", "no well-formed XML|no element"),
        ("", "empty"),
        ("a,b,c\n1,2,3\n", "no list known"),
        ("1,A,B\n", "no list known"),
        ("PK\x03\x04rest", "ZIP"),
        ('{"id": 1}\n', "line 1"),
        ("sdn", "no list known"),
        ('101,"A","B","C",-0-,-0-,-0-,-0-,-0-,-0-,-0-,-0-\n102,"A"\n', "line 2: 2 columns"),
        ("<sdnList></sdnList>", "no entry"),
        ("id,schema,name,aliases\n" + 'x,Person,"' + "n" * 4_100_000 + '",\n', "field larger"),
    ],
)
def test_what_is_no_list_is_refused_in_one_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "list.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=says) as caught:
        import_list(path, tmp_path / "lists", TODAY)
    assert "list.txt" in str(caught.value)
    assert Lists.open(tmp_path / "lists") is None, "nothing is kept"


def test_a_failed_import_leaves_the_earlier_one(tmp_path: Path) -> None:
    kept = import_list(SAMPLES / "sdn.xml", tmp_path, TODAY)
    broken = tmp_path / "broken.xml"
    broken.write_text(CUT, encoding="utf-8")
    with pytest.raises(SourceError):
        import_list(broken, tmp_path, TODAY)
    opened = Lists.open(tmp_path)
    assert opened is not None
    assert opened.kept == (kept,)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broken.xml", "ofac-sdn.list"]


def test_no_file_and_a_damaged_list_are_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="no file"):
        import_list(tmp_path / "none.csv", tmp_path, TODAY)
    import_list(SAMPLES / "uk.csv", tmp_path, TODAY)
    path = tmp_path / "uk.list"
    os.truncate(path, path.stat().st_size - 8)
    with pytest.raises(DatasetError, match=r"damaged.*import its file again"):
        KeptList(path)
    path.write_bytes(b"landbridge/list/1\n" + b"\xff" * 40)
    with pytest.raises(DatasetError, match="damaged"):
        Lists.open(tmp_path)


def test_one_damaged_byte_spoils_no_list_in_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "uk.csv"
    path.write_bytes((SAMPLES / "uk.csv").read_bytes() + b"\xff\n")
    with pytest.raises(SourceError, match="UTF-8"):
        import_list(path, tmp_path / "lists", TODAY)


def test_windows_1252_is_read_where_utf_8_fails(tmp_path: Path) -> None:
    path = tmp_path / "sdn.csv"
    row = '1,"SOCIÉTÉ SYNTHÉTIQUE",-0- ,"[X]",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n'
    path.write_bytes(row.encode("cp1252"))
    import_list(path, tmp_path, TODAY)
    opened = Lists.open(tmp_path)
    assert opened is not None
    assert opened.parties("Societe Synthetique")[0].listed.name == "SOCIÉTÉ SYNTHÉTIQUE"


def test_altered_lists_are_read_or_refused_but_never_a_fault(tmp_path: Path) -> None:
    draw = random.Random(1)  # noqa: S311 - a draw of damages
    files = sorted(path for path in SAMPLES.iterdir() if path.suffix != ".md")
    pieces = [b'"', b"<", b"\0", b"\xff", b";", b",", b"\n", b"&#0;", b"<!DOCTYPE a>", b"{"]
    told = refused = 0
    for _ in range(300):
        source = draw.choice(files)
        data = bytearray(source.read_bytes())
        for _ in range(draw.randint(1, 5)):
            at = draw.randrange(len(data) + 1)
            if draw.random() < 0.5:
                data[at:at] = draw.choice(pieces)
            else:
                del data[at : at + draw.randint(1, 40)]
        path = tmp_path / source.name
        path.write_bytes(bytes(data))
        try:
            import_list(path, tmp_path / "kept", TODAY)
        except SourceError as error:
            told += source.name in str(error)
            refused += 1
    assert 0 < refused < 300
    assert told == refused, "each refusal names the file"
