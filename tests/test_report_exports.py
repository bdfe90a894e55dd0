from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from report_story import told

from retold.compare import OpenStory
from retold.records import RetoldError
from retold.report import exports, spreadsheet
from retold.translate import tmx

FILES = ["report.html", "comparison.json", "findings.csv", "findings.xlsx", "brief.md", "translations.tmx"]


@pytest.fixture(scope="module")
def story() -> OpenStory:
    return told()


@pytest.fixture(scope="module")
def folder(story: OpenStory, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out")
    assert [p.name for p in exports.write_all(story, out)] == FILES
    return out


def test_a_second_run_writes_the_same_bytes(story: OpenStory, folder: Path, tmp_path: Path) -> None:
    exports.write_all(told(), tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(FILES)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


def test_no_path_of_this_machine_gets_out(folder: Path) -> None:
    for name in FILES:
        if not name.endswith("xlsx"):
            text = (folder / name).read_text(encoding="utf-8")
            assert str(Path.cwd()) not in text
            assert " at 0x" not in text


def test_the_record_keeps_its_fixed_format(story: OpenStory, folder: Path) -> None:
    read = json.loads((folder / "comparison.json").read_text(encoding="utf-8"))
    assert list(read) == ["story", "signature", "documents", "comparisons"]
    texts = {d.id: d.text for d in story.story.documents}
    for d in read["documents"]:
        assert list(d) == ["id", "language", "role", "segments"]
        for n, s in enumerate(d["segments"]):
            assert list(s) == ["n", "start", "end", "kind", "text"]
            assert s["n"] == n
            assert texts[d["id"]][s["start"] : s["end"]] == s["text"]
    assert [c["version"] for c in read["comparisons"]] == ["nl", "blog"]
    for c in read["comparisons"]:
        assert list(c) == ["original", "version", "translations", "links", "status", "findings"]
        for t in c["translations"]:
            assert list(t) == ["n", "text", "engine", "warnings"]
        assert all(len(link) == 3 and 0 <= link[2] <= 1 for link in c["links"])
        assert [len(c["status"][k]) for k in ("original", "version")] == [
            len(next(d for d in read["documents"] if d["id"] == c[k])["segments"]) for k in ("original", "version")
        ]
        for f in c["findings"]:
            assert list(f) == [
                "type", "facet", "original", "version", "before", "after", "confidence", "suspect_translation",
            ]  # fmt: skip


def test_the_csv_holds_every_finding_and_no_formula(folder: Path) -> None:
    raw = (folder / "findings.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert len(rows) == 8
    assert rows[0]["before"] == "100"
    assert any(r["before"].startswith("'=1+1") for r in rows)
    assert not any(v.startswith(("=", "+", "-", "@")) for r in rows for v in r.values())


def test_the_workbook_opens_with_its_sheets(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "findings.xlsx")
    assert book.sheetnames == [
        "Overview", "Claims", "Findings", "Sources", "nl", "nl links", "blog", "blog links", "Kinship",
        "Segments", "Signatures",
    ]  # fmt: skip
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    findings = book["Findings"]
    assert findings.max_row == 9
    head = [cell.value for cell in findings[1]]
    version = findings.cell(2, head.index("version") + 1)
    assert (version.value, version.hyperlink.location) == ("V1", "'nl'!A8")
    assert book["nl"]["B8"].value == "V1"  # where that link leads
    assert book["Overview"]["A3"].hyperlink.location == "'nl'!A1"
    texts = [str(cell.value) for row in findings.iter_rows() for cell in row]
    assert any(t.startswith("=1+1") for t in texts)


def test_the_changed_words_stand_out_in_the_workbook(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "findings.xlsx", rich_text=True)
    sheet = book["Findings"]
    head = [cell.value for cell in sheet[1]]
    parts = sheet.cell(2, head.index("version_text".replace("_", " ")) + 1).value
    assert [str(p) for p in parts] == ["Acme zal ", "200", " chips aan Globex verkopen, melden bronnen."]
    assert parts[1].font.b


def test_sheet_names_stay_apart_and_short() -> None:
    names = spreadsheet._sheet_names(["a" * 40, "a" * 41, "x/y"])
    assert len({n.lower() for n in names.values()}) == 6
    assert all(len(n) <= 31 for n in names.values())


def test_the_translations_come_back(folder: Path) -> None:
    units = tmx.read(folder / "translations.tmx")
    assert next((u.source, u.english) for u in units) == (
        "Acme zal 200 chips aan Globex verkopen, melden bronnen.",
        "Acme will sell 200 chips to Globex, sources report.",
    )
    assert {u.engine for u in units} == {"fake"}
    assert len(units) == 4


def test_a_failure_leaves_the_old_files(story: OpenStory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exports.write_all(story, tmp_path)
    (tmp_path / "brief.md").write_text("mine")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RetoldError, match="No space left on device"):
        exports.write_all(story, tmp_path)
    assert (tmp_path / "brief.md").read_text() == "mine"
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(FILES)


def test_a_folder_that_cannot_be_made_is_named(story: OpenStory, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(RetoldError, match="file"):
        exports.write_all(story, tmp_path / "file" / "out")
