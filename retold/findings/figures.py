"""Numbers, sums, lengths of time and times of day that differ between the two sides of a bead."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from retold.facts.fold import fold
from retold.facts.number import amounts, cardinals
from retold.findings import vague
from retold.findings.beside import beside
from retold.findings.bounds import told_otherwise
from retold.findings.passage import Item, Pair, Passage, Word, paired
from retold.findings.periods import is_year, length, same_length
from retold.languages import words
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
        if pair.across:
            yield from _limits(pair)
        if pair.whole_original.language != pair.whole_version.language:
            left = [i for i in left if is_figure(i) or not _near(i, pair.version, pair.whole_version)]
            right = [i for i in right if is_figure(i) or not _near(i, pair.original, pair.whole_original)]
        left = [i for i in left if not any(new[r] for r in readings(i.fact))]
        right = [i for i in right if not any(lost[r] for r in readings(i.fact))]
        yield from _judge(pair, left, right)


BESIDE = 2  # segments before and behind a bead's in which a number in words may stand


def _near(item: Item, there: Passage, whole: Passage) -> bool:
    """Whether a number of one side stands in the other's segments of the bead or right beside them."""
    low, high = min(there.numbers) - BESIDE, max(there.numbers) + BESIDE
    some = (i for i in whole.of("number", "money", "time") if low <= i.n <= high)
    return any(readings(item.fact) & readings(i.fact) for i in some) or _glued(item, there)


def _glued(item: Item, there: Passage) -> bool:
    """Whether a number stands in one word with what it counts: four-day, vierdaagse."""
    ends = words(there.language)["facts"]["number"].get("glued", [])
    some = [re.escape(w) for w, n in cardinals(there.language).items() if n in readings(item.fact)]
    form = re.compile(rf"(?:{'|'.join(some)})(?:{'|'.join(ends)})") if ends and some else None
    return form is not None and any(form.fullmatch(w.folded) for w in there.words)


def _judge(pair: Pair, left: list[Item], right: list[Item]) -> Iterator[Finding]:
    one, other = pair.original, pair.version
    for a, b in _pairs(left, right, pair):
        left.remove(a)
        right.remove(b)
        figured = is_figure(a) and is_figure(b)
        if pair.across and _is_time(a, one) and not figured:
            (before, span), (after, other_span) = _lasting(a, one), _lasting(b, other)
            yield Finding("changed", "time", a.n, b.n, before, after, 0.6, 0, span, other_span)
        else:
            sure = 0.9 if figured else 0.6
            yield Finding("changed", "number", a.n, b.n, a.fact.text, b.fact.text, sure, 0, a.span, b.span)
    for i in left:
        word, facet, (before, span) = _instead(i, one, other), _facet(i, one), _lasting(i, one)
        if word:
            changed: Facet = "time" if facet == "time" else "number"
            yield Finding("changed", changed, i.n, word.n, before, word.text, 0.6, 0, span, word.span)
        elif _tells(i, one, other, least=2):
            n = beside(pair, i.n, i.span, of_original=True)
            yield Finding("dropped", facet, i.n, n, before, "", 0.6, 0, span, None)
    for i in right:
        word, facet, (after, span) = _instead(i, other, one), _facet(i, other), _lasting(i, other)
        if word:
            changed = "time" if facet == "time" else "number"
            yield Finding("changed", changed, word.n, i.n, word.text, after, 0.6, 0, word.span, span)
        elif _tells(i, other, one, least=3):
            n = beside(pair, i.n, i.span, of_original=False)
            yield Finding("added", facet, n, i.n, "", after, 0.6, 0, None, span)


def _instead(item: Item, here: Passage, there: Passage) -> Word | None:
    """What the other side says for a figure without giving one."""
    if readings(item.fact) & _ONE or _in_date(item, here) or _in_brackets(item, here) or _idle(item, here, there):
        return None
    if not _is_time(item, here):
        return vague.number(item, here, there)
    lasts = length(item.fact, _after(item, here), here.language)
    return vague.when(item, here, there, lasts.hours if lasts else None)


