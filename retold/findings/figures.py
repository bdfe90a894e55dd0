"""Numbers, sums and times of day that differ between the two sides of a bead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from retold.facts.number import amounts
from retold.findings.passage import Item, Pair, Passage
from retold.records import Facet, Fact, Finding


def compare(pairs: Sequence[Pair], dropped: Passage, added: Passage) -> Iterator[Finding]:
    """The figures of each bead that have no equal on the other side, paired where both sides have one over.

    dropped, added: the segments in no two-sided bead, where a figure may have moved to or come from.
    """
    over = []
    for pair in pairs:
        original, version = figures(pair.original), figures(pair.version)
        left = _over(original, version, pair.original, pair.version)
        right = _over(version, original, pair.version, pair.original)
        if not (left and right):
            more, theirs = _repeated(original, version), _repeated(version, original)
            if (left or more) and (right or theirs):
                left, right = left or more, right or theirs
        over.append((pair, left, right))
    lost = Counter(r for _, left, _ in over for i in left for r in readings(i.fact)) + Counter(dropped.amounts)
    new = Counter(r for _, _, right in over for i in right for r in readings(i.fact)) + Counter(added.amounts)
    for pair, left, right in over:
        if pair.whole_original.language != pair.whole_version.language:
            left = [i for i in left if is_figure(i) or not readings(i.fact) & pair.whole_version.amounts]
            right = [i for i in right if is_figure(i) or not readings(i.fact) & pair.whole_original.amounts]
        left = [i for i in left if not any(new[r] for r in readings(i.fact))]
        right = [i for i in right if not any(lost[r] for r in readings(i.fact))]
        yield from _judge(pair, left, right)


def _judge(pair: Pair, left: list[Item], right: list[Item]) -> Iterator[Finding]:
    for a, b in _pairs(left, right, pair):
        left.remove(a)
        right.remove(b)
        sure = 0.9 if is_figure(a) and is_figure(b) else 0.6
        yield Finding("changed", "number", a.n, b.n, a.fact.text, b.fact.text, sure, 0, a.span, b.span)
    for i in left:
        if _tells(i, pair.original):
            n = pair.opposite(i.n, i.fact.start, of_original=True)
            yield Finding("dropped", _facet(i), i.n, n, i.fact.text, "", 0.6, 0, i.span, None)
    for i in right:
        if _tells(i, pair.version):
            n = pair.opposite(i.n, i.fact.start, of_original=False)
            yield Finding("added", _facet(i), n, i.n, "", i.fact.text, 0.6, 0, None, i.span)


_ONE = frozenset({Decimal(1), Decimal("1.5")})  # a mile is 1 mil and anderhalve kilometer


def _facet(item: Item) -> Facet:
    return "money" if item.fact.type == "money" else "number"


def _over(some: list[Item], others: list[Item], here: Passage, there: Passage) -> list[Item]:
    """Those of `some` without an equal among `others`; one there answers any number of repeats here."""
    theirs = [(o, readings(o.fact)) for o in others]
    ours = frozenset(r for i in some for r in readings(i.fact))
    free = [o for o, t in theirs if not t & ours]  # 45 miles is no 80 km where 80 km stand on both sides
    coded = frozenset(Decimal(re.sub(r"\D", "", w.text)) for w in there.models)  # the 19 of Covid-19
    return [
        i
        for i in some
        if not any(readings(i.fact) & t for _, t in theirs)
        and not readings(i.fact) & coded
        and not any(converted(i, o, here, there) for o in free)
    ]


def _in_brackets(item: Item, passage: Passage) -> bool:
    """A measure given again in another unit: six meters (18 feet)."""
    text = passage.texts[passage.numbers.index(item.n)]
    return bool(
        re.search(r"\d.{0,25}\(\s?$|(?:meters?|metres?|feet|miles|km|kph)\s\($", text[: item.fact.start])
    ) and bool(re.match(r"[^()]{1,12}\)", text[item.fact.end :]))


def _in_date(item: Item, passage: Passage) -> bool:
    """Whether a figure is part of a date: the whole date is then what is dropped or added."""
    return any(
        t.n == item.n and t.fact.start <= item.fact.start and item.fact.end <= t.fact.end for t in passage.of("time")
    )


def _repeated(some: list[Item], others: list[Item]) -> list[Item]:
    """A figure that stands on both sides, here more often: of two different ones one was changed into the other."""
    count = Counter(i.fact.value for i in some if is_figure(i))
    theirs = Counter(r for i in others for r in readings(i.fact))
    return [i for i in some if is_figure(i) and count[i.fact.value] > max(theirs[r] for r in readings(i.fact)) > 0][:1]


def _pairs(left: list[Item], right: list[Item], pair: Pair) -> Iterator[tuple[Item, Item]]:
    left, right = list(left), list(right)
    while left and right:
        cost, a, b = min(((_cost(a, b, pair), a, b) for a in left for b in right), key=lambda t: t[0])
        if cost > 2:
            return
        left.remove(a)
        right.remove(b)
        yield a, b


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
    if re.search(r"0(?:s|-an)$", fact.text) or fact.text[-3:] == "tig":  # the 1980s, jaren tachtig
        some.add(amount % 100 or amount // 100 + 1)  # the 1800s, the 19th century
    if fact.value.endswith("%"):
        some.add(amount / 100)
    return frozenset(some)


def figures(passage: Passage) -> list[Item]:
    clocks = [i for i in passage.of("time") if i.fact.value.startswith("T")]
    return [*passage.of("number", "money"), *clocks]


def is_figure(item: Item) -> bool:
    return bool(re.search(r"\d|ties$", item.fact.text))  # the 50s, the fifties


def _tells(item: Item, passage: Passage) -> bool:
    """Whether a figure without a counterpart is worth a finding: not one of anything, a date's day, a unit's echo."""
    if readings(item.fact) & _ONE or _in_date(item, passage) or _in_brackets(item, passage):
        return False
    return is_figure(item) or _marked(item)


def _marked(item: Item) -> bool:
    """A number in words that carries a bound or a unit: almost six times, two million; one of anything says nothing."""
    return bool(re.search(r"[<>~%x]", item.fact.value)) and not item.fact.value.endswith("th")


def _cost(a: Item, b: Item, pair: Pair) -> float:
    """How unlikely it is that b stands for a: different kinds of figure and different places."""
    cost = abs(pair.original.place(a.n, a.fact.start) - pair.version.place(b.n, b.fact.start))
    cost += 0.5 * (re.sub(r"[\d.<>~]", "", a.fact.value) != re.sub(r"[\d.<>~]", "", b.fact.value))
    cost += 1.6 * (is_figure(a) != is_figure(b)) + (0 if is_figure(a) else 0.5)
    if not is_figure(a) and pair.original.language != pair.version.language:
        cost += 1  # kedua is second and both
    return cost


# Units that news translators convert: how the first is written, the second, and what one of the first is in the second.
_UNITS = [
    (r"\s?(?:miles?|mph|mil|mijl)\b", r"\s?(?:k\.?m\b|kilomet|km/)", 1.609344),
    (r"\s?(?:feet|foot|ft|kaki|voet)\b", r"\s?(?:m\b|met[er])", 0.3048),
    (r"\s?(?:inch|inches|inci|in)\b", r"\s?(?:cm|sentimet|centimet)", 2.54),
    (r"\s?(?:pounds?|lbs?|pon)\b", r"\s?(?:kg|kilo)", 0.45359),
    (r"[\s-]?(?:yards?|yar)\b", r"\s?(?:m\b|met[er])", 0.9144),
    (r"\s?(?:stone)\b", r"\s?(?:kg|kilo)", 6.35029),
]
_HALF = r"(?:\s(?:an?|een))?"  # half an inch
_THEN = r"(?:\s?(?:to|tot|sampai|hingga|-|–|of|or)\s?\S+)?"  # 2 to 4 inches: the unit of both


def converted(a: Item, b: Item, here: Passage, there: Passage) -> bool:
    """Whether two figures are one measure in two systems, as rounding allows: 60 miles and 97 kilometres."""
    if a.fact.type == "time" or b.fact.type == "time":
        return False
    x, y = float(amounts(a.fact.value)), float(amounts(b.fact.value))
    after_a, after_b = _after(a, here), _after(b, there)
    for first, second, ratio in _UNITS:
        for u, v, r in ((first, second, ratio), (second, first, 1 / ratio)):
            if re.match(_HALF + _THEN + u, after_a, re.I) and re.match(_HALF + _THEN + v, after_b, re.I):
                return abs(x * r - y) <= max(1.0, 0.12 * y)
    if here.language != there.language and _warm(a, after_a, b, after_b):
        return True
    degrees = r"\s?(?:°|deg|s\b|F\b|C\b|derajat|graden)"
    if re.match(degrees, after_a) and re.match(degrees, after_b):
        return abs((x - 32) / 1.8 - y) <= 2.5 or abs((y - 32) / 1.8 - x) <= 2.5
    return False


def _warm(a: Item, after_a: str, b: Item, after_b: str) -> bool:
    """Whether one figure is “the 80s” of a warm day in Fahrenheit, the other its Celsius with a sign for degrees."""
    for some, other, after in ((a, b, after_b), (b, a, after_a)):
        decade = re.fullmatch(r"(?:\w+ )*([1-9]0)s", some.fact.text)
        if decade and re.match(r"\s?(?:°|deg|derajat|graden)", after):
            low = (int(decade[1]) - 32) / 1.8
            return low - 1 <= float(amounts(other.fact.value)) <= low + 5.6
    return False


def _after(item: Item, passage: Passage) -> str:
    return passage.texts[passage.numbers.index(item.n)][item.fact.end : item.fact.end + 24]
