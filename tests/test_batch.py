"""`retold batch`: the fixed format, and what bad lines get."""

import json
from pathlib import Path

import pytest

from retold import batch
from retold.cli import main
from retold.encode import encoder
from retold.records import RetoldError

PAIR = {
    "id": "a",
    "language": "nl",
    "original": ["The minister resigned on Monday.", "Three people were hurt in the fire.", "It rained in Paris."],
    "version": ["Drie mensen raakten gewond bij de brand.", "De minister trad maandag af.", "De beurs sloot hoger."],
}


def write(path: Path, *rows: object) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_lines_come_out_in_the_fixed_format(tmp_path: Path) -> None:
    empty = {"id": "empty", "language": "id", "original": [], "version": []}
    source, target = write(tmp_path / "in.jsonl", PAIR, empty), tmp_path / "out.jsonl"
    assert batch.run(source, target, encoder("bundled")) == 2
    first, second = (json.loads(line) for line in target.read_text(encoding="utf-8").splitlines())
    assert set(first) == {"id", "links", "beads", "changes"}
    assert {(o, v) for o, v, _ in first["links"]} == {(0, 1), (1, 0)}
    assert all(0 <= p <= 1 for _, _, p in first["links"])
    assert sorted(o for os, _ in first["beads"] for o in os) == [0, 1, 2]
    assert sorted(v for _, vs in first["beads"] for v in vs) == [0, 1, 2]
    keys = {"facet", "type", "original", "version", "before", "after", "confidence"}
    assert first["changes"] and all(set(change) == keys for change in first["changes"])
    assert second == {"id": "empty", "links": [], "beads": [], "changes": []}


def test_facts_can_be_left_out(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    assert main(["batch", str(write(tmp_path / "in.jsonl", PAIR)), str(target), "--no-facts"]) == 0
    assert set(json.loads(target.read_text(encoding="utf-8"))) == {"id", "links", "beads"}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", "line 2: not JSON"),
        ("[1]", "line 2: an object with the keys id, language, original, version"),
        ('{"id": 1, "language": "nl", "original": []}', "line 2: an object with the keys"),
        ('{"id": 1, "language": "xx", "original": [], "version": []}', "line 2: language 'xx'; allowed are en, id, nl"),
        ('{"id": 1, "language": "nl", "original": "a", "version": []}', "line 2: 'original' is str"),
        ('{"id": 1, "language": "nl", "original": [1], "version": []}', "line 2: 'original' is list"),
        ("[" * 100_000, "line 2: not JSON"),
    ],
)
def test_a_bad_line_is_named_and_the_old_output_stays(tmp_path: Path, line: str, says: str) -> None:
    source, target = write(tmp_path / "in.jsonl", PAIR), tmp_path / "out.jsonl"
    source.write_text(source.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    target.write_text("old", encoding="utf-8")
    with pytest.raises(RetoldError, match=says):
        batch.run(source, target, encoder("bundled"))
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_a_missing_input_a_wrong_encoding_and_a_missing_folder_are_said(tmp_path: Path) -> None:
    latin = tmp_path / "latin.jsonl"
    latin.write_bytes('{"id": "é"}'.encode("latin-1"))
    good = write(tmp_path / "in.jsonl", PAIR)
    for source, target, says in (
        (tmp_path / "no.jsonl", tmp_path / "o.jsonl", "there is no such file"),
        (latin, tmp_path / "o.jsonl", "cannot be read as UTF-8"),
        (good, tmp_path / "no" / "o.jsonl", "does not exist"),
    ):
        with pytest.raises(RetoldError, match=says):
            batch.run(source, target, encoder("bundled"))
