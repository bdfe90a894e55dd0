"""A document's segments: its paragraphs, what kind each is, and its sentences, all with offsets.

Nothing is thrown away: page chrome and plugs become segments of the kind `boilerplate`.
"""

from __future__ import annotations

import importlib.metadata
import re
from dataclasses import replace

from retold import chrome
from retold.boundaries import boundaries
from retold.facts import dateline
from retold.paragraphs import BULLET, Paragraph, paragraphs
from retold.records import Document, Kind, Segment

RULES = "1"
# What a cached result depends on: our rules (count up with every change of a cut or a kind) and yasbd's.
SIGNATURE = f"segment {RULES}, yasbd-lib {importlib.metadata.version('yasbd-lib')}"

_SURE_BULLETS = frozenset("•‣▪◦●○■□▶►✓✔➤·")
_TRAIL = re.compile(r"\w\s+[/|>›»•]\s+\w")
_HASHES = re.compile(r"#{1,6}\s+\S")

# The measure of a heading: subheads of the wires run to some 12 words, headlines to some 20.
_HEADING_WORDS, _HEADING_LENGTH = 14, 120
_TITLE_WORDS, _TITLE_LENGTH = 30, 220


def segment(document: Document) -> tuple[Segment, ...]:
    """The document's segments in order: they never overlap, slice back by their offsets, and leave out only whitespace.

    Sentence boundaries by yasbd-lib with our word lists; kinds as records.Kind lists them. A title, a heading or a
    dateline is one segment, every other paragraph is cut into sentences of its kind. Time grows linearly with the text.
    Raises RetoldError for a language without word lists.
    """
    segments: list[Segment] = []
    for p in _kinds(paragraphs(document.text), document.language):
        kind = p.kind or "sentence"
        cuts = [len(p.text)] if kind in ("title", "heading", "dateline") else _cuts(p, kind, document.language)
        start = 0
        for cut in cuts:
            raw = p.text[start:cut]
            text = raw.strip()
            if text:
                at = p.start + start + len(raw) - len(raw.lstrip())
                own = kind if len(text) == len(p.text) else _within(text, kind, document.language)
                segments.append(Segment(len(segments), at, at + len(text), own, text))
            start = cut
    return tuple(segments)


def _within(text: str, kind: Kind, language: str) -> Kind:
    """The kind of one sentence of a longer paragraph, which may hold a plug or end in a signature."""
    if kind == "sentence" and chrome.is_plug(text):
        return "boilerplate"
    return "byline" if kind == "sentence" and chrome.is_signature(text, language) else kind


def _cuts(p: Paragraph, kind: Kind, language: str) -> list[int]:
    marker = BULLET.match(p.text) if kind == "list_item" else None
    skip = marker.end() if marker else 0
    # The bracket round a byline holds several statements.
    return [skip + b for b in boundaries(p.text[skip:], language, brackets=kind != "byline")]


def _kinds(some: list[Paragraph], language: str) -> list[Paragraph]:
    """Each paragraph with its kind."""
    listed = _listed(some)
    kinds: list[Kind | None] = [_own_kind(p, language, n in listed) for n, p in enumerate(some)]
    _comment_box(some, kinds)
    _menus(some, kinds)
    _kickers(some, kinds)
    _titles(some, kinds)
    return [replace(p, kind=kind or "sentence") for p, kind in zip(some, kinds, strict=True)]


def _own_kind(p: Paragraph, language: str, listed: bool) -> Kind | None:
    """The kind that a paragraph shows by itself; None: a sentence, or a heading if the place is right."""
    if chrome.is_byline(p.text, language):
        return "byline"
    if len(p.text) <= 160 and dateline.is_dateline(p.text, language):
        return "dateline"
    if chrome.opens_comments(p.text):
        return "boilerplate"
    if _HASHES.match(p.text):  # "## Next" is a heading, "Next" a button
        return "heading"
    if chrome.is_chrome(p.text):
        return "boilerplate"
    return "list_item" if listed else None


def _listed(some: list[Paragraph]) -> set[int]:
    """The numbers of list items: a sure bullet by itself; a dash or a number beside another, or after a colon."""
    marked: dict[int, str] = {}
    for n, p in enumerate(some):
        found = BULLET.match(p.text)
        if found:
            marked[n] = found[1] or "1"
    return {
        n
        for n, mark in marked.items()
        if mark in _SURE_BULLETS
        or marked.get(n - 1) == mark
        or marked.get(n + 1) == mark
        or (n and some[n - 1].text.endswith(":"))
    }


