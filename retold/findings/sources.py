"""Who says it: attributions that differ between the two sides of a bead."""

from __future__ import annotations

import bisect
import dataclasses
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from retold.facts import role
from retold.findings import clauses, names
from retold.findings.beside import one_sided
from retold.findings.lexicon import answers as stands_for
from retold.findings.lexicon import same, small_words
from retold.findings.passage import Item, Pair, Passage
from retold.records import Fact, Finding

NEAR = (
    5  # segments: how far from its bead an attribution is looked for, and 3 where only its being unnamed speaks for it
)


@dataclass(frozen=True, slots=True)
class Told:
    """A difference of source; named: it tells of another name, which is no second finding then.

    In one language the name stays a finding of its own.
    """

    finding: Finding
    named: bool = False


def compare(pairs: Sequence[Pair], *, retold: bool = True) -> Iterator[Told]:
    """Attributions matched by kind and name; those of unnamed people also by count, closeness and verb.

    One that a bead lacks is first looked for in the unlinked segments around it: a version often says in a sentence of
    its own who told. Each of those answers once. retold: False for a document that is no version, of which no sentence
    tells who told another.
    """
    over: list[tuple[Pair, list[Item], list[Item]]] = []
    said: dict[int, tuple[list[Item], list[Item]]] = {}  # by pair: the attributions that answer one another
    for k, pair in enumerate(pairs):
        left, right = list(pair.original.of("source")), list(pair.version.of("source"))
        said[k] = [], []
        for a, b in _matched(left, right):
            left.remove(a)
            right.remove(b)
            said[k][0].append(a)
            said[k][1].append(b)
            yield from _other_house(pair, a, b) or (_compared(a, b, 0.75) if not _reviewed(pair, a, b) else ())
        for a, b in [(a, b) for a in left for b in right if _medium_alone(a, b)][:1]:
            left.remove(a)
            right.remove(b)
            yield Told(_change(a, b, 0.65))
        left = [i for i in left if not _named_in(i, pair.original, pair.version)]
        right = [i for i in right if not _named_in(i, pair.version, pair.original)]
        if _expected(pair.original):  # “firms expect, the people said”: those who expect are no source
            right = [i for i in right if not _expects(i, pair.version)]
        over.append((pair, left, right))
    free = [b for _, _, right in over for b in right]
    answers = _answers(
        [
            (a, [*(free if a.fact.value[:5] != "anony" else []), *p.around_version.of("source")], p.version.numbers)
            for p, left, _ in over
            for a in left
        ]
    )
    taken = {*answers, *answers.values()}
    queries = _answers(
        [
            (b, p.around_original.of("source"), p.original.numbers)
            for p, _, right in over
            for b in right
            if b not in taken
        ]
    )
    for a, b in (*answers.items(), *((a, b) for b, a in queries.items())):
        yield from _compared(a, b, 0.65)
    for k, (pair, left, right) in enumerate(over):
        lost = [a for a in left if a not in answers and not _covered(a, pair)]
        new = [b for b in right if b not in taken and b not in queries]
        while lost and new:
            a, b = lost.pop(0), new.pop(0)
            yield from _other_name(pair, a, b) or _compared(a, b, 0.6, pair)
        after = _told_after(pair) if retold else None
        for a in [a for a in lost if after and may_be(a.fact.value, after.fact.value)]:
            lost.remove(a)
            yield from _compared(a, after, 0.6) if after else ()
        if _voiced(pair.version, [b for b in right if b not in new] + said[k][1], pair.original):
            lost = [a for a in lost if a.fact.value.startswith(_OWN)]
        elif lost and (heard := _heard(pair.version)):
            yield Told(_change(lost.pop(0), heard, 0.6))
        if _voiced(pair.original, [a for a in left if a not in lost] + said[k][0], pair.version):
            new = [b for b in new if b.fact.value.startswith(_OWN)]
        for one in one_sided(pair, "source", lost, new, 0.65):
            if one.type == "dropped" and one.original is not None:
                start = one.original_span[0] if one.original_span else 0
                one = dataclasses.replace(one, version=_bearer(one.original, start, one.version, pair))
            yield Told(one)


def without_names(found: Sequence[Finding], told: Sequence[Told]) -> list[Finding]:
    """Names without those that a changed source tells of: a name inside its words, on each side the finding has."""
    told_of = [t.finding for t in told if t.named]
    spans = [(f.original, f.original_span, f.version, f.version_span) for f in told_of]

    def inside(n: int | None, span: tuple[int, int] | None, m: int | None, around: tuple[int, int] | None) -> bool:
        if span is None or around is None:
            return span is None
        return n == m and around[0] <= span[0] and span[1] <= around[1]

    return [
        f
        for f in found
        if f.facet != "name"
        or not any(
            inside(f.original, f.original_span, n, a) and inside(f.version, f.version_span, m, b)
            for n, a, m, b in spans
        )
    ]


