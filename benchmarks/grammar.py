"""Bytes to documents: what the fuzzer feeds, each well formed but for the faults put in on purpose.

Every choice is read from the input's bytes, so a fuzzer that mutates the bytes mutates the document, and the same bytes
give the same document. Bytes that have run out read as zeros, which everywhere choose the simplest and end.
"""

from __future__ import annotations

import functools
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from xml.sax.saxutils import escape, quoteattr

from retold.languages import LANGUAGES, words
from retold.records import DATED, FACETS
from retold.review.decision import SUBJECTS, VERDICTS

_T = TypeVar("_T")

ODD = [
    "\u200b", "\u202e", "\0", "\ufeff", "é", "e\u0301", "\U0001f600", "\u2028", "١٢", "½", "²", "\x85", "\x1b[2J",
    "\ufffe", "Mаyоr", "＝1", "x" * 300, "9" * 40, "9" * 400 + ".5", "1," * 20, "“" * 20, "<b>", "</b>", "<!--", "]]>",
    "&amp;", "&#0;", "{", "}", "\\", "\\ud800", "=1+1", "---\n", "|a|b|\n", "http://x.example/", "\r\n", "\t", "'",
    '"', "''' ",
]  # fmt: skip
TRADE = [
    " ", ". ", ", ", "\n", "\n\n", "; ", ": ", " – ", "(", ")", "“", "”", "‘", "’", "... ", "• ", "1. ", "## ", "-5",
    "Mr. ", "12,5 percent", "12.000", "$3.4 billion ", "Rp3 miliar ", "€ 2 miljoen ", "Anna Berg ", "Nvidia’s H200 ",
    "U.S. ", "Reuters ", "JAKARTA, Dec 10 (Reuters) - ", "on Monday ", "10 Desember 2025", "9 uur ", "more than ",
    "twee ", "dua ", "Menurut dua pejabat, ", "zei een woordvoerder ", "said ", "not ", "niet ", "tidak ", "mungkin ",
    "may ", "the ",
]  # fmt: skip