def _lasting(item: Item, passage: Passage) -> tuple[str, tuple[int, int]]:
    """A figure's words and span, a length of time's with its unit."""
    start, end = item.span
    lasts = length(item.fact, _after(item, passage), passage.language) if _is_time(item, passage) else None
    end += lasts.end if lasts else 0
    return passage.texts[passage.numbers.index(item.n)][start:end], (start, end)


def _limits(pair: Pair) -> Iterator[Finding]:
    """Figures on both sides whose limit one side lost or turned round: almost half, more than half."""
    theirs = [i for i in figures(pair.version) if i.fact.type != "time"]
    same = []
    for i in figures(pair.original):
        equals = [o for o in theirs if readings(i.fact) & readings(o.fact)]
        if equals and i.fact.type != "time" and not readings(i.fact) & _ONE and not is_year(i.fact, ""):
            same.append((i, equals))
    paid = [(a, equals) for a, equals in same if all({a.fact.type, b.fact.type} == {"money"} for b in equals)]
    other = [(a, equals[0]) for a, equals in paid if all(a.fact.value[-3:] != b.fact.value[-3:] for b in equals)]
    for a, b in (
        *other,
        *told_otherwise([s for s in same if s[0] not in [a for a, _ in other]], pair.original, pair.version),
    ):
        # “about” lost or put in leaves the figure and hardens or softens the statement.
        facet: Facet = "hedge" if {a.fact.value[0], b.fact.value[0]} & {"~"} and not _turned(a, b) else "number"
        yield Finding("changed", facet, a.n, b.n, a.fact.text, b.fact.text, 0.6, 0, a.span, b.span)


def _turned(a: Item, b: Item) -> bool:
    """Whether both sides limit a figure, each in its own way."""
    return a.fact.value[0] in "<>~" and b.fact.value[0] in "<>~"


_ONE = frozenset({Decimal(1), Decimal("1.5")})  # a mile is 1 mil and anderhalve kilometer


def _facet(item: Item, passage: Passage) -> Facet:
    return "money" if item.fact.type == "money" else "time" if _is_time(item, passage) else "number"


def _is_time(item: Item, passage: Passage) -> bool:
    """Whether a figure tells when or how long: a year, or a length of time without a limit (at least 90 minutes)."""
    after = _after(item, passage)
    if item.fact.type == "time" or is_year(item.fact, after):
        return True
    some = length(item.fact, after, passage.language)
    return some is not None and not some.bound


def _over(some: list[Item], others: list[Item], here: Passage, there: Passage) -> list[Item]:
    """Those of `some` without an equal among `others`; one there answers any number of repeats here."""
    theirs = frozenset(r for o in others for r in readings(o.fact))
    ours = frozenset(r for i in some for r in readings(i.fact))
    # 45 miles is no 80 km where 80 km stand on both sides
    free = [o for o in others if not readings(o.fact) & ours and _measured(o, there)]
    coded = frozenset(Decimal(re.sub(r"\D", "", w.text)) for w in there.models)  # the 19 of Covid-19
    return [
        i
        for i in some
        if not readings(i.fact) & theirs
        and not readings(i.fact) & coded
        and not (free and _measured(i, here) and any(converted(i, o, here, there) for o in free))
    ]


def _in_brackets(item: Item, passage: Passage) -> bool:
    """A measure given again in another unit: six meters (18 feet)."""
    text = passage.texts[passage.numbers.index(item.n)]
    return bool(
        re.search(r"\d.{0,25}\(\s?$|(?:meters?|metres?|feet|miles|km|kph)\s\($", text[: item.fact.start])
    ) and bool(re.match(r"[^()]{1,12}\)", text[item.fact.end :]))


def _in_date(item: Item, passage: Passage) -> bool:
    """Whether a figure is part of a date: the whole date is then what is dropped or added."""
    return any(t.n == item.n and _within(item, t) for t in passage.of("time"))


