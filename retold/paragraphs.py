"""The paragraphs of a text: its lines, with those put together that were broken inside a sentence."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from retold.records import Kind

_LINE = re.compile(r"\S[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*")
BULLET = re.compile(r"[\u200b\ufeff]*(?:([•‣▪◦●○■□▶►✓✔➤·*+–—-])|\(?(?:\d{1,3}|[a-zA-Z])[.)])[ \t\u00a0]+(?=\S)")
_WORD = re.compile(r"\w+(?:[.,'’-]\w+)*")
_STOPS = (".", "!", "?", "…", ":", ";", ",", "。", "！", "？")
_CLOSERS = "\"”’»)]'"
_WRAP_MOST = 100  # a text with longer lines is not wrapped by hand


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A stretch of a text that is one line, or several that belong together: `text[start:end]`."""

    start: int
    end: int
    text: str
    blank_before: bool
    kind: Kind | None = None

    @property
    def open_ended(self) -> bool:
        """It ends without the mark that ends a sentence."""
        return not self.text.rstrip(_CLOSERS).endswith(_STOPS)

    @property
    def words(self) -> int:
        return len(_WORD.findall(self.text, 0, 400))


def paragraphs(text: str) -> list[Paragraph]:
    """Lines, with those that a line break inside a sentence parted put together again."""
    lines: list[Paragraph] = []
    last = 0
    for found in _LINE.finditer(text):
        line = found[0].rstrip()
        gap = text[last : found.start()]
        blank = max(gap.count("\n"), gap.count("\r")) > 1
        last = found.start() + len(line)
        lines.append(Paragraph(found.start(), last, line, blank))
    joined: list[Paragraph] = []
    for block in _blocks(lines):
        width = _width(block)
        first = block[0]
        for before, p in itertools.pairwise(block):
            if _continues(before, p, width):
                continue
            joined.append(replace(first, end=before.end, text=text[first.start : before.end]))
            first = p
        joined.append(replace(first, end=block[-1].end, text=text[first.start : block[-1].end]))
    return joined


def _blocks(lines: list[Paragraph]) -> Iterator[list[Paragraph]]:
    """Runs of lines without a blank line between."""
    block: list[Paragraph] = []
    for p in lines:
        if p.blank_before and block:
            yield block
            block = []
        block.append(p)
    if block:
        yield block


def _width(block: list[Paragraph]) -> int | None:
    """The measure a block of lines was wrapped to by hand; None where it was not.

    Wrapped: nearly every line breaks where the next one's first word would not have fitted, and many of those words
    have a small initial.
    """
    width = max(p.end - p.start for p in block)
    if len(block) < 3 or not 40 <= width <= _WRAP_MOST:
        return None
    breaks = list(itertools.pairwise(block))
    full = sum(_fills(before, p, width) for before, p in breaks)
    small = sum(p.text[0].islower() for _, p in breaks)
    return width if 5 * full >= 4 * len(breaks) and 3 * small >= len(breaks) else None


def _fills(before: Paragraph, p: Paragraph, width: int) -> bool:
    """Whether the next line's first word would not have fitted on a line."""
    return before.end - before.start + 1 + len(p.text.split(None, 1)[0]) > width


def _continues(before: Paragraph, p: Paragraph, width: int | None) -> bool:
    """Whether a line goes on with the sentence of the line before it."""
    if BULLET.match(p.text):
        return False
    if before.open_ended and p.text[0].islower() and before.end - before.start >= 20:
        return True
    return width is not None and _fills(before, p, width)