def _comment_box(some: list[Paragraph], kinds: list[Kind | None]) -> None:
    """What follows the head of a comment box in a page's last third is readers' words."""
    total = sum(p.end - p.start for p in some)
    seen = 0
    inside = False
    for n, p in enumerate(some):
        inside = inside or (3 * seen >= 2 * total and chrome.opens_comments(p.text))
        seen += p.end - p.start
        if inside:
            kinds[n] = "boilerplate"


def _menus(some: list[Paragraph], kinds: list[Kind | None]) -> None:
    """Three or more lines of one to three words on end are a menu or a row of tags."""
    run: list[int] = []
    for n, p in enumerate([*some, None]):
        if p is not None and (kinds[n] == "boilerplate" or (kinds[n] is None and p.open_ended and p.words <= 3)):
            run.append(n)
            continue
        if sum(kinds[k] is None for k in run) >= 3:
            for k in run:
                kinds[k] = "boilerplate"
        run = []


def _kickers(some: list[Paragraph], kinds: list[Kind | None]) -> None:
    """A section's name or a trail above the title, and teasers among chrome below the text, are chrome too."""
    bodies = [n for n, p in enumerate(some) if kinds[n] == "list_item" or (kinds[n] is None and not p.open_ended)]
    if not bodies:
        return
    above = [n for n in range(bodies[0]) if kinds[n] is None and _short(some[n], title=True)]
    for n in above[:-1]:
        if some[n].words > 2 and not _TRAIL.search(some[n].text):
            break
        kinds[n] = "boilerplate"
    run: list[int] = []
    for n in range(bodies[0], len(some) + 1):
        if n < len(some) and kinds[n] is None and _short(some[n], title=False):
            run.append(n)
            continue
        if run and kinds[run[0] - 1] == "boilerplate" and (n == len(some) or kinds[n] == "boilerplate"):
            for k in run:
                kinds[k] = "boilerplate"
        run = []


def _titles(some: list[Paragraph], kinds: list[Kind | None]) -> None:
    """Title, headings, and lines that repeat them."""
    last = max((n for n, kind in enumerate(kinds) if kind in (None, "list_item")), default=-1)
    first = next((n for n, kind in enumerate(kinds) if kind in (None, "heading")), None)
    candidates: list[int] = []
    heads: set[str] = set()
    title = ""
    for n, p in enumerate(some):
        if kinds[n] not in (None, "heading") or n >= last:
            continue
        # A title may ask or exclaim where an empty line sets it off.
        asking = n == first and p.text.endswith(("?", "!")) and p.words <= _HEADING_WORDS and some[n + 1].blank_before
        if not asking and not _short(p, title=n == first):
            continue
        folded = " ".join(p.text.casefold().split())
        if folded in heads or (title and _repeats(folded, title)):
            kinds[n] = "boilerplate"
            continue
        heads.add(folded)
        if n == first:
            kinds[n], title = "title", folded
        elif kinds[n] is None:
            candidates.append(n)
    # Where most lines have no full stop, it is the writer's way and not the mark of a heading.
    bodies = sum(kind is None for kind in kinds) - len(candidates)
    unstopped = len(candidates) >= 4 and len(candidates) > 2 * bodies
    for n in candidates:
        if not (unstopped and some[n].words >= 4):
            kinds[n] = "heading"


def _short(p: Paragraph, *, title: bool) -> bool:
    """Whether a paragraph has the measure of a heading or a title."""
    longest, most = (_TITLE_LENGTH, _TITLE_WORDS) if title else (_HEADING_LENGTH, _HEADING_WORDS)
    return p.end - p.start <= longest and p.open_ended and p.words <= most and not p.text[0].islower()


def _repeats(line: str, title: str) -> bool:
    """Whether a line is the title again, with or without a site's name."""
    short, long = sorted((line, title), key=len)
    return (
        len(short) >= 15
        and long.startswith(short)
        and re.match(r"\s*(?:[|–—·:-].{1,40})?\Z", long[len(short) :]) is not None
    )