def _repeated(some: list[Item], others: list[Item]) -> list[Item]:
    """A figure that stands on both sides, here more often: of two different ones one was changed into the other."""
    count = Counter(i.fact.value for i in some if is_figure(i))
    theirs = Counter(r for i in others for r in readings(i.fact))
    return [i for i in some if is_figure(i) and count[i.fact.value] > max(theirs[r] for r in readings(i.fact)) > 0][:1]


def _pairs(left: list[Item], right: list[Item], pair: Pair) -> Iterator[tuple[Item, Item]]:
    left, right = list(left), list(right)  # who asks takes the pairs out
    ours = [pair.original.place(a.n, a.fact.start) for a in left]
    theirs = [pair.version.place(b.n, b.fact.start) for b in right]
    for i, j in paired(ours, theirs, lambda i, j: _cost(left[i], right[j], pair), most=2):
        yield left[i], right[j]


@functools.lru_cache(10_000)  # asked of every two figures of a bead
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
    if re.search(r" (?:in|op de) ", fact.text) and 0 < amount < 1:
        some.add(round(1 / amount) + Decimal(0))  # one in six, a sixth
    return frozenset(some)


def figures(passage: Passage) -> list[Item]:
    times = passage.of("time")
    clocks = [i for i in times if i.fact.value.startswith("T")]
    parts = [i for i in times if re.match(r"[a-z]+\d?:", i.fact.value)]
    inside = (  # the half of: the first half of 2024; the year stays a figure
        i
        for i in passage.of("number", "money")
        if is_year(i.fact, _after(i, passage)) or not any(p.n == i.n and _within(i, p) for p in parts)
    )
    return [*inside, *clocks]


def _within(item: Item, other: Item) -> bool:
    return other.fact.start <= item.fact.start and item.fact.end <= other.fact.end


def is_figure(item: Item) -> bool:
    return bool(re.search(r"\d|ties$", item.fact.text))  # the 50s, the fifties


def _tells(item: Item, passage: Passage, there: Passage, *, least: int) -> bool:
    """Whether a figure without a counterpart is worth a finding: not one of anything, a date's day, a unit's echo.

    least: the smallest number in words that is. That two are added says little: "twee" and "dua" serve in idioms.
    """
    if item.fact.type == "time":
        return True
    if readings(item.fact) & _ONE or _in_date(item, passage) or _in_brackets(item, passage):
        return False
    return is_figure(item) or _marked(item) or (_counts(item, passage, least) and not _idle(item, passage, there))


def _counts(item: Item, passage: Passage, least: int) -> bool:
    """Whether a number in words counts something, or is a share of it: not a place in an order, no "doubled"."""
    some = amounts(item.fact.value)
    return not item.fact.value.endswith("th") and (
        (some >= least and item.fact.text.casefold() in cardinals(passage.language))
        or Decimal(0) < some < Decimal("0.5")
    )


def _idle(item: Item, here: Passage, there: Passage) -> bool:
    """Whether a number in words says nothing of its own: how many said it, a name's part, two that are both."""
    some = amounts(item.fact.value) if item.fact.type != "time" else Decimal(0)
    if is_figure(item):
        return False
    if here.language == there.language and not _marked(item):
        return True  # rendered twice, a sentence has its small numbers now in one word, now in another
    if item.fact.text.casefold() not in cardinals(here.language) and not _marked(item) and not 0 < some < 1:
        return True  # a decade, doubled
    text = here.texts[here.numbers.index(item.n)]
    if any(i.n == item.n and i.fact.start <= item.fact.start < i.fact.end for i in here.of("source")):
        return True
    if (
        item.fact.text[0].isupper()
        and re.search(r"\w\W*$", text[: item.fact.start])
        and not re.search(r"[.:?!\"“”„»-]\s*[\"“„«]?$", text[: item.fact.start])
    ):
        return True  # the Four Corners
    if fold(item.fact.text) in there.folded:
        return True
    if Decimal("0.33") < some < Decimal("0.34") and not re.match(r"\s(?:of|van|dari)\b", text[item.fact.end :]):
        return not re.search(r"\b(?:by|met|with)\s(?:\w+\s)?$", text[: item.fact.start])  # a third defeat
    pairs = words(there.language)["facts"]["number"].get("pairs", [])
    return some == 2 and any(re.search(rf"(?<!\w)(?:{p})(?!\w)", t, re.I) for t in there.texts for p in pairs)


