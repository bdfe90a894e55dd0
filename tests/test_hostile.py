"""Documents made to do harm: each has a defined result, runs nothing and touches nothing outside its folders."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from test_main_job import ORIGINAL

import retold
from retold import batch, cli
from retold.compare import OpenStory
from retold.encode import encoder
from retold.hidden import hidden, shown
from retold.records import RetoldError
from retold.report import exports
from retold.review.decision import Decision
from retold.review.file import ReviewFile
from retold.translate import tmx

EVIL = '<script>parent.ran=1</script>"\'><img src=x onerror=ran=1><svg onload=ran=1><a href="javascript:ran=1">x</a>'
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "＝1+1",
    '=HYPERLINK("http://evil.example/","x")',
    "=cmd|' /C calc'!A0",
)
OUTPUTS = ["brief.md", "comparison.json", "findings.csv", "findings.xlsx", "report.html", "translations.tmx"]


def story(
    folder: Path, version: str | bytes, *, original: str = ORIGINAL, title: str = "The bridge",
    publisher: str = "a paper", note: str = "", ids: tuple[str, str] = ("gazette", "copy"),
    files: tuple[str, str] = ("gazette.txt", "copy.txt"),
) -> Path:  # fmt: skip
    """A story folder of two documents, whose every word may be hostile."""
    folder.mkdir(parents=True)
    rows = ['id = "bridge"', f"title = {json.dumps(title)}"]
    for id, file, role, text in zip(ids, files, ("original", "version"), (original, version), strict=True):
        data = text if isinstance(text, bytes) else text.encode()
        (folder / file).write_bytes(data)
        rows += [
            "[[documents]]", f"id = {json.dumps(id)}", f"file = {json.dumps(file)}", 'language = "en"',
            f'role = "{role}"', f"publisher = {json.dumps(publisher)}", "date = 2026-03-02",
            f"note = {json.dumps(note)}", f'sha256 = "{hashlib.sha256(data).hexdigest()}"',
        ]  # fmt: skip
    (folder / "story.toml").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def run(tmp_path: Path, version: str, **words: Any) -> OpenStory:
    """The whole job on a story, every display of a notebook included; nothing else lies in the folder afterwards."""
    opened = retold.load(
        story(tmp_path / "story", version, **words),
        translator="bundled",
        encoder="bundled",
        store=tmp_path / "s.sqlite",
    )
    assert sorted(p.name for p in opened.write(tmp_path / "out")) == OUTPUTS
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == OUTPUTS
    assert sorted(p.name for p in (tmp_path / "story").iterdir()) == sorted(
        ["story.toml", *words.get("files", ("gazette.txt", "copy.txt"))]
    )
    assert {p.name.split(".")[0] for p in tmp_path.iterdir()} == {"story", "out", "s"}
    saved = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    texts = {d.id: d.text for d in opened.story.documents}
    for d in saved["documents"]:
        assert all(texts[d["id"]][s["start"] : s["end"]] == s["text"] for s in d["segments"])
    openpyxl.load_workbook(tmp_path / "out" / "findings.xlsx", read_only=False)
    tmx.read(tmp_path / "out" / "translations.tmx")
    assert isinstance(opened, OpenStory)
    return opened


class Tags(HTMLParser):
    """Every element and attribute of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def harmless(page: str, *, scripts: int) -> None:
    """Nothing in the page runs or fetches but its own inline script."""
    tags = Tags(page)
    assert tags.elements.count("script") == scripts
    assert not {"img", "iframe", "object", "embed", "link", "base", "form"} & set(tags.elements)
    assert not [name for name, _ in tags.attributes if name.startswith("on") or name in ("src", "srcset", "action")]
    assert all(value.startswith("#") for name, value in tags.attributes if name == "href")


@pytest.fixture(scope="module")
def evil(tmp_path_factory: pytest.TempPathFactory) -> tuple[OpenStory, Path]:
    """A story with markup in its title, texts, ids, publishers, notes and file names."""
    folder = tmp_path_factory.mktemp("evil")
    text = ORIGINAL.replace("12,000", EVIL)
    version = text.replace("40 million", "50 million") + f"\n{EVIL} was new, he said.\n"
    opened = run(folder, version, original=text, title=EVIL, publisher=EVIL, note=EVIL,
                 ids=("gazette", f"../{EVIL}"), files=("gazette.txt", "=a&<img src=x onerror=ran=1>.txt"))  # fmt: skip
    return opened, folder / "out"


