"""Times, quotations, hedges, negations and degree words that differ between the two sides of a bead."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from retold.facts.cue import phrase
from retold.facts.fold import fold
from retold.findings.beside import beside, one_sided
from retold.findings.kept import share
from retold.findings.passage import Item, Pair, Passage
from retold.languages import words
from retold.records import Finding


def compare(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """What each bead's cues say on one side and not on the other."""
    for pair in pairs:
        yield from _times(pair)
        yield from _quotes(pair)
        yield from _negations(pair)
        yield from _denied(pair)


POSSIBLE = 0.4  # the statement that was denied may be gone too
KEPT = 0.6  # share of the words around a negation that must have a counterpart: other tongues deny otherwise
DOUBTED = 0.55  # a negation that may belong to what a segment adds of its own


def _times(pair: Pair) -> Iterator[Finding]:
    """Days and looser times; the clock is a figure's affair, and a day's number too."""
    left = _missing(pair.original, pair.version, pair.near_version, pair.whole_version)
    right = _missing(pair.version, pair.original, pair.near_original, pair.whole_original)
    for some, others, there, of_original in (
        (left, right, pair.version, True),
        (right, left, pair.original, False),
    ):
        for item in list(some):
            whole = _period(item, there)
            if whole:
                some.remove(item)
                others[:] = [o for o in others if o != whole]
                a, b = (item, whole) if of_original else (whole, item)
                yield Finding("changed", "time", a.n, b.n, a.fact.text, b.fact.text, 0.6, 0, a.span, b.span)
    while left and right:
        a, b = left.pop(0), right.pop(0)
        yield Finding("changed", "time", a.n, b.n, a.fact.text, b.fact.text, 0.6, 0, a.span, b.span)
    yield from one_sided(pair, "time", left, right, 0.55)


BESIDE = 3  # segments before and behind a bead's in which its times may stand
LATELY = {"recent", "months:recent", "weeks:recent", "days:recent"}


def _missing(here: Passage, there: Passage, near: Passage, whole: Passage) -> list[Item]:
    """The times of one passage that the other text does not have near by; “now” and “so far” say too little."""
    low, high = min(there.numbers) - BESIDE, max(there.numbers) + BESIDE
    close = (o for o in whole.of("time") if low <= o.n <= high)
    values = {o.fact.value for o in (*there.of("time"), *near.of("time"), *close)}
    lately = bool({o.fact.value for o in (*there.of("time"), *near.of("time"))} & LATELY)
    return [
        i
        for i in here.of("time")
        if i.fact.value not in values
        and not i.fact.value.startswith("T")
        and i.fact.value not in ("now", "until-now")
        and not (here.language != there.language and fold(i.fact.text) in there.folded)  # Fox News Sunday
        and not (lately and i.fact.value in LATELY)
    ]


SHORTENED = 0.55  # a side that quotes at most this share of what the other does has shortened it
LONG = 40  # characters: shorter quotations differ in length by language


def _period(item: Item, there: Passage) -> Item | None:
    """What the other side says of the whole where this one says a part: 2014 for early 2014, next year for its half."""
    part, _, base = item.fact.value.partition(":")
    if not base or part in ("week", "month", "year", "weekday") or part.endswith("s:"):
        return None
    return next((o for o in there.of("time", "number") if o.fact.value == base), None)


def _quotes(pair: Pair) -> Iterator[Finding]:
    """Quotations that the other side does not set in quotation marks, or of which it quotes much less."""
    left, right = pair.original.of("quote"), pair.version.of("quote")
    marks = re.compile(r"[“”\"„«»‘]|(?<!\w)'")
    if left and not right and not any(marks.search(t) for t in pair.version.texts):
        for i in left:
            n = beside(pair, i.n, i.span, of_original=True)
            yield Finding("changed", "quote", i.n, n, i.fact.text, "", 0.6, 0, i.span, None)
    if left and right and all(_whole(i) for i in (*left, *right)):
        mine, theirs = (sum(i.fact.end - i.fact.start for i in side) for side in (left, right))
        if min(mine, theirs) < SHORTENED * max(mine, theirs) and max(mine, theirs) > LONG:
            a, b = (max(side, key=lambda i: i.fact.end - i.fact.start) for side in (left, right))
            yield Finding("changed", "quote", a.n, b.n, a.fact.text, b.fact.text, 0.6, 0, a.span, b.span)
    if right and not left and not any(marks.search(t) for t in pair.original.texts):
        for i in right:
            n = beside(pair, i.n, i.span, of_original=False)
            yield Finding("changed", "quote", n, i.n, "", i.fact.text, 0.6, 0, None, i.span)