def _change(a: Item, b: Item, confidence: float) -> Finding:
    return Finding("changed", "source", a.n, b.n, a.fact.text, b.fact.text, confidence, 0, a.span, b.span)


# Between unnamed people and the house they are of: “analysts at ING”, “analisten van de Rabobank”, “analis dari BCA”.
_AT, _THE = r"\s+(?:at|of|from|for|with|van|bij|namens|dari|di|pada)", r"(?:\s+(?:the|de|het))?\s+"
_OF = re.compile(rf"(?:{_AT})?{_THE}")
_WITHIN = re.compile(rf"{_AT}{_THE}$")


def _house(item: Item, passage: Passage) -> Item | None:
    """Unnamed people with the name of the house they are of, as one item: “zeggen analisten van ABN AMRO”."""
    if not item.fact.value.startswith("anonymous:") or ">" in item.fact.value:
        return None
    text = passage.texts[passage.numbers.index(item.n)]
    for name in passage.beside(item, "name"):
        # Inside an attribution a verb may stand before a name, so that only a preposition joins people and house.
        inside = name.fact.start < item.fact.end
        joined = (
            _WITHIN.search(text, item.fact.start, name.fact.start)
            if inside
            else _OF.fullmatch(text, item.fact.end, name.fact.start)
        )
        if joined:
            start, end = item.fact.start, max(item.fact.end, name.fact.end)
            return Item(item.n, Fact("source", start, end, text[start:end], item.fact.value))
    return None


def _over(item: Item, here: Passage, there: Passage) -> int:
    """How many words of names an attribution holds, or none where the other passage has any of them."""
    mine = [p for p in names.parts(here) if p.word.n == item.n and item.fact.start <= p.word.start < item.fact.end]
    return 0 if any(names.known(p, here, there) for p in mine) else sum(not p.plain for p in mine)


def _person(item: Item, here: Passage) -> bool:
    """Whether a speaker has a first and a last name: who loses them to a noun has lost a name as well."""
    some = [p for p in names.parts(here) if p.word.n == item.n and item.fact.start <= p.word.start < item.fact.end]
    return sum(not p.plain and not p.word.text.isupper() for p in some) > 1


def _other_house(pair: Pair, a: Item, b: Item) -> list[Told]:
    """Unnamed people of one house told as those of another."""
    one, other = _house(a, pair.original), _house(b, pair.version)
    if one and other and _over(one, pair.original, pair.version) and _over(other, pair.version, pair.original):
        return [Told(_change(one, other, 0.75), named=pair.across)]
    return []


def _other_name(pair: Pair, a: Item, b: Item) -> list[Told]:
    """One named speaker told as another, neither of whose names stands on the other side.

    Where both are named with one word, the finding is the name's own: names are told apart by what surrounds them.
    """
    if not a.fact.value.startswith("named:") or not b.fact.value.startswith("named:"):
        return []
    one, other = _over(a, pair.original, pair.version), _over(b, pair.version, pair.original)
    return [Told(_change(a, b, 0.75), named=pair.across)] if one and other and one + other > 2 else []


_OWN = ("named:", "media:")  # a name is gone whoever is said to say it instead


def _voiced(here: Passage, said: list[Item], there: Passage) -> bool:
    """Whether a passage quotes, or has somebody say or think something besides what the other side's people expect.

    said: the attributions of the passage that answer one of the other side.
    """
    return bool(here.of("quote")) or _cues(here, said) > len(_expected(there))


def _expected(passage: Passage) -> list[Item]:
    """What is hoped for or expected in a passage by those it tells of, and not by who tells it."""
    told = passage.of("source")
    return [
        h
        for h in passage.of("hedge")
        if h.fact.value in ("likely", "hope")
        and not any(i.n == h.n and i.fact.start <= h.fact.start < i.fact.end for i in told)
    ]


def _expects(item: Item, here: Passage) -> bool:
    """Whether an attribution is one of hope or expectation."""
    return any(
        item.fact.start <= h.fact.start < item.fact.end and h.fact.value in ("likely", "hope")
        for h in here.beside(item, "hedge")
    )


def _cues(passage: Passage, said: Sequence[Item]) -> int:
    """How often somebody says or thinks something in a passage besides these attributions and within no quotation."""
    known = (*said, *passage.of("quote"))
    spans: dict[int, list[tuple[int, int]]] = {n: [] for n in passage.numbers}
    for i in known:
        spans[i.n].append(i.span)
    total = 0
    for n, text in zip(passage.numbers, passage.texts, strict=True):
        some = sorted(spans[n])
        starts, ends = [start for start, _ in some], list(itertools.accumulate((end for _, end in some), max))
        for at, _ in role.told(text, passage.language):
            k = bisect.bisect_right(starts, at)
            total += not k or ends[k - 1] <= at
    return total