def test_markup_stays_text_in_the_report(evil: tuple[OpenStory, Path]) -> None:
    page = (evil[1] / "report.html").read_text(encoding="utf-8")
    harmless(page, scripts=1)
    assert "&lt;script&gt;parent.ran=1" in page
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy and policy[1].startswith("default-src 'none'; ")
    for part in ("script-src 'sha256-", "style-src 'sha256-", "base-uri 'none'", "form-action 'none'"):
        assert part in policy[1]
    assert "unsafe" not in policy[1]
    assert page.index("Content-Security-Policy") < page.index("<title>") < page.index("<style>")


def test_markup_stays_text_in_a_notebook(evil: tuple[OpenStory, Path]) -> None:
    opened = evil[0]
    c = opened.comparisons[0]
    tables = [
        t.to_html() for t in (c.findings, c.links, c.statuses, opened.overview(), opened.coverage(), opened.claims())
    ]
    for shown_there in (opened._repr_html_(), c._repr_html_(), c.read()._repr_html_(), *tables):
        harmless(shown_there, scripts=0)
    for told in (opened.brief._repr_markdown_(), c.brief._repr_markdown_()):
        assert re.search(r"(?<!\\)<", told) is None


def test_markup_stays_text_in_every_export(evil: tuple[OpenStory, Path]) -> None:
    assert re.search(r"(?<!\\)<", (evil[1] / "brief.md").read_text(encoding="utf-8")) is None
    book = openpyxl.load_workbook(evil[1] / "findings.xlsx")
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert cell.hyperlink is None or cell.hyperlink.target is None  # inside the workbook only
    saved = json.loads((evil[1] / "comparison.json").read_text(encoding="utf-8"))
    assert any(EVIL in s["text"] for s in saved["documents"][1]["segments"])