def _whole(item: Item) -> bool:
    """Whether a quotation is closed and none stands within it: the length of others tells nothing."""
    return item.text[-1] in "”\"’'»“" and not re.search(r"[“”\"„«»‘]|(?<!\w)'", item.text[1:-1])


def _negations(pair: Pair) -> Iterator[Finding]:
    """More negations on one side than on the other, the unlinked segments near it counted in.

    Of several segments one may deny in a clause of its own what the other side says nothing of: in doubt.
    """
    left, right = _denials(pair.original), _denials(pair.version)
    if len(pair.original.numbers) != len(pair.version.numbers):
        # Two sentences for one may both say what is denied: the one that denies most counts.
        left, right = _most(left), _most(right)
    extra = len(left) - len(right)
    more, less = pair.version.weak - pair.original.weak, pair.original.weak - pair.version.weak
    abroad = pair.across
    answers = ["not", "abroad"] if abroad else ["not"]
    if extra > 0 and not pair.near_version.of("negation") and not any(more["negation", a] for a in answers):
        for i in left[-extra:]:
            sure = DOUBTED if len(pair.original.numbers) > 1 else 0.6
            kept = not abroad or share(i.n, *i.span, pair.original, pair.version, pair.near_version) >= KEPT
            yield from one_sided(pair, "negation", [i], [], sure if kept else POSSIBLE)
    if extra < 0 and not pair.near_original.of("negation") and not any(less["negation", a] for a in answers):
        for i in right[extra:]:
            sure = DOUBTED if len(pair.version.numbers) > 1 else 0.6
            kept = not abroad or share(i.n, *i.span, pair.version, pair.original, pair.near_original) >= KEPT
            yield from one_sided(pair, "negation", [], [i], sure if kept else POSSIBLE)


def _denied(pair: Pair) -> Iterator[Finding]:
    """Who denies what another says, on one side alone: told without it, a charge stands as fact."""
    sides = (pair.original, pair.version, pair.near_version), (pair.version, pair.original, pair.near_original)
    lost, new = (list(_denials_of(here)) if not _answered(there, near) else [] for here, there, near in sides)
    for n, start, end, text in lost[:1]:
        m = beside(pair, n, (start, end), of_original=True)
        yield Finding("dropped", "negation", n, m, text, "", DOUBTED, 0, (start, end), None)
    for n, start, end, text in new[:1]:
        m = beside(pair, n, (start, end), of_original=False)
        yield Finding("added", "negation", m, n, "", text, DOUBTED, 0, None, (start, end))


def _denials_of(passage: Passage) -> Iterator[tuple[int, int, int, str]]:
    pattern = phrase(words(passage.language)["facts"]["negation"].get("denials", ["(?!)"]))
    for n, text in zip(passage.numbers, passage.texts, strict=True):
        yield from ((n, m.start(), m.end(), m.group()) for m in pattern.finditer(text))


def _answered(there: Passage, near: Passage) -> bool:
    """Whether a side denies at all, be it with a plain negation."""
    denying = any(next(_denials_of(p), None) for p in (there, near))
    return denying or bool(there.of("negation"))


def _most(some: list[Item]) -> list[Item]:
    """Those of the segment that has most."""
    return max(([i for i in some if i.n == n] for n in dict.fromkeys(i.n for i in some)), key=len, default=[])


def _denials(passage: Passage) -> list[Item]:
    """The negations without those that only carry on another: neither … nor."""
    again = frozenset(words(passage.language)["facts"]["negation"].get("again", []))
    out: list[Item] = []
    for item in passage.of("negation"):
        if item.fact.text.casefold() not in again or not any(o.n == item.n for o in out):
            out.append(item)
    return out
