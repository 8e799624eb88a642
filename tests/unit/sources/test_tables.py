from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from landbridge.errors import SourceError
from landbridge.sources.tables import read_csv


def test_rows_are_stripped_and_keep_their_script(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text('id,name\n B1 ,"Astara, آستارا"\nB2,\n', encoding="utf-8")
    assert read_csv(path) == [{"id": "B1", "name": "Astara, آستارا"}, {"id": "B2", "name": ""}]


def test_a_gzip_table_reads_alike(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"id\nB1\n"))
    assert read_csv(path) == [{"id": "B1"}]


@pytest.mark.parametrize("row", ["B1", "B1,x,y"])
def test_a_row_of_another_width_names_its_line(tmp_path: Path, row: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"id,name\nB0,a\n{row}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"t\.csv:3"):
        read_csv(path)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("t.csv", b"id\n\xff\xfe\n"), ("t.csv.gz", b"no gzip"),
        ("t.csv.gz", gzip.compress(b"id")[:-4]),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_its_name(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(SourceError, match=r"t\.csv"):
        read_csv(path)


def test_a_missing_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"none\.csv"):
        read_csv(tmp_path / "none.csv")