def test_no_cell_is_a_formula(tmp_path: Path) -> None:
    run(tmp_path, "\n\n".join(f"{f} was said by the ministry." for f in FORMULAS), ids=("gazette", "=1+1"),
        publisher="@SUM(A1)", title="=1+1")  # fmt: skip
    raw = (tmp_path / "out" / "findings.csv").read_text(encoding="utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(raw, newline="")) for cell in row]
    assert not [c for c in cells if c.startswith(tuple("=+-@\t\r\n＝＋－＠"))]
    assert sum(c.startswith("'") for c in cells) >= len(FORMULAS)
    book = openpyxl.load_workbook(tmp_path / "out" / "findings.xlsx")
    values = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [c for c in values if c.data_type == "f"]
    assert any(str(c.value).startswith("=1+1") for c in values)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x"])
def test_a_cell_that_would_be_a_formula_is_led_by_an_apostrophe(text: str) -> None:
    assert exports._inert(text) == "'" + text


@pytest.mark.parametrize(
    ("name", "put", "warned"),
    [
        ("NUL", "Ma\0yor", "1 control character (first U+0000 at 233)"),
        ("terminal and C1 controls", "Ma\x1b[31m\x07\x9byor", "3 control characters"),
        ("right-to-left", "\u202eMayor\u202c \u2066", "3 direction marks (first U+202E at 231)"),
        ("zero-width", "Ma\u200byor\u2060 \ufeff", "3 invisible characters (first U+200B at 233)"),
        ("tags", "Mayor\U000e0041\U000e007f", "2 invisible characters"),
        ("homoglyphs", "Mаyоr", "1 word with letters of two scripts (first at 231)"),
        ("noncharacters", "Mayor\ufffe\uffff", "2 control characters"),
        ("line separators", "May\u2028\u2029\x85or", ""),
        ("an emoji's joiner, soft hyphens, units", "Mayor \U0001f468\u200d\U0001f469 bur\u00adger 5 µm 3 kΩ", ""),
        ("templates", "{{7*7}} ${x} %s {0} $(id) `id`", ""),
        ("digits of other scripts", "Mayor ١٢٣٤ ² ½ 四", ""),
        ("a number of 5,000 digits", "9" * 5000, ""),
    ],
)  # fmt: skip
def test_odd_characters_have_a_defined_result(tmp_path: Path, name: str, put: str, warned: str) -> None:
    opened = run(tmp_path, ORIGINAL.replace("Mayor", put))
    assert len(opened.comparisons[0].version_segments) >= 5
    if warned:
        assert any(warned in w for w in opened.story.warnings), opened.story.warnings
    else:
        assert opened.story.warnings == ()
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert all(w.split(" holds ")[1][:30] in page for w in opened.story.warnings)


def test_the_characters_of_a_title_and_a_note_do_no_harm(tmp_path: Path) -> None:
    run(tmp_path, ORIGINAL, title="a\u0001b\ufffe\u202e", publisher="p\u0001", note="\u0002\0")


def test_what_is_hidden_is_found_at_its_place() -> None:
    assert hidden("\ufeffPlain words, naïve ones and café.") == ""
    assert hidden("\ufeffa\u200b") == "1 invisible character (first U+200B at 2)"
    assert shown("\x1b[2J\u202e ok é\n") == "\\x1b[2J\\u202e ok é\n"


@pytest.mark.parametrize("text", ["\u200b\n\u2060\u00ad", "\0\0", "\u202e \u2066", "\n" * 1000])
def test_a_text_without_a_visible_character_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(RetoldError, match=r"copy\.txt is empty; a document needs some text"):
        retold.load(story(tmp_path / "story", text))


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("blank lines", "\n" * 1_000_000 + "The end came on Monday.\n"),
        ("blank lines of another kind", "\r\n \t" * 1_000_000 + "The end came on Monday.\n"),
        ("spaces", " " * 10_000_000 + "x"),
    ],
)
def test_a_million_blank_lines(tmp_path: Path, name: str, more: str) -> None:
    start = time.perf_counter()
    opened = run(tmp_path, ORIGINAL + "\n" + more)
    assert len(opened.comparisons[0].version_segments) == 6
    assert time.perf_counter() - start < 30


@pytest.mark.long
def test_a_line_of_ten_megabytes(tmp_path: Path) -> None:
    start = time.perf_counter()
    opened = run(tmp_path, ORIGINAL + "\n" + "x" * 10_000_000)
    c = opened.comparisons[0]
    assert {k.original for k in c.alignment.links} == set(range(5))
    assert len(c.ribbon().png) < 5_000_000
    assert time.perf_counter() - start < 300


# --- a manifest that reaches out -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../out.txt", "/etc/hostname", "a/../../out.txt", "..\\out.txt", "C:\\out.txt", "a\0b"]
)
def test_a_file_outside_the_story_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "out.txt").write_text(ORIGINAL, encoding="utf-8")
    folder = story(tmp_path / "story", ORIGINAL)
    manifest = folder / "story.toml"
    manifest.write_text(manifest.read_text().replace('"copy.txt"', json.dumps(name)))
    with pytest.raises(RetoldError, match=r"leaves the story folder|is missing in|cannot be found"):
        retold.load(folder)


@pytest.mark.parametrize("what", ["a file outside", "a folder outside", "itself", "the manifest"])
def test_a_link_out_of_the_story_is_refused(tmp_path: Path, what: str) -> None:
    folder = story(tmp_path / "story", ORIGINAL)
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "copy.txt").write_text(ORIGINAL, encoding="utf-8")
    manifest, copy = folder / "story.toml", folder / "copy.txt"
    copy.unlink()
    if what == "a file outside":
        copy.symlink_to(tmp_path / "secret" / "copy.txt")
    elif what == "a folder outside":
        (folder / "sub").symlink_to(tmp_path / "secret")
        manifest.write_text(manifest.read_text().replace('"copy.txt"', '"sub/copy.txt"'))
    elif what == "itself":
        copy.symlink_to(copy)
    else:
        manifest.rename(tmp_path / "secret" / "story.toml")
        manifest.symlink_to(tmp_path / "secret" / "story.toml")
    with pytest.raises(RetoldError) as caught:
        retold.load(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("kind", ["a pipe", "a device"])
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, kind: str) -> None:
    folder = story(tmp_path / "story", ORIGINAL)
    (folder / "copy.txt").unlink()
    if kind == "a pipe":
        os.mkfifo(folder / "copy.txt")
    else:
        (folder / "copy.txt").symlink_to("/dev/zero")
    with pytest.raises(RetoldError, match=r"is no file|leaves the story folder"):
        retold.load(folder)


