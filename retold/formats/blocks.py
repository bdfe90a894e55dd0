"""A tree of HTML to plain text: its blocks as paragraphs with a blank line between, list items marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from retold.records import RetoldError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DEEPEST = 250  # libxml2 leaves out, without a word, what lies below 255

# What is no text of the document, and what pages set apart from it.
_SKIPPED = frozenset(
    {"aside", "audio", "button", "canvas", "datalist", "dialog", "footer", "form", "head", "iframe", "input", "math"}
    | {"menu", "nav", "noscript", "object", "option", "script", "select", "style", "svg", "template", "textarea"}
    | {"title", "video"}
)
_INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img"}
    | {"ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time"}
    | {"tt", "u", "var", "wbr"}
)
_BOXES = frozenset({"article", "body", "center", "div", "main", "section", "table", "tbody", "td", "tr"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def tree(html: str, file: Path) -> HtmlElement:
    """HTML as a tree. Raises RetoldError where it holds nothing or is nested too deeply."""
    import lxml.etree
    import lxml.html

    # lxml reads no NUL and takes an encoding named inside a string amiss.
    html = re.sub(r"\A\s*<\?xml[^>]*\?>", "", html.replace("\0", ""))
    parser = lxml.html.HTMLParser(huge_tree=True, encoding="utf-8")
    try:
        made = lxml.html.document_fromstring(html.encode("utf-8", "replace"), parser=parser)
    except lxml.etree.ParserError:
        raise RetoldError(f"{file} is empty; a document needs some text") from None
    too_deep = any("depth" in error.message for error in parser.error_log)
    if too_deep or any(depth > DEEPEST for depth in _depths(made)):
        raise RetoldError(f"{file} is nested too deeply; the most that is read is {DEEPEST} elements inside each other")
    return made


def text(root: HtmlElement) -> str:
    """The words of a tree in reading order. Headings, list items, cells and paragraphs are blocks of their own.

    Blocks have a blank line between; inside one, white space is a single space and `<br>` a line break. List items
    begin with `• ` or their number. Left out: scripts, navigation, asides, footers, forms and what is hidden.
    """
    import lxml.etree

    blocks: list[str] = []
    line: list[str] = []
    lists: list[int | None] = []  # the next number of each open list; None where it has bullets
    marker = ""
    walk = lxml.etree.iterwalk(root, events=("start", "end", "comment", "pi"))

    def flush() -> None:
        nonlocal marker
        words = re.sub(r" *\n *", "\n", re.sub(r" +", " ", "".join(line))).strip(" \n")
        line.clear()
        if words:
            blocks.append(marker + words)
            marker = ""

    for event, element in walk:
        if event in ("comment", "pi"):
            if element is not root:
                line.append(_squeezed(element.tail))
            continue
        if event == "start":
            if _skipped(element):
                walk.skip_subtree()
                continue
            if element.tag == "br":
                line.append("\n")
            elif element.tag not in _INLINE:
                flush()
            if element.tag in ("ul", "ol"):
                lists.append(_first_number(element) if element.tag == "ol" else None)
            elif element.tag == "li":
                number = lists[-1] if lists else None
                marker = "• " if number is None else f"{number}. "
                if lists and number is not None:
                    lists[-1] = number + 1
            line.append(_squeezed(element.text, keep=_preformatted(element)))
            continue
        if not _skipped(element):
            if element.tag not in _INLINE and element.tag != "br":
                flush()
            if element.tag in ("ul", "ol") and lists:
                lists.pop()
            if element.tag == "li":
                marker = ""
        if element is not root:
            line.append(_squeezed(element.tail, keep=_preformatted(element.getparent())))
    flush()
    return "\n\n".join(blocks) + "\n" if blocks else ""


def holds_blocks(element: HtmlElement) -> bool:
    """Whether an element is a box for blocks, such as `div` or `article`, and not one line of text."""
    return bool(element.tag in _BOXES)


def _depths(root: HtmlElement) -> Iterator[int]:
    import lxml.etree

    depth = 0
    for event, _ in lxml.etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        yield depth


def _skipped(element: HtmlElement) -> bool:
    if element.tag in _SKIPPED or element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    return bool(_HIDDEN.search(element.get("style", "")))


def _preformatted(element: HtmlElement) -> bool:
    return bool(element.tag == "pre")


def _first_number(element: HtmlElement) -> int:
    start = element.get("start", "1")
    return int(start) if start.isascii() and start.isdigit() and len(start) < 4 else 1


def _squeezed(words: str | None, *, keep: bool = False) -> str:
    """HTML's white space as single spaces; keep: line breaks stay. A no-break space is no white space to HTML."""
    if not words:
        return ""
    return re.sub(r"[ \t\f\r]+" if keep else r"[ \t\n\f\r]+", " ", words)