class Choices:
    """The input's bytes, read as choices from the front."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def below(self, n: int) -> int:
        """A number in [0, n)."""
        width = 1 if n <= 256 else 2 if n <= 65_536 else 3
        some = self.data[self.at : self.at + width]
        self.at += width
        return int.from_bytes(some, "little") % n

    def of(self, some: Sequence[_T]) -> _T:
        return some[self.below(len(some))]

    def once_in(self, n: int) -> bool:
        return self.below(n) == n - 1

    def some(self, made: Callable[[Choices], _T], most: int) -> list[_T]:
        return [made(self) for _ in range(self.below(most + 1))]


@functools.cache
def vocabulary() -> tuple[str, ...]:
    """Every word of the three languages' lists, which the rules look for."""

    def strings(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [s for key, v in value.items() for s in (key, *strings(v))]
        if isinstance(value, list):
            return [s for v in value for s in strings(v)]
        return [value] if isinstance(value, str) else []

    return tuple(sorted({s for language in LANGUAGES for s in strings(words(language))}))


def piece(c: Choices) -> str:
    match c.below(8):
        case 0 | 1 | 2:
            return c.of(TRADE)
        case 3 | 4 | 5:
            return c.of(vocabulary()) + " "
        case 6:
            return c.of(ODD)
        case _:
            return chr(c.below(0xD800) if c.below(4) else 0xE000 + c.below(0x102000))


def text(c: Choices) -> str:
    """Prose of a kind; no half characters, which no file can hold."""
    made = "".join(c.some(piece, 40))
    return made * (2 + c.below(60)) if c.once_in(64) else made


def sentences(c: Choices, most: int = 8) -> list[str]:
    return c.some(text, most)


def version_of(c: Choices, original: list[str]) -> list[str]:
    """A retelling: sentences kept, cut, changed, doubled, put in and moved."""
    made = []
    for sentence in original:
        match c.below(6):
            case 0 | 1:
                made.append(sentence)
            case 2:
                made.append(bent(c, sentence, always=True))
            case 3:
                made += [sentence, text(c)]
            case 4:
                made.insert(c.below(len(made) + 1), sentence)
    return made


def bent(c: Choices, whole: str, *, always: bool = False) -> str:
    """The document as it is or, one time in four, with up to three edits."""
    if not always and not c.once_in(4):
        return whole
    for _ in range(1 + c.below(3)):
        a = c.below(len(whole) + 1)
        b = min(len(whole), a + c.below(40))
        new = c.of(["", piece(c), whole[a:b] * 2, c.of('"[]{}<>=\\\n#,:'), "\\ud83d", "\0"])
        whole = whole[:a] + new + whole[b:]
    return whole


def line(c: Choices) -> str:
    """A line of `retold batch`."""
    original = sentences(c)
    version = version_of(c, original) if c.below(2) == 0 else sentences(c)
    row: dict[str, Any] = {"id": text(c), "language": c.of(LANGUAGES), "original": original, "version": version}
    if c.once_in(16):
        row[c.of(list(row))] = c.of([None, 1, [], {}, ["\ud800"], "\ud800", [1], [[]], True, -1e999])
    return bent(c, json.dumps(row, ensure_ascii=bool(c.below(2))))


def _string(c: Choices) -> str:
    """A TOML string of one of its four kinds, seldom empty."""
    value = "" if c.once_in(64) else "a " + text(c)
    literal = "".join(x for x in value if x != "'" and (x in "\t\n" or x >= " ") and x != "\x7f")
    match c.below(8):
        case 0:
            return "'" + literal.replace("\n", " ") + "'"
        case 1:
            return '"""' + literal.replace("\\", "").replace('"', "") + '"""'
        case 2 if c.once_in(64):
            return "'''\n[[decisions]]\n" + literal + "'''"
        case _:
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _seldom(c: Choices, sound: Sequence[str], faulty: Sequence[str]) -> str:
    return c.of(faulty) if c.once_in(24) else c.of(sound)


_BARE = ["2025-12-10", "0001-01-01", "9999-12-31"]
_MOMENTS = ["2025-12-10T10:00:00Z", "2025-12-10 10:00:00+07:00", "9999-12-31T23:59:59-12:00"]
_NO_DATES = ["10:00:00", "1", "''"]
_TYPES = ["added", "dropped", "changed", "moved"]


def review(c: Choices) -> str:
    """A review file."""

    def decision(c: Choices) -> str:
        on = c.of(SUBJECTS)
        rows = [("on", f'"{on}"'), ("decision", f'"{c.of(VERDICTS)}"'), ("document", _string(c))]
        rows += [("original", _string(c)), ("version", _string(c))]
        if on == "finding":
            rows += [("type", f'"{c.of(_TYPES)}"'), ("facet", f'"{c.of(FACETS)}"')]
            rows += [("before", _string(c)), ("after", _string(c))]
            if c.once_in(3):
                rows.append(("becomes", f'{{ after = {_string(c)}, type = "{c.of(_TYPES)}" }}'))
        if on == "translation":
            rows += [("english", _string(c)), ("machine", _string(c))]
        if c.once_in(3):
            rows += [("comment", _string(c)), ("author", _string(c)), ("date", _seldom(c, _BARE + _MOMENTS, _NO_DATES))]
        if c.once_in(3):
            rows += [(c.of(["original_nth", "version_nth"]), _seldom(c, ["1", "2", "0x10"], ["0", "true", "9" * 5000]))]
        return f"# {piece(c).strip() if c.once_in(64) else ''}\n[[decisions]]\n" + "".join(
            f"{k} = {v}\n" for k, v in rows
        )

    return bent(c, "# x\n" + "".join(c.some(decision, 5)))


def manifest(c: Choices) -> tuple[str, dict[str, bytes]]:
    """A story.toml and the files it names."""
    files: dict[str, bytes] = {}
    rows = [f"id = {_string(c)}", f"title = {_string(c)}"]
    for n in range(1 + c.below(4)):
        name = _seldom(c, [f"{n}.txt", f"{n}.md", f"{n}.html", f"{n}. x"], ["a/b.txt", "../x.txt", "x\0", "/dev/null"])
        data = ("The mayor said so. " + text(c)).encode()
        if name[0].isdigit():
            files[name] = data
        role = _seldom(c, ["version", "related"], ["original"]) if n else "original"
        language = c.of(LANGUAGES) if n else "en"
        rows += [
            "[[documents]]",
            f"id = {_string(c)}" if c.once_in(8) else f'id = "d{n}"',
            f"file = {json.dumps(name)}",
        ]
        rows += [f'language = "{language}"', f'role = "{role}"', f"publisher = {_string(c)}", f"note = {_string(c)}"]
        rows += [f'sha256 = "{hashlib.sha256(data).hexdigest()}"']
        if c.once_in(2):
            rows += [
                f"date = {_seldom(c, _BARE, _MOMENTS + _NO_DATES)}",
                f'dated = "{c.of(DATED)}"',
                'url = "https://x.example/"',
            ]
    return bent(c, "\n".join(rows) + "\n"), files


def _xml(value: str) -> str:
    """Text as XML 1.0 can hold it."""
    return "".join(x for x in escape(value) if x in "\t\n\r" or " " <= x <= "\ud7ff" or "\ue000" <= x <= "\ufffd")


def memory(c: Choices) -> str:
    """A TMX file."""

    def seg(c: Choices) -> str:
        some = _xml(text(c))
        return f"<bpt i='1'>{some}</bpt><hi>{_xml(text(c))}</hi>" if c.once_in(4) else some

    def unit(c: Choices) -> str:
        date = _seldom(c, ["20251210T100000Z", "", "99991231T235959Z"], ["20251210", "00000000T000000Z"])
        props = "".join(f"<prop type='{c.of(['x-engine', 'x-signature', 'x-warning', 'y'])}'>{_xml(text(c))}</prop>"
                        for _ in range(c.below(3)))  # fmt: skip
        tuvs = "".join(
            f"<tuv xml:lang='{_seldom(c, ['nl', 'en', 'id-ID', 'EN_us'], [''])}' changedate='{date}'>"
            f"<seg>{seg(c)}</seg></tuv>"
            for _ in range(1 + c.below(4))
        )
        return f"<tu changeid={quoteattr(_xml(text(c)) or 'a')}>{props}{tuvs}</tu>"

    head = _seldom(
        c, ["", "<?xml version='1.0'?>", "<!DOCTYPE tmx SYSTEM 'tmx14.dtd'>"], ["<!DOCTYPE tmx [<!ENTITY e 'e'>]>"]
    )
    return bent(c, f"{head}<tmx version='1.4'><header creationdate=''/><body>{''.join(c.some(unit, 6))}</body></tmx>")


_TAGS = [
    "p", "div", "article", "h1", "h2", "ul", "li", "ol", "table", "tr", "td", "blockquote", "section", "span", "b",
    "a", "script", "style", "nav", "figure", "figcaption", "pre", "br", "svg", "title", "template", "iframe",
]  # fmt: skip


def _element(c: Choices, deep: int = 0) -> str:
    if deep > 6 or c.below(2) == 0:
        return escape(text(c)) if c.below(8) else text(c)
    tag = c.of(_TAGS)
    attribute = c.of(
        ["", " class='article-body'", " href='x'", " hidden", " style='display:none'", " onload=x", " lang=nl"]
    )
    inner = "".join(_element(c, deep + 1) for _ in range(c.below(5)))
    return f"<{tag}{attribute}>{inner}" + ("" if c.once_in(16) else f"</{tag}>")


def page(c: Choices) -> bytes:
    """A web page."""
    charset = c.of(["utf-8", "utf-8", "latin-1", "utf-16", "idna", "x", "big5", "utf-7"])
    head = c.of(["", f"<meta charset={charset}>", "<?xml version='1.0' encoding='utf-8'?>", "<!doctype html>"])
    body = "".join(_element(c) for _ in range(1 + c.below(10)))
    meta = (
        f"<title>{escape(text(c))}</title><meta property='article:published_time' content='{c.of(_BARE + _MOMENTS)}'>"
    )
    return bent(c, f"{head}<html><head>{meta}</head><body>{body}</body></html>").encode("utf-8", "replace")


def markdown(c: Choices) -> bytes:
    """A Markdown file."""

    def part(c: Choices) -> str:
        lead = c.of(
            ["", "# ", "## ", "* ", "1. ", "> ", "    ", "```\n", "| a | b |\n|---|---|\n| ", "[x]: ", "<div>", "---\n"]
        )
        return lead + text(c) + c.of(["\n\n", "\n", "  \n", "\n===\n", "](x)\n"])

    front = c.of(["", f"---\ntitle: {text(c)}\n---\n", "---\n"])
    return bent(c, front + "".join(c.some(part, 12))).encode("utf-8", "replace")


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(c: Choices) -> bytes:
    """A Word document: paragraphs, runs, tables, tracked changes, notes; now and then with bytes changed."""

    def run(c: Choices) -> str:
        some = _xml(text(c))
        bold = c.of(["", "<w:b/>", '<w:vertAlign w:val="superscript"/>', '<w:rStyle w:val="x"/>'])
        made = (
            f'<w:r><w:rPr>{bold}</w:rPr><w:t xml:space="preserve">{some}</w:t>{c.of(["", "<w:br/>", "<w:tab/>"])}</w:r>'
        )
        wrap = c.of(["", "", "w:ins", "w:del", "w:hyperlink", "w:smartTag", "mc:AlternateContent"])
        return f"<{wrap}>{made}</{wrap}>" if wrap else made

    def paragraph(c: Choices) -> str:
        style = c.of(
            [
                "",
                '<w:pStyle w:val="Heading1"/>',
                '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>',
                '<w:pStyle w:val="Title"/>',
            ]
        )
        made = f"<w:p><w:pPr>{style}</w:pPr>{''.join(c.some(run, 4))}</w:p>"
        return f"<w:tbl><w:tr><w:tc>{made}</w:tc></w:tr></w:tbl>" if c.once_in(8) else made

    spaces = f'xmlns:w="{_W}" xmlns:r="{_REL}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body = bent(c, f"<w:document {spaces}><w:body>{''.join(c.some(paragraph, 8))}</w:body></w:document>")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override '
            'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
            f'Id="rId1" Type="{_REL}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr("word/document.xml", body.encode("utf-8", "replace"))
    data = bytearray(out.getvalue())
    for _ in range(c.below(4) if c.once_in(8) else 0):
        data[c.below(len(data))] = c.below(256)
    return bytes(data)