@pytest.mark.parametrize(
    "manifest",
    [
        b"\0",
        b"a = " + b"[" * 100_000,
        b"a = " + b"9" * 10_000,
        b'title = "\\ud800"',
        b"a.b.c = 1\na.b.c = 2",
        b"a=1\n" * 50_000,
    ],
)
def test_a_hostile_manifest_is_refused_in_one_sentence(tmp_path: Path, manifest: bytes) -> None:
    (tmp_path / "story.toml").write_bytes(manifest)
    with pytest.raises(RetoldError, match=r"story\.toml") as caught:
        retold.load(tmp_path)
    assert "\n" not in str(caught.value)


def test_two_originals_whose_ids_have_line_ends_are_refused_in_one_sentence(tmp_path: Path) -> None:
    folder = story(tmp_path / "story", ORIGINAL, ids=("gazette\n\u2028x", "copy"))
    manifest = folder / "story.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"version"', '"original"'), encoding="utf-8")
    with pytest.raises(RetoldError, match="2 documents have the role 'original'") as caught:
        retold.load(folder)
    assert len(str(caught.value).splitlines()) == 1


def test_an_error_message_sends_nothing_to_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = story(tmp_path / "story", ORIGINAL, ids=("gazette", "\x1b]0;owned\x07"))
    (folder / "copy.txt").write_text("other")
    assert cli.main(["run", str(folder), "--out", str(tmp_path / "\x1b[2Jout")]) == 1
    said = capsys.readouterr().err
    assert "\x1b" not in said and "sha256" in said and not (tmp_path / "\x1b[2Jout").exists()


# --- JSON lines ------------------------------------------------------------------------------------------------------

PAIR = {"id": "a", "language": "en", "original": ["The mayor said 12 came."], "version": ["The mayor said 13 came."]}


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (json.dumps(PAIR | {"version": ["a \ud800 b"]}), "'version' holds U+D800, half of a character"),
        (json.dumps(PAIR | {"original": ["a \udfff b"]}), "'original' holds U+DFFF, half of a character"),
        (json.dumps(PAIR | {"id": "\ud800"}), "'id' holds U+D800"),
        (json.dumps(PAIR | {"language": "\ud800"}), "allowed are en, id, nl"),
        (json.dumps(PAIR | {"language": ["en"]}), "allowed are en, id, nl"),
        (json.dumps(PAIR).replace('"a"', "9" * 10_000), "not JSON"),
        ("[" * 200_000, "not JSON"),
        ('{"id": 1}', "the keys id, language, original, version"),
        (json.dumps(PAIR | {"version": [1]}), "'version' is list; allowed is a list of strings"),
    ],
)  # fmt: skip
def test_a_hostile_line_of_json_is_refused(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps(PAIR) + "\n" + line, encoding="utf-8")
    (tmp_path / "out.jsonl").write_text("old")
    with pytest.raises(RetoldError) as caught:
        batch.run(tmp_path / "in.jsonl", tmp_path / "out.jsonl", encoder("bundled"))
    assert "in.jsonl, line 2: " in str(caught.value) and says in str(caught.value) and "\n" not in str(caught.value)
    assert (tmp_path / "out.jsonl").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize(
    "content",
    [
        "\ufeff" + json.dumps(PAIR),
        json.dumps(PAIR) + "\r\n",
        "\n" * 1_000_000 + json.dumps(PAIR),
        json.dumps(PAIR | {"version": ["The \0mayor\u2028 said\x85 13 came.", "", " "]}, ensure_ascii=False),
        json.dumps(PAIR | {"version": ["\ud83d\ude00 The mayor said 13 came."]}),
    ],
)  # fmt: skip
def test_an_odd_line_of_json_is_answered(tmp_path: Path, content: str) -> None:
    (tmp_path / "in.jsonl").write_text(content, encoding="utf-8", newline="")
    assert batch.run(tmp_path / "in.jsonl", tmp_path / "out.jsonl", encoder("bundled")) == 1
    [row] = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [0, 0] in [link[:2] for link in row["links"]] and row["changes"]


