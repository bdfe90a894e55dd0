"""Reading documents: the same story in four formats, encodings, and files made to do harm."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_documents import HTML, KINDS, TXT, docx, files

from retold.formats import text_of
from retold.formats.page import said
from retold.records import Document, RetoldError
from retold.segment import segment

STORY = files()


def read(data: bytes | str, name: str) -> str:
    return text_of(data.encode() if isinstance(data, str) else data, Path(name))


def refusal(data: bytes | str, name: str) -> str:
    """What reading says is wrong: one sentence on one line that names the file."""
    with pytest.raises(RetoldError) as caught:
        read(data, name)
    said = str(caught.value)
    assert name in said and "\n" not in said
    return said


@pytest.mark.parametrize("name", list(STORY))
def test_every_format_reads_as_the_plain_text_does(name: str) -> None:
    text = read(STORY[name], name)
    segments = segment(Document("a", "en", "original", "The Gazette", None, text))
    assert text == TXT
    assert [s.kind for s in segments] == KINDS
    assert all(text[s.start : s.end] == s.text for s in segments)


def test_a_page_says_when_and_by_whom_it_was_published() -> None:
    found = said(HTML)
    assert (found.outlet, str(found.date), found.url) == ("The Gazette", "2026-03-02", "https://example.org/bridge")
    assert found.title == "Old harbour bridge to close in May"


def test_what_trafilatura_would_leave_out_of_an_article_is_read() -> None:
    lost = "<ol start='3'><li>One thing\n more</li><li><p>Another</p><p>and on</p><ul><li>deep down</li></ul></li></ol>"
    text = read(HTML.replace("<h2>", lost + "<h2>"), "a.html")
    assert "\n\n3. One thing more\n\n4. Another\n\nand on\n\n• deep down\n\nWhat comes next\n\n" in text
    assert "Also read" not in text and "All rights" not in text and "of lies" not in text and "Sport" not in text


def test_a_title_outside_the_article_comes_first() -> None:
    text = read(HTML.replace("<header><h1>Old harbour bridge to close in&#32;May</h1></header>", ""), "a.html")
    assert text.startswith("Old harbour bridge to close in May")
    assert text.count("to close in May") == 1


def test_a_page_without_an_article_is_read_whole() -> None:
    page = (
        "<title>x</title><p>One.</p><div>Two <b>and</b><br>a half<br><br>Three</div><pre>a\n  b</pre><p hidden>no</p>"
    )
    assert read(page, "a.htm") == "x\n\nOne.\n\nTwo and\na half\n\nThree\n\na\nb\n"


def test_tables_and_notes_of_word_are_read_and_tracked_changes_taken_as_accepted() -> None:
    ins = '<w:ins w:id="1" w:author="a"><w:r><w:t>ninety</w:t></w:r></w:ins>'
    gone = '<w:del w:id="2" w:author="a"><w:r><w:delText>forty</w:delText></w:r></w:del>'
    cell = "<w:tc><w:tcPr/><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    table = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{cell.format('Year')}{cell.format('Cars')}</w:tr></w:tbl>"

    def change(name: str, xml: str) -> str:
        if name != "word/document.xml":
            return xml
        return xml.replace("<w:sectPr", f"{table}<w:p>{gone}{ins}</w:p><w:sectPr", 1)

    assert read(docx(change), "a.docx").endswith("in May.\n\nYear\n\nCars\n\nninety\n")


@pytest.mark.parametrize(
    ("data", "name", "text"),
    [
        ("\ufeffOfficiële tekst".encode(), "a.txt", "\ufeffOfficiële tekst"),
        ("\ufeffOfficiële tekst".encode("utf-16-le"), "a.txt", "Officiële tekst"),
        ("\ufeff# Officiële tekst".encode(), "a.md", "Officiële tekst\n"),
        ("\ufeff<p>Officiële".encode(), "a.html", "Officiële\n"),
        ("\ufeff<p>Officiële".encode("utf-16-be"), "a.html", "Officiële\n"),
        ("<meta charset='iso-8859-1'><p>“Officiële”".encode("cp1252"), "a.html", "“Officiële”\n"),
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>Да'.encode("koi8-r"),
            "a.html",
            "Да\n",
        ),
        ('<?xml version="1.0" encoding="windows-1252"?><html><p>“ja”</p></html>'.encode("cp1252"), "a.xhtml", "“ja”\n"),
        ("<p>Officiële".encode(), "a.html", "Officiële\n"),
        (b"plain\r\nas it stands \r\n", "notes", "plain\r\nas it stands \r\n"),
    ],
)
def test_encodings_that_are_said(data: bytes, name: str, text: str) -> None:
    assert read(data, name) == text


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        ("“Officiële”".encode("cp1252"), "a.txt", "not valid UTF-8: byte 0x93 at offset 0; save the file as UTF-8"),
        ("# Officiële".encode("cp1252"), "a.md", "not valid UTF-8: byte 0xeb at offset 8"),
        ("<p>Officiële".encode("cp1252"), "a.html", "not valid UTF-8"),
        ("<meta charset=utf-8><p>Officiële".encode("cp1252"), "a.html", "says it is in 'utf-8', but the byte 0xeb"),
        (b"<meta charset=klingon><p>a", "a.html", "says it is in 'klingon', which is no known encoding"),
        (b"<meta charset=hex><p>a", "a.html", "no known encoding"),
        *(
            (f"<meta charset={name}><p>a".encode(), "a.html", f"says it is in '{name}', which is no known encoding")
            for name in ("undefined", "unicode_escape", "Raw-Unicode-Escape", "idna", "punycode")
        ),
        (b"\xff\xfea", "a.txt", "begins with the mark of UTF-16, but"),
        (b"%PDF-1.7", "a.pdf", ".pdf files are not read; save it as .txt, .md, .html or .docx"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "a.docx", "an old .doc, or protected by a password"),
        (b"PK\x03\x04", "a.docx", "no Word document that can be read"),
        (b"", "a.docx", "no Word document that can be read"),
        (docx()[:9000], "a.docx", "no Word document that can be read"),
    ],
)
def test_what_is_refused_says_why(data: bytes, name: str, says: str) -> None:
    assert says in refusal(data, name)


def test_another_archive_is_no_word_document() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    assert "is no Word document" in refusal(out.getvalue(), "a.docx")


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    start = time.perf_counter()
    bomb = docx(more={"word/big.xml": b"<a>" + b" " * 60_000_000 + b"</a>"})
    assert len(bomb) < 200_000
    assert "the most that is read is 20,000,000" in refusal(bomb, "a.docx")
    assert "unpacks to" in refusal(docx(more={f"p{n}.bin": b"" for n in range(10_001)}), "a.docx")
    assert time.perf_counter() - start < 20


def test_entities_that_unfold_are_refused() -> None:
    laughs = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document>&b;</w:document>'
    said = refusal(docx(lambda name, xml: laughs if name == "word/document.xml" else xml), "a.docx")
    assert "cannot be read as a Word document (DTDForbidden" in said


@pytest.mark.parametrize("depth", [300, 5_000, 200_000])
def test_deep_nesting_is_refused_at_once(depth: int) -> None:
    start = time.perf_counter()
    assert "nested too deeply" in refusal("<div>" * depth + "<p>deep", "a.html")
    assert "nested too deeply" in refusal("> " * min(depth, 5_000) + "deep", "a.md")

    def change(name: str, xml: str) -> str:
        return xml.replace("<w:sectPr", "<w:p>" * depth + "</w:p>" * depth + "<w:sectPr", 1)

    assert "nested too deeply" in refusal(docx(change), "a.docx")
    assert time.perf_counter() - start < 20


def test_a_file_that_is_too_large_is_refused() -> None:
    assert "the most that is read is 50,000,000" in refusal(b" " * 50_000_001, "a.html")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from([".txt", ".md", ".html"]))
def test_any_text_has_a_defined_result_and_segments_slice_back(words: str, ending: str) -> None:
    try:
        text = read(words.encode("utf-8", "surrogatepass"), f"a{ending}")
    except RetoldError:
        return
    assert text == read(words.encode(), f"a{ending}")
    segments = segment(Document("a", "en", "original", "p", None, text))
    assert all(text[s.start : s.end] == s.text for s in segments)


_WORDS = st.text(alphabet="abcdeé ", min_size=1, max_size=60).map(str.strip).filter(bool)
_BLOCKS = st.lists(st.tuples(st.sampled_from(["p", "h2", "li", "blockquote"]), _WORDS), min_size=1, max_size=20)


@settings(max_examples=60, deadline=None)
@given(_BLOCKS, st.sampled_from(["<article>", "<main><div>", "<div>", ""]))
def test_no_block_of_a_page_is_lost(some: list[tuple[str, str]], box: str) -> None:
    page = "<body>" + box + "".join(f"<{tag}>{words}</{tag}>" for tag, words in some) + "</body>"
    assert read(page, "a.html").split() == [w for tag, words in some for w in (["•"] * (tag == "li") + words.split())]


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=400), st.sampled_from([".txt", ".md", ".html", ".docx", ".pdf", ""]))
def test_any_bytes_are_read_or_refused(data: bytes, ending: str) -> None:
    try:
        assert isinstance(read(data, f"a{ending}"), str)
    except RetoldError as error:
        assert "\n" not in str(error)
