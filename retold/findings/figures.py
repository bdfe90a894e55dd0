"""Numbers, sums and times of day that differ between the two sides of a bead."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from retold.facts.number import amounts
from retold.findings.passage import Item, Pair, Passage
from retold.records import Fact, Finding


def compare(pair: Pair) -> Iterator[Finding]:
    """The figures of a bead that have no equal on the other side, paired where both sides have one over."""
    original, version = _figures(pair.original), _figures(pair.version)
    left, right = _unmatched(original, version), _unmatched(version, original)
    left = [i for i in left if not _elsewhere(i, pair.whole_version, pair.version)]
    right = [i for i in right if not _elsewhere(i, pair.whole_original, pair.original)]
    while left and right:
        a, b, cost = min(
            ((a, b, _cost(a, b, pair)) for a in left for b in right), key=lambda t: t[2]
        )
        if cost > 2:
            break
        left.remove(a)
        right.remove(b)
        if _converted(a, b, pair):
            continue
        sure = 0.95 if _is_figure(a) and _is_figure(b) else 0.7
        yield Finding("changed", "number", a.n, b.n, a.fact.text, b.fact.text, sure, 0, a.span, b.span)
    for i in left:
        if _is_figure(i) or _marked(i):
            facet = "money" if i.fact.type == "money" else "number"
            n = pair.opposite(i.n, i.fact.start, of_original=True)
            yield Finding("dropped", facet, i.n, n, i.fact.text, "", 0.6, 0, i.span, None)
    for i in right:
        if _is_figure(i) or _marked(i):
            facet = "money" if i.fact.type == "money" else "number"
            n = pair.opposite(i.n, i.fact.start, of_original=False)
            yield Finding("added", facet, n, i.n, "", i.fact.text, 0.6, 0, None, i.span)


def readings(fact: Fact) -> frozenset[Decimal]:
    """Every amount a figure can stand for: 1.234 is a thousand or one and a bit, 8 p.m. is 8 and 20."""
    if fact.type == "time":
        clock = re.fullmatch(r"T(\d\d):(\d\d)", fact.value)
        if not clock:
            return frozenset()
        hour, minute = int(clock[1]), int(clock[2])
        return frozenset(Decimal((h % 24) * 100 + minute) / 100 for h in (hour, hour + 12))
    amount = amounts(fact.value)
    some = {amount}
    if re.search(r"(?<!\d)\d{1,3}[.,]\d{3}(?![\d.,])", fact.text):
        some |= {amount * 1000, amount / 1000}
    return frozenset(some)


def _figures(passage: Passage) -> list[Item]:
    clocks = [i for i in passage.of("time") if i.fact.value.startswith("T")]
    return [*passage.of("number", "money"), *clocks]


def _unmatched(some: list[Item], others: list[Item]) -> list[Item]:
    """Those of `some` without an equal among `others`; one there answers any number of repeats here."""
    theirs = [readings(o.fact) for o in others]
    return [i for i in some if not any(readings(i.fact) & t for t in theirs)]


def _elsewhere(item: Item, whole: Passage, here: Passage) -> bool:
    """Whether the other text has the figure outside this bead: then it moved, or the bead misses a segment."""
    mine = readings(item.fact)
    if not _is_figure(item):
        return True if mine & whole.amounts else False
    return any(mine & readings(o.fact) for o in _figures(whole) if o.n not in here.numbers and abs(o.n - here.numbers[0]) <= 2)


def _is_figure(item: Item) -> bool:
    return bool(re.search(r"\d", item.fact.text))


def _marked(item: Item) -> bool:
    """A number in words that carries a bound or a unit: almost six times, two million."""
    return bool(re.search(r"[<>~%x]", item.fact.value)) and not item.fact.value.endswith("th")


def _cost(a: Item, b: Item, pair: Pair) -> float:
    """How unlikely it is that b stands for a: different kinds of figure and different places."""
    cost = abs(pair.original.place(a.n, a.fact.start) - pair.version.place(b.n, b.fact.start))
    cost += 0.5 * (re.sub(r"[\d.<>~]", "", a.fact.value) != re.sub(r"[\d.<>~]", "", b.fact.value))
    cost += 1.6 * (not _is_figure(a)) + 1.6 * (not _is_figure(b))
    return cost


# Units news translators convert, and what one of the first is in the second.
_UNITS = [(1.609344, r"mil|mijl"), (0.3048, r"f[eo][eo]t|kaki|voet"), (2.54, r"inch"), (0.45359, r"pound|pon"), (0.9144, r"yard")]


def _converted(a: Item, b: Item, pair: Pair) -> bool:
    """Whether the two figures are one measure in two systems, within a tenth: 60 miles and 97 kilometres."""
    x, y = amounts_of(a), amounts_of(b)
    if not x or not y:
        return False
    ratios = [r for r, _ in _UNITS] + [1 / r for r, _ in _UNITS] + [100 / 3.28084]
    units = re.compile(rf"\b(?:{'|'.join(u for _, u in _UNITS)}|kilomet|met[er]|cm|km|sentimet|centimet|kg|kilo)", re.I)
    text = pair.original.texts[pair.original.numbers.index(a.n)][a.fact.end : a.fact.end + 18]
    other = pair.version.texts[pair.version.numbers.index(b.n)][b.fact.end : b.fact.end + 18]
    if units.search(text) and units.search(other) and any(abs(float(y / x) / r - 1) < 0.1 for r in ratios):
        return True
    fahrenheit = (float(x) - 32) / 1.8
    return bool("°" in text + other or "deg" in text) and abs(fahrenheit - float(y)) < 1.5


def amounts_of(item: Item) -> Decimal:
    return Decimal(0) if item.fact.type == "time" else amounts(item.fact.value)