LEAD = 20  # characters before an attribution that make it one of what goes before it


def _bearer(n: int, start: int, m: int | None, pair: Pair) -> int | None:
    """Of a bead's version segments the one that says most of what an original segment does; m where none says more.

    start: where the attribution stands; what goes before it is what it tells, or else the whole segment.
    """
    here, there = pair.original, pair.version
    if len(there.numbers) == 1:
        return m
    end = start if start > LEAD else 1_000_000
    said = {
        i.fact.value for i in here.of("number", "money", "name", "place", "time") if i.n == n and i.fact.start < end
    }
    own = [w.folded for w in here.words if w.n == n and w.start < end and len(w.folded) > 3]
    shared = dict.fromkeys(there.numbers, 0)
    for i in there.of("number", "money", "name", "place", "time"):
        shared[i.n] += 2 * (i.fact.value in said)
    for word in there.words:
        if len(word.folded) > 3:
            shared[word.n] += any(stands_for(v, word.folded, here.language, there.language) for v in own)
    best = max(shared.values())
    return m if m is None or shared[m] == best else next(k for k, v in shared.items() if v == best)


def _covered(item: Item, pair: Pair) -> bool:
    """Whether the version told the source right before: who told a passage need not be told again."""
    kind, who, *_ = item.fact.value.split(">")[0].split(":")
    whole, first = pair.whole_version, min(pair.version.numbers)
    before = [i for i in whole.of("source") if first - BACK <= i.n < first]
    if kind == "anonymous":
        again = _AGAIN.match(item.fact.text) is not None
        return again and any(i.fact.value.startswith("anonymous:") or _heads(i) in _SOURCES for i in before)
    if kind == "named":
        texts = [i for i in before if i.fact.value.startswith("named:")]
        return any(same(w, v) for i in texts for w in who.split() for v in i.fact.value.split(":")[1].split())
    if kind == "role":
        there = pair.version.language
        return any(
            stands_for(_heads(item), _heads(i), pair.original.language, there)
            for i in before
            if i.fact.value.startswith("role:")
        )
    return False


def _told_after(pair: Pair) -> Item | None:
    """Who told a passage by a sentence right after it that says nothing else: “Dat melden bronnen aan Reuters”."""
    whole, last = pair.whole_version, max(pair.version.numbers)
    light = small_words(whole.language)
    for item in whole.of("source"):
        if last < item.n <= last + BACK:
            text = whole.texts[whole.numbers.index(item.n)]
            rest = whole.within(item.n, 0, item.fact.start) + whole.within(item.n, item.fact.end, len(text))
            if not any(w.folded not in light for w in rest):
                return item
    return None


def _heads(item: Item) -> str:
    """The noun that says what a described speaker is."""
    who = item.fact.value.split(":")[1]
    return re.split(r" (?:of|at|in|from|for|by|with|on|van|bij|uit|op|dari|di|pada) ", who)[0].split()[-1]


BACK = 2  # version segments before a bead, or after it, that a source told there covers
_AGAIN = re.compile(r"(?:.*\bof )?(?:the|one|another|they|both) ", re.IGNORECASE)
_SOURCES = frozenset(["ingewijden", "bronnen", "bron", "sumber"])


def _heard(passage: Passage) -> Item | None:
    """The word of a passage that says that something is said, and not by whom."""
    for n, text in zip(passage.numbers, passage.texts, strict=True):
        span = role.hearsay(text, passage.language)
        if span:
            return Item(n, Fact("source", *span, text[slice(*span)], "anonymous:some:-:weak"))
    return None


def _medium_alone(a: Item, b: Item) -> bool:
    """Whether people told a medium something on the one side that the other has the medium say itself."""
    who, *through = a.fact.value.split(">")
    kind, medium, *_ = b.fact.value.split(":")
    return who.startswith("anonymous:") and kind == "media" and medium in through


def _reviewed(pair: Pair, a: Item, b: Item) -> bool:
    """Whether the version tells of a medium's review besides the medium: “volgens Reuters”, “een analyse toont aan”."""
    review = [i.fact.value.split(":")[2] for i in (a, b)] == ["review", "-"]
    words = [w for w in pair.version.words if not (w.n == b.n and b.fact.start <= w.start < b.fact.end)]
    return review and any(clauses.answers("review", w.folded, "en", pair.version.language) for w in words)


def _alike(a: Item, b: Item, pair: Pair) -> bool:
    """Whether a speaker told by what they are may be the other: all but one in the place of a name or of insiders."""
    x, y = a.fact.value.split(":"), b.fact.value.split(":")
    if y[0] != "role" or x[0] == "role":
        return True
    if x[0] == "anonymous":
        return x[2] == "-"
    said = [w for w in y[1].split() if len(w) > 3]
    here = pair.original
    return any(stands_for(w.folded, v, here.language, pair.version.language) for v in said for w in here.words)