def _marked(item: Item) -> bool:
    """A number in words that carries a bound or a unit: almost six times, two million; one of anything says nothing."""
    return bool(re.search(r"[<>~%x]", item.fact.value)) and not item.fact.value.endswith("th")


def _cost(a: Item, b: Item, pair: Pair) -> float:
    """How unlikely it is that b stands for a: different kinds of figure and different places."""
    cost = abs(pair.original.place(a.n, a.fact.start) - pair.version.place(b.n, b.fact.start))
    cost += 0.5 * (re.sub(r"[\d.<>~]", "", a.fact.value) != re.sub(r"[\d.<>~]", "", b.fact.value))
    times = _is_time(a, pair.original), _is_time(b, pair.version)
    if pair.across:
        cost += 1.5 * (times[0] != times[1]) - 0.5 * all(times)
    cost += 1.6 * (is_figure(a) != is_figure(b)) + (0 if is_figure(a) else 0.5)
    lengths = (
        length(a.fact, _after(a, pair.original), pair.original.language),
        length(b.fact, _after(b, pair.version), pair.version.language),
    )
    if not is_figure(a) and pair.across and not all(lengths):
        cost += 1  # kedua is second and both
    if "time" in (a.fact.type, b.fact.type):
        return cost
    x, y = amounts(a.fact.value), amounts(b.fact.value)
    one, other = _share(a), _share(b)
    if one is not None and other is not None:
        cost -= 1.2 * (pair.across and abs(one - other) <= CLOSE)
    elif pair.across and is_figure(a) and max(x, y) >= 10 and abs(x - y) <= CLOSE * max(x, y):
        cost -= 0.8
    return cost


CLOSE = Decimal("0.12")  # two shares, or two amounts by their share, that may be one told roughly


def _share(item: Item) -> Decimal | None:
    """A percentage or a fraction as a share of one."""
    amount = amounts(item.fact.value)
    if item.fact.value[-1] == "%":
        return amount / 100
    return amount if 0 < amount < 1 else None


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


_DEGREES = r"\s?(?:°|deg|s\b|F\b|C\b|derajat|graden)"
_ALL = "|".join(unit for first, second, _ in _UNITS for unit in (first, second))
_UNIT = re.compile(f"{_HALF}{_THEN}(?:{_ALL})|{_DEGREES}", re.IGNORECASE)


def _measured(item: Item, passage: Passage) -> bool:
    """Whether a figure measures something that another system measures too: a length, a weight, warmth, time."""
    after = _after(item, passage)
    warm = re.search(r"0s$", item.fact.text)  # in the 80s
    return bool(_UNIT.match(after) or warm) or length(item.fact, after, passage.language) is not None


def converted(a: Item, b: Item, here: Passage, there: Passage) -> bool:
    """Whether two figures are one measure in two systems, as rounding allows: 60 miles and 97 kilometres."""
    if a.fact.type == "time" or b.fact.type == "time":
        return False
    x, y = float(amounts(a.fact.value)), float(amounts(b.fact.value))
    after_a, after_b = _after(a, here), _after(b, there)
    long, wide = length(a.fact, after_a, here.language), length(b.fact, after_b, there.language)
    if long and wide:
        return same_length(long, wide)
    for first, second, ratio in _UNITS:
        for u, v, r in ((first, second, ratio), (second, first, 1 / ratio)):
            if re.match(_HALF + _THEN + u, after_a, re.I) and re.match(_HALF + _THEN + v, after_b, re.I):
                return abs(x * r - y) <= max(1.0, 0.12 * y)
    if here.language != there.language and _warm(a, after_a, b, after_b):
        return True
    if re.match(_DEGREES, after_a) and re.match(_DEGREES, after_b):
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
