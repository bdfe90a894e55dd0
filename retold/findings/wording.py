"""Times, sources, quotations, hedges, negations and degree words that differ between the two sides of a bead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from retold.findings.names import same
from retold.findings.passage import Item, Pair, Passage
from retold.records import FactType, Finding


def compare(pairs: Sequence[Pair], dropped: Passage, added: Passage) -> Iterator[Finding]:
    """What each bead's cues say on one side and not on the other."""
    for pair in pairs:
        yield from _times(pair)
        yield from _sources(pair, dropped, added)
        yield from _quotes(pair)
        yield from _cues(pair, "hedge", 0.55)
        yield from _negations(pair)


def _times(pair: Pair) -> Iterator[Finding]:
    """Days and looser times; the clock is a figure's affair, and a day's number too."""
    left = _missing(_loose(pair.original), _loose(pair.version))
    right = _missing(_loose(pair.version), _loose(pair.original))
    left = [i for i in left if i.fact.value not in {o.fact.value for o in pair.whole_version.of("time")}]
    right = [i for i in right if i.fact.value not in {o.fact.value for o in pair.whole_original.of("time")}]
    while left and right:
        a, b = left.pop(0), right.pop(0)
        yield Finding("changed", "time", a.n, b.n, a.fact.text, b.fact.text, 0.6, 0, a.span, b.span)
    yield from _one_sided(pair, "time", left, right, 0.55)


def _loose(passage: Passage) -> list[Item]:
    return [i for i in passage.of("time") if not i.fact.value.startswith("T")]


_NOW = {"now", "until-now", "recent", "months:recent", "weeks:recent"}


def _missing(some: list[Item], others: list[Item]) -> list[Item]:
    values = {o.fact.value for o in others}
    close = bool(values & _NOW)
    return [
        i for i in some if i.fact.value not in values and not (close and i.fact.value in _NOW) and i.fact.value != "now"
    ]


def _sources(pair: Pair, dropped: Passage, added: Passage) -> Iterator[Finding]:
    """Attributions matched by kind and name; unnamed people by whether count, closeness or verb changed."""
    left, right = list(pair.original.of("source")), list(pair.version.of("source"))
    for a, b in _matched(left, right):
        left.remove(a)
        right.remove(b)
        if _changed(a.fact.value, b.fact.value):
            yield Finding("changed", "source", a.n, b.n, a.fact.text, b.fact.text, 0.75, 0, a.span, b.span)
    left = [i for i in left if not _named_there(i, pair.version)]
    right = [i for i in right if not _named_there(i, pair.original)]
    while left and right:
        a, b = left.pop(0), right.pop(0)
        yield Finding("changed", "source", a.n, b.n, a.fact.text, b.fact.text, 0.6, 0, a.span, b.span)
    yield from _one_sided(pair, "source", left, right, 0.65)


def _matched(left: list[Item], right: list[Item]) -> list[tuple[Item, Item]]:
    out, free = [], list(right)
    for a in left:
        for b in free:
            x, y = a.fact.value.split(":"), b.fact.value.split(":")
            if x[0] == y[0] and (x[0] == "anonymous" or any(same(p, q) for p in x[1].split() for q in y[1].split())):
                out.append((a, b))
                free.remove(b)
                break
    return out


def _changed(a: str, b: str) -> bool:
    """Whether count, closeness or strength differ; a verb less or more alone says nothing."""
    x, y = a.split(">")[0].split(":"), b.split(">")[0].split(":")
    count = x[0] == "anonymous" and x[1] != y[1]
    close = x[2] != y[2]
    strength = x[3] != y[3] and "-" not in (x[3], y[3])
    return count or close or strength


def _named_there(item: Item, passage: Passage) -> bool:
    """Whether a named source's name stands on the other side in another construction."""
    kind, who, *_ = item.fact.value.split(":")
    return kind == "named" and any(same(w, v) for w in who.split() for v in passage.folded if len(w) > 2)


def _quotes(pair: Pair) -> Iterator[Finding]:
    """Quotations that the other side does not set in quotation marks."""
    left, right = pair.original.of("quote"), pair.version.of("quote")
    marks = re.compile(r"[“”\"„«»‘]|(?<!\w)'")
    if left and not right and not any(marks.search(t) for t in pair.version.texts):
        for i in left:
            n = pair.opposite(i.n, i.fact.start, of_original=True)
            yield Finding("changed", "quote", i.n, n, i.fact.text, "", 0.6, 0, i.span, None)
    if right and not left and not any(marks.search(t) for t in pair.original.texts):
        for i in right:
            n = pair.opposite(i.n, i.fact.start, of_original=False)
            yield Finding("changed", "quote", n, i.n, "", i.fact.text, 0.6, 0, None, i.span)


def _cues(pair: Pair, type_: FactType, confidence: float) -> Iterator[Finding]:
    """Classes of cues one side has and the other has not."""
    left, right = pair.original.of(type_), pair.version.of(type_)
    theirs, ours = {i.fact.value for i in right}, {i.fact.value for i in left}
    lost, new = [i for i in left if i.fact.value not in theirs], [i for i in right if i.fact.value not in ours]
    while lost and new:
        a, b = lost.pop(0), new.pop(0)
        yield Finding("changed", type_, a.n, b.n, a.fact.text, b.fact.text, confidence, 0, a.span, b.span)
    yield from _one_sided(pair, type_, lost, new, confidence)


def _negations(pair: Pair) -> Iterator[Finding]:
    """More negations on one side than on the other."""
    left, right = pair.original.of("negation"), pair.version.of("negation")
    if len(left) == len(right):
        return
    if not right or len(left) > len(right):
        some, type_ = left[len(right) :] if len(left) > len(right) else left, "dropped"
    if len(right) > len(left):
        some, type_ = right[len(left) :], "added"
    extra = abs(len(left) - len(right))
    lost, new = (list(some[:extra]), []) if type_ == "dropped" else ([], list(some[:extra]))
    yield from _one_sided(pair, "negation", lost, new, 0.6)


def _one_sided(
    pair: Pair, facet: FactType, lost: Sequence[Item], new: Sequence[Item], confidence: float
) -> Iterator[Finding]:
    for i in lost:
        n = pair.opposite(i.n, i.fact.start, of_original=True)
        yield Finding("dropped", facet, i.n, n, i.fact.text, "", confidence, 0, i.span, None)
    for i in new:
        n = pair.opposite(i.n, i.fact.start, of_original=False)
        yield Finding("added", facet, n, i.n, "", i.fact.text, confidence, 0, None, i.span)
