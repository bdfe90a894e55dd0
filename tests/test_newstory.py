"""Making a story folder of one's own files: what is copied, guessed and said, and that nothing is left half made."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest
from make_documents import TXT, files

import retold
from retold.cli import main
from retold.story import read

DUTCH = """Oude havenbrug gaat in mei dicht

De gemeenteraad heeft maandag besloten de oude havenbrug te sluiten, zeggen twee ambtenaren tegen de krant.
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with documents in every format, in which the test stands."""
    for name, data in files().items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "b.txt").write_text(DUTCH, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*"))


def call(words: str) -> int:
    return main(["new", *words.split()])


def test_the_shortest_call_makes_a_story_that_reads(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("my-story --original a.txt --version b.txt --language nl") == 0
    said = capsys.readouterr().out
    assert said.splitlines()[0].endswith("story.toml: 2 documents")
    assert "a: original, English, unknown, undated. The language was guessed from its words" in said
    assert "  b: version, Dutch, unknown, undated. No date was given.\n" in said
    assert said.endswith("next: retold run my-story --out reports/my-story\n")
    story = read("my-story")
    assert (story.id, story.title) == ("my-story", "Old harbour bridge to close in May")
    assert [(d.id, d.role, d.language, d.text) for d in story.documents] == [
        ("a", "original", "en", TXT),
        ("b", "version", "nl", DUTCH),
    ]
    assert (here / "my-story" / "b.txt").read_bytes() == (here / "b.txt").read_bytes()


def test_options_belong_to_the_document_before_them(here: Path) -> None:
    assert call(
        "s --title Bridge --original a.txt --outlet Gazette --date 2026-03-02 --url https://example.org/a"
            " --version b.txt --id mine --language nl --date 2026-03-03 --note seen --version a.docx --related a.md"
            " --outlet M"
    ) == 0  # fmt: skip
    story = read("s")
    assert story.title == "Bridge"
    assert [(d.id, d.role, d.publisher, str(d.date), d.url) for d in story.documents] == [
        ("a", "original", "Gazette", "2026-03-02", "https://example.org/a"),
        ("mine", "version", "unknown", "2026-03-03", ""),
        ("a-2", "version", "unknown", "None", ""),
        ("a-3", "related", "M", "None", ""),
    ]
    assert story.documents[1].note == "seen"
    assert all(d.text == TXT for d in story.documents if d.id != "mine")


def test_a_page_tells_its_own_date_outlet_and_address(here: Path) -> None:
    assert call("s --original a.html --version b.txt --url https://www.krant.example/b") == 0
    first, second = read("s").documents
    assert (first.publisher, str(first.date), first.url) == ("The Gazette", "2026-03-02", "https://example.org/bridge")
    assert "The date is the page's own." in first.note
    assert second.publisher == "krant.example"


def test_from_a_notebook(here: Path) -> None:
    made = retold.new("s", original=here / "a.md", versions=[{"file": "b.txt", "language": "nl", "date": "2026-03-03"}])
    assert retold.load(made).story.documents == made.documents
    assert str(made) == repr(made) and "b: version, Dutch, unknown, 2026-03-03" in str(made)


def test_names_that_collide_or_harm_are_changed(here: Path) -> None:
    (here / "x").mkdir()
    for name in ("A.TXT", "story.toml", "q:'\"\n;.txt"):
        (here / "x" / name).write_text(DUTCH, encoding="utf-8")
    versions = sorted((here / "x").iterdir())
    made = retold.new("my story", original="a.txt", versions=[*versions, "b.txt"])
    assert [d.file for d in made.documents] == ["a.txt", "A-2.TXT", "q_.txt", "story-2.toml", "b.txt"]
    assert [d.id for d in made.documents] == ["a", "A-2", "q", "story", "b"]
    assert read("my story").id == "my-story"


def test_the_folder_is_made_with_the_usual_rights(here: Path) -> None:
    retold.new("deep/er/s", original="a.txt", versions=["b.txt"])
    Path("plain").mkdir()
    assert stat.S_IMODE(Path("deep/er/s").stat().st_mode) == stat.S_IMODE(Path("plain").stat().st_mode)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("taken --original a.txt --version b.txt", "taken exists already and was left as it is"),
        ("a.txt --original a.txt --version b.txt", "a.txt exists already and was left as it is"),
        ("s --original a.txt", "a story is one original and at least one version or related document; given: original"),
        ("s --original a.txt --original b.txt", "given: original, original"),
        ("s --original a.txt --version gone.txt", "gone.txt cannot be read: No such file"),
        ("s --original a.txt --version taken", "taken cannot be read: Is a directory"),
        ("s --original b.txt --version a.txt", "the original 'b' is in 'nl'; it has to be English ('en')"),
        ("s --original a.txt --version german.txt", "german.txt looks like German (de), which is not supported"),
        ("s --original a.txt --version short.txt", "short.txt: its language cannot be told from its words; give it"),
        ("s --original a.txt --version empty.html", "empty.html is empty; a document needs some text"),
        ("s --original a.txt --version latin.txt", "latin.txt is not valid UTF-8"),
        ("s --original a.txt --version b.txt --id a", "two documents have the id 'a'; each needs its own"),
        ("s --original a.txt --version b.txt --url ftp://x", "url is 'ftp://x'; it has to begin with https://"),
        ("s --original a.txt --outlet  --version b.pdf", ".pdf files are not read"),
        ("a.txt/s --original a.txt --version b.txt", "a.txt/s cannot be made: Not a directory"),
    ],
)
def test_what_cannot_be_made_leaves_nothing(
    here: Path, capsys: pytest.CaptureFixture[str], words: str, says: str
) -> None:
    (here / "taken").mkdir()
    (here / "taken" / "kept.txt").write_text("mine")
    (here / "german.txt").write_text("Der Rat hat am Montag beschlossen, die Brücke zu schließen, sagen zwei Beamte.")
    (here / "short.txt").write_text("Ja.")
    (here / "empty.html").write_text("<p> ")
    (here / "latin.txt").write_bytes("Officiële bronnen".encode("cp1252"))
    (here / "b.pdf").write_bytes(b"%PDF")
    before = names(here)
    assert main(["new", *(w for w in words.split(" ") if w or "--outlet" in words)]) == 1
    error = capsys.readouterr().err
    assert says in error and error.startswith("retold: ") and error.count("\n") == 1
    assert ".new-" not in error
    assert names(here) == before


@pytest.mark.parametrize(
    "words",
    [
        "s --version b.txt",
        "s --language nl --original a.txt --version b.txt",
        "s --original a.txt --version b.txt --language xx",
        "s --original a.txt --version b.txt --date yesterday",
        "s --original a.txt --version b.txt --language nl --language id",
    ],
)
def test_a_bad_call_ends_with_2_and_makes_nothing(here: Path, words: str) -> None:
    before = names(here)
    with pytest.raises(SystemExit) as stop:
        call(words)
    assert stop.value.code == 2
    assert names(here) == before


def test_a_disk_that_fails_leaves_nothing(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    before = names(here)
    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(retold.RetoldError, match="s cannot be made: No space left on device"):
        retold.new("s", original="a.txt", versions=["b.txt"])
    assert names(here) == before


@pytest.mark.parametrize(
    "given", [{"file": "b.txt", "languag": "nl"}, {"language": "nl"}, {"file": "b.txt", "date": "soon"}]
)
def test_a_wrong_table_is_refused(here: Path, given: dict[str, str]) -> None:
    with pytest.raises(retold.RetoldError, match=r"table of a version|date 'soon' is none"):
        retold.new("s", original="a.txt", versions=[given])
    assert not os.path.lexists("s")


def test_the_text_that_is_read_can_be_seen(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["text", "a.html"]) == 0
    assert capsys.readouterr().out == TXT
    assert main(["text", "gone.html"]) == 1


def test_checksums_are_of_the_bytes(here: Path) -> None:
    retold.new("s", original="a.html", versions=["a.docx"])
    said = (here / "s" / "story.toml").read_text(encoding="utf-8")
    assert hashlib.sha256((here / "a.docx").read_bytes()).hexdigest() in said