def _compared(a: Item, b: Item, confidence: float, pair: Pair | None = None) -> Iterator[Told]:
    values = a.fact.value, b.fact.value
    counts = [re.match(r"role:(\d+) ", v) for v in values]
    if all(v.startswith("role:") for v in values):
        if pair is not None and len({m[1] if m else "" for m in counts}) > 1:
            yield Told(_change(a, b, confidence))
    elif any(v.startswith("role:") for v in values):
        if pair is not None and not _alike(a, b, pair):
            person = _person(a, pair.original) or _person(b, pair.version)
            yield Told(_change(a, b, confidence), named=pair.across and not person)
    elif _changed(*values):
        yield Told(_change(a, b, confidence))


def _answers(over: list[tuple[Item, Sequence[Item], tuple[int, ...]]]) -> dict[Item, Item]:
    """For attributions without a counterpart those near the segments that answer theirs best, each taken once."""
    some = [
        (-_likeness(a, o), near, k, a, o)
        for k, (a, candidates, numbers) in enumerate(over)
        for o in candidates
        if _likeness(a, o) and (near := min(abs(o.n - n) for n in numbers)) <= NEAR - 2 * (_likeness(a, o) < 2)
    ]
    out: dict[Item, Item] = {}
    for _, _, _, a, o in sorted(some, key=lambda t: t[:3]):
        if a not in out and o not in out.values():
            out[a] = o
    return out


def _likeness(a: Item, b: Item) -> int:
    """How much speaks for two attributions being one: the same kind, count, closeness, medium."""
    x, y = a.fact.value.replace(">", ":").split(":"), b.fact.value.replace(">", ":").split(":")
    medium = bool({*x[1:2], *x[4:]} & {*y[1:2], *y[4:]} - {"some"})
    if {x[0], y[0]} & {"named", "media"}:
        return 2 * medium
    if {x[0], y[0]} & {"role"}:
        return 2 * (x[1].split()[-1] == y[1].split()[-1])
    return 2 * (x[2] == y[2] != "-") + 2 * medium + (x[0] == y[0]) + (x[0] == y[0] and x[1] == y[1])


def may_be(a: str, b: str) -> bool:
    """Whether two attributions' values can be one source: both unnamed, or of one name."""
    x, y = a.split(":"), b.split(":")
    return x[0] == y[0] and (x[0] == "anonymous" or any(same(p, q) for p in x[1].split() for q in y[1].split()))


def _matched(left: list[Item], right: list[Item]) -> list[tuple[Item, Item]]:
    out, free = [], list(right)
    for a in left:
        for b in free:
            if may_be(a.fact.value, b.fact.value):
                out.append((a, b))
                free.remove(b)
                break
    return out


def _changed(a: str, b: str) -> bool:
    """Whether kind, count, closeness or strength differ; a verb less or more alone says nothing."""
    x, y = a.split(">")[0].split(":"), b.split(">")[0].split(":")
    count = x[0] == "anonymous" and x[1] != y[1]
    strength = x[3] != y[3] and "-" not in (x[3], y[3])
    close = {x[2], y[2]} - {"-", "cited"} != set() and x[2] != y[2]  # that somebody cites them is no closeness
    return x[0] != y[0] or count or close or strength


def _named_in(item: Item, here: Passage, there: Passage) -> bool:
    """Whether a source's name stands on the other side in another construction, or the noun of who it is does."""
    kind, who, *_ = item.fact.value.split(":")
    if kind == "media" and not any(same(w, v) for w in who.split() for v in there.folded if len(w) > 1):
        return False
    if kind == "media":
        return True
    if kind == "named":
        return any(same(w, v) for w in who.split() for v in there.folded if len(w) > 2) or _known(item, here, there)
    if kind != "role":
        return False
    head = _heads(item)
    again = [i for i in there.of("source") if i.fact.value.startswith("role:") and _same_kind(item, i, here, there)]
    if again and all(_count(i) != _count(item) for i in again):
        return False  # two traders, drie handelaren
    return len(head) > 3 and any(stands_for(head, v, here.language, there.language) for v in there.folded)


def _same_kind(a: Item, b: Item, here: Passage, there: Passage) -> bool:
    return stands_for(_heads(a), _heads(b), here.language, there.language)


def _count(item: Item) -> str:
    """How many speakers told by what they are: a number, or nothing."""
    return (re.match(r"role:(\d*)", item.fact.value) or [""])[0]


def _known(item: Item, here: Passage, there: Passage) -> bool:
    """Whether the other passage has a word of the names in an attribution."""
    mine = [p for p in names.parts(here) if p.word.n == item.n and item.fact.start <= p.word.start < item.fact.end]
    return any(names.known(p, here, there) for p in mine)