# --- TMX -------------------------------------------------------------------------------------------------------------

TMX = (
    '<tmx version="1.4"><header/><body><tu><tuv xml:lang="nl"><seg>%s</seg></tuv>'
    '<tuv xml:lang="en"><seg>b</seg></tuv></tu></body></tmx>'
)


@pytest.mark.parametrize(
    ("doctype", "source"),
    [
        ('<!DOCTYPE tmx [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "&x;"),
        ('<!DOCTYPE tmx [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]>', "a"),
        ('<!DOCTYPE tmx [<!ENTITY a "aaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>', "&c;"),
        ("", "a\0b"),
        ("", "a\x01b"),
        ("", "&undefined;"),
    ],
)  # fmt: skip
def test_hostile_tmx_is_refused(tmp_path: Path, doctype: str, source: str) -> None:
    (tmp_path / "m.tmx").write_text('<?xml version="1.0"?>' + doctype + TMX % source)
    with pytest.raises(RetoldError, match=r"m\.tmx: not a readable TMX file") as caught:
        tmx.read(tmp_path / "m.tmx")
    assert "root:" not in str(caught.value)


def test_an_external_dtd_is_not_fetched_and_deep_markup_is_read(tmp_path: Path) -> None:
    (tmp_path / "m.tmx").write_text(
        '<!DOCTYPE tmx SYSTEM "http://127.0.0.1:9/x.dtd">' + TMX % ("<hi>" * 9000 + "x" + "</hi>" * 9000)
    )
    assert [u.source for u in tmx.read(tmp_path / "m.tmx")] == ["x"]


# --- the store and the command line ----------------------------------------------------------------------------------


def test_half_a_character_is_refused_by_the_review_file(tmp_path: Path) -> None:
    kept = ReviewFile(tmp_path / "review.toml")
    kept.add([Decision("translation", "accept", "nl", version="Ja.", english="Yes.\0\u202e</script>")])
    before = kept.path.read_bytes()
    with pytest.raises(RetoldError, match=r"review\.toml: cannot be written .* the decision was not saved"):
        kept.add([Decision("translation", "accept", "nl", version="\ud800", english="x")])
    assert kept.path.read_bytes() == before
    assert [d.english for d in kept.read()] == ["Yes.\0\u202e</script>"]


@pytest.mark.parametrize("value", ["9" * 5000, "[" * 100_000], ids=["digits", "brackets"])
def test_a_hostile_review_file_is_refused_and_left(tmp_path: Path, value: str) -> None:
    kept = ReviewFile(tmp_path / "review.toml")
    kept.path.write_text(f"[[decisions]]\noriginal_nth = {value}\n")
    before = kept.path.read_bytes()
    for call in (kept.read, lambda: kept.add([Decision("translation", "accept", "nl", version="a", english="b")])):
        with pytest.raises(RetoldError, match=r"review\.toml: cannot be read as TOML") as caught:
            call()
        assert "\n" not in str(caught.value)
    assert kept.path.read_bytes() == before


def test_as_many_lines_out_as_in(tmp_path: Path) -> None:
    lines = "1\u20282\x853\x0b4\x0c5\x1c6\r\n\n7 8\n9"
    made = subprocess.run(
        [sys.executable, "-m", "retold.cli", "translate", "--from", "nl", "--engine", "bundled",
         "--store", tmp_path / "s"],
        input=lines.encode(), capture_output=True, check=True,
    )  # fmt: skip
    assert made.stdout.decode().split("\n") == ["1 2 3 4 5 6", "", "7 8", "9", ""]
