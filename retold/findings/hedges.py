"""Hedges that one side has and the other has not: “may” told as “will”, “about 1,000” as a thousand."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from retold.facts.cue import phrase
from retold.findings.beside import one_sided
from retold.findings.figures import readings
from retold.findings.kept import share
from retold.findings.passage import Item, Pair, Passage
from retold.languages import words
from retold.records import Finding

CONFIDENCE = 0.55
POSSIBLE = 0.4  # below even: the statement that was hedged may be gone too
KEPT = 0.3  # share of the words around a hedge that must have a counterpart
FIRM = 0.2  # where the other side says that a thing is so or will be
KEPT_SHARE = 0.5  # of those around “some”: it stands before any noun
# Classes that leave a statement open, or say it of some alone: one answers for another.
SAME = {"possible": "open", "likely": "open", "reported": "open", "partly": "share", "some": "share"}

# Within one language these are said in too many ways: possible at most.
LOOSE = frozenset({"some", "plan", "unsure", "condition", "reported"})


def compare(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """What each bead's hedges say on one side and not on the other, and its bounds of figures."""
    for pair in pairs:
        yield from _classes(pair)
        yield from _bounds(pair)


def _classes(pair: Pair) -> Iterator[Finding]:
    """Classes of hedges of one side alone, neither in the bead nor in the unlinked segments near it."""
    left, right = pair.original.of("hedge"), pair.version.of("hedge")
    lost = _lost(left, pair.original, pair.version, pair.near_version)
    new = _lost(right, pair.version, pair.original, pair.near_original)
    while lost and new:
        a, b = lost.pop(0), new.pop(0)
        sure = min(
            _sure(a, pair.original, pair.version, pair.near_version),
            _sure(b, pair.version, pair.original, pair.near_original),
        )
        yield Finding("changed", "hedge", a.n, b.n, a.text, b.text, sure, 0, a.span, b.span)
    for item in lost:
        firm = _firm(pair.version)
        sure = _sure(item, pair.original, pair.version, pair.near_version, FIRM if firm else KEPT)
        if firm:
            n, start, end, text = firm
            yield Finding("changed", "hedge", item.n, n, item.text, text, sure, 0, item.span, (start, end))
        else:
            yield from one_sided(pair, "hedge", [item], [], sure)
    for item in new:
        sure = _sure(item, pair.version, pair.original, pair.near_original)
        yield from one_sided(pair, "hedge", [], [item], sure)


def _lost(some: Sequence[Item], here: Passage, there: Passage, near: Passage) -> list[Item]:
    """The first hedge of each kind in each segment that nothing on the other side answers."""
    classes = {i.fact.value for i in (*there.of("hedge"), *near.of("hedge"))}
    # “Expects that it may” told as “expects that it will”: what answers its own class there answers for no other.
    spare = {_kind(v) for v in classes - {i.fact.value for i in some}}
    # Nor does one near by where the passage hedges otherwise itself: “I expect” told as “I hope”.
    weak = there.weak if there.of("hedge") else there.weak + near.weak
    out: dict[tuple[str, int], Item] = {}
    for item in some:
        value = item.fact.value
        # Told in a sentence of its own near by, “will ask” may stand for “may”.
        near_by = value == "possible" and _firm(near)
        told = value in classes or _kind(value) in spare
        if not told and not near_by and not any(weak["hedge", v] for v in _answering(value)):
            out.setdefault((_kind(value), item.n), item)
    return list(out.values())


def _kind(value: str) -> str:
    return SAME.get(value, value)


def _answering(value: str) -> Iterable[str]:
    """The classes whose weak cues answer for a class: its own, and for a share the other one's."""
    return [v for v, kind in SAME.items() if kind == "share"] if _kind(value) == "share" else [value]


def without_figures(hedges: Iterable[Finding], figures: Sequence[Finding]) -> Iterator[Finding]:
    """The hedges that no finding of a figure tells of already: “at least 90” told as “90”."""

    def both(a: tuple[int, int] | None, b: tuple[int, int] | None) -> bool:
        return a is not None and b is not None and a[0] < b[1] and b[0] < a[1]

    for h in hedges:
        if not any(
            (h.original == f.original and both(h.original_span, f.original_span))
            or (h.version == f.version and both(h.version_span, f.version_span))
            for f in figures
        ):
            yield h


def _sure(item: Item, here: Passage, there: Passage, near: Passage, least: float = KEPT) -> float:
    if here.language == there.language and item.fact.value in LOOSE:
        return POSSIBLE
    if _kind(item.fact.value) == "share":
        least = KEPT_SHARE
    return CONFIDENCE if share(item.n, *item.span, here, there, near) >= least else POSSIBLE


def _firm(passage: Passage) -> tuple[int, int, int, str] | None:
    """The first word of a passage that says a thing is so or will be."""
    for n, text in zip(passage.numbers, passage.texts, strict=True):
        if match := _assurance(passage.language).search(text):
            return n, match.start(), match.end(), match.group()
    return None


@functools.cache
def _assurance(language: str) -> re.Pattern[str]:
    return phrase(words(language)["facts"].get("firm", {}).get("words", ["(?!)"]))


def _bounds(pair: Pair) -> Iterator[Finding]:
    """The same figure, on one side with a bound (about, at least, up to), on the other bare."""
    left, right = (_single(p.of("number", "money")) for p in (pair.original, pair.version))
    for a in left:
        some = [b for b in right if readings(a.fact) & readings(b.fact)]
        if len(some) != 1:
            continue
        b = some[0]
        sure = POSSIBLE if not pair.across else CONFIDENCE
        bound = a.fact.value[0] in "<>~", b.fact.value[0] in "<>~"
        if bound[0] and not bound[1] and not _loose(b, pair.version) and _binds(a, pair.original):
            yield Finding("changed", "hedge", a.n, b.n, a.text, b.text, sure, 0, a.span, b.span)
        if (
            bound[1]
            and not bound[0]
            and b.fact.value[0] != "<"
            and not _loose(a, pair.original)
            and _binds(b, pair.version)
        ):
            yield Finding("changed", "hedge", a.n, b.n, a.text, b.text, sure, 0, a.span, b.span)


def _single(some: Sequence[Item]) -> list[Item]:
    """The figures whose amount stands once among them."""
    some = [i for i in some if not i.fact.value.endswith("th")]
    times = Counter(r for i in some for r in readings(i.fact))
    return [i for i in some if readings(i.fact) and all(times[r] == 1 for r in readings(i.fact))]


def _binds(item: Item, passage: Passage) -> bool:
    """Whether a bound is none in another sense: over three weeks, tot 5 procent."""
    text = passage.texts[passage.numbers.index(item.n)]
    table = words(passage.language)["facts"]["number"]
    return not phrase(table.get("unbound", ["(?!)"])).match(text, item.fact.start)


def _loose(item: Item, passage: Passage) -> bool:
    """Whether a word near a figure without a bound makes it no exact one: 1,000 or more, 20-an."""
    text = passage.texts[passage.numbers.index(item.n)]
    before, after = text[max(0, item.fact.start - 28) : item.fact.start], text[item.fact.end : item.fact.end + 18]
    around = re.split(r"[,;:.!?()]\s", before)[-1] + item.text + re.split(r"[,;:.!?()]", after)[0]
    return bool(phrase(words(passage.language)["facts"]["number"].get("loose", ["(?!)"])).search(around))
