"""Markdown to text: what it marks as a heading, an item or a paragraph becomes a block."""

from __future__ import annotations

import re
from pathlib import Path

from retold.formats import blocks, plain
from retold.records import RetoldError

_FRONT = re.compile(r"\A---[ \t]*\r?\n.*?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_MOST_NESTED = 100  # the parser leaves out what lies deeper


def text(data: bytes, file: Path) -> str:
    """The blocks of CommonMark with tables; a header of settings (`---`) is left out.

    Raises RetoldError for another encoding than UTF-8 and for nesting that is too deep.
    """
    from markdown_it import MarkdownIt

    source = _FRONT.sub("", plain.text(data, file).removeprefix("\ufeff"))
    parser = MarkdownIt("commonmark", {"maxNesting": _MOST_NESTED}).enable(["table", "strikethrough"])
    tokens = parser.parse(source)
    if any(token.level >= _MOST_NESTED - 1 for token in tokens):
        raise RetoldError(f"{file} is nested too deeply; the most that is read is {_MOST_NESTED - 1} levels")
    html = parser.renderer.render(tokens, parser.options, {})
    return blocks.text(blocks.tree(html, file)) if html.strip() else ""
