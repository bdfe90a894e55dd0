"""A web page: the part of it that is the article, and what it says of itself."""

from __future__ import annotations

import codecs
import datetime
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retold.formats import blocks, plain
from retold.records import RetoldError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ENDINGS = (".html", ".htm", ".xhtml")
# A charset or an encoding, as a page's first bytes name it (the HTML standard reads 1,024).
_DECLARED = re.compile(
    rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)|\A\s*<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)""", re.I
)
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Codecs of Python's that no page can be in: they read escapes and host names, or refuse everything.
_NO_CHARSET = frozenset({"undefined", "unicode-escape", "raw-unicode-escape", "idna", "punycode"})
# Browsers read pages that call themselves Latin-1 or ASCII as Windows-1252.
_AS_WINDOWS = frozenset({"iso8859-1", "latin-1", "ascii", "cp1252"})
_ENOUGH = 0.9  # of the article's characters, for the part of the page that holds it
_LEAST = 250  # characters: a page with less of an article than this is read whole


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of itself; "" or None where it does not."""

    title: str = ""
    outlet: str = ""
    date: datetime.date | None = None
    url: str = ""


def text(data: bytes, file: Path) -> str:
    """The title and every block of the article, those that trafilatura would pass over among them.

    trafilatura finds where on the page the article is; the smallest part that holds it is read whole. Raises
    RetoldError for an encoding that is not said or not true, and for a page nested too deeply.
    """
    html = characters(data, file)
    root = blocks.tree(html, file)
    found = blocks.text(_article(root, html))
    title = said(html).title
    if title and found and _plain(title) not in _plain(found[: 4 * len(title) + 400]):
        found = f"{title}\n\n{found}"
    return found


def characters(data: bytes, file: Path) -> str:
    """A page's characters: by its byte order mark, else the charset it declares, else UTF-8."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return plain.decoded(data, encoding, file, "begins with a byte order mark")
    declared = _DECLARED.search(data[:1024])
    if not declared:
        return plain.text(data, file)
    name = next(g for g in declared.groups() if g).decode("ascii", "replace")
    try:
        known = codecs.lookup(name).name
        if known in _NO_CHARSET:
            raise LookupError
        "a".encode(known)
    except LookupError:
        raise RetoldError(
            f"{file} says it is in {name!r}, which is no known encoding: save the file as UTF-8"
        ) from None
    if known in _AS_WINDOWS:
        known = "cp1252"
    elif known.startswith(("utf-16", "utf-32")):  # the declaration could be read, so it cannot be true
        known = "utf-8"
    return plain.decoded(data, known, file, f"says it is in {name!r}")


def said_in(data: bytes, file: Path) -> Said:
    """What the file says of itself if it is a web page; nothing if it is not."""
    return said(characters(data, file)) if file.suffix.lower() in ENDINGS else Said()


def said(html: str) -> Said:
    """A page's title, outlet, day of publication and address, as its metadata have them."""
    found = _trafilatura().extract_metadata(html)
    if found is None:
        return Said()
    try:
        date = datetime.date.fromisoformat(found.date or "")
    except ValueError:
        date = None
    url = found.url or ""
    return Said(
        " ".join((found.title or "").split()),
        " ".join((found.sitename or "").split()),
        date,
        url if url.startswith(("https://", "http://")) else "",
    )


def _trafilatura() -> Any:
    """The library, loaded when first needed; what it logs of pages it makes nothing of is no news to the reader."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    return trafilatura


def _article(root: HtmlElement, html: str) -> HtmlElement:
    """The smallest part of the page that holds nearly all of the article's words and the heading over it."""
    body = root.find("body")
    body = root if body is None else body
    told = _trafilatura().extract(html, output_format="txt", include_comments=False) or ""
    lines = [line for line in map(_plain, told.splitlines()) if line]
    needed = _ENOUGH * sum(map(len, lines))
    if sum(map(len, lines)) < _LEAST:
        return body
    place = body
    while True:
        for child in place:
            if isinstance(child.tag, str) and blocks.holds_blocks(child) and _held(child, lines) >= needed:
                place = child
                break
        else:
            break
    # The heading often stands above the box of the text, with the byline and the first paragraph between.
    heads = body.findall(".//h1")
    above = place
    while len(heads) == 1 and above is not body and heads[0] not in above.iter("h1"):
        above = above.getparent()
    return place if above is body else above


def _held(part: HtmlElement, lines: list[str]) -> int:
    words = _plain(part.text_content())
    return sum(len(line) for line in lines if line in words)


def _plain(words: str) -> str:
    """Letters and digits alone, to find words again whatever became of the space and the marks between."""
    return re.sub(r"[\W_]+", "", words.casefold())
