"""Facts that two documents have in common, whatever their languages: what a related document really shares."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from retold.records import CONTENT_KINDS, Alignment, Bead, Document, Encoder, Fact, FactType, Link, Segment, Side

if TYPE_CHECKING:
    from retold.compare import Comparison

SIGNATURE = "3"  # raise it when a rule of `surely`, or of how a related document is compared, changes
# A related document repeats names and themes without repeating what was said of them, so the aligner's probability,
# which also rests on one text's running beside another, means less. From CERTAIN on it is enough, from SURE on with a
# rare fact in both sentences: of links read by hand on the H200 story two stood from SURE on without one, both wrong.
# Below, the sentences' facts must agree.
SURE, CERTAIN = 0.96, 0.995
LIKELY = 0.9  # enough where the facts that agree are common ones; the probability of a pair that facts alone make sure
HELD = 2  # facts at least that both sentences hold: one name agrees by chance
PART = 0.5  # share of the original sentence's own facts that the other holds: with less, a side remark is meant
RARE = 2.0  # nats: weight from which a fact is rare enough to point at one statement, as for kinship
Value = tuple[FactType, str]  # of a fact
TYPES: tuple[FactType, ...] = ("money", "number", "time", "name", "place")


@dataclass(frozen=True, slots=True)
class Shared:
    """One fact that stands in both documents.

    words: as the original has them, or the shorter name that both have. original, version: numbers of the segments that
    hold it. weight: in nats, higher is rarer: log of the segments of both documents over those that hold it (inverse
    document frequency, Spärck Jones 1972).
    """

    type: FactType
    words: str
    original: tuple[int, ...]
    version: tuple[int, ...]
    weight: float


def surely(alignment: Alignment, original: Side, version: Side, encoder: Encoder) -> Alignment:
    """An alignment with its sure links alone, for documents that retell nothing; its beads fall apart with them.

    Sure is a link of CERTAIN and more, one of SURE and more between sentences with a rare fact in both, and a pair of
    sentences whose facts agree (`_agreeing`). The aligner may not have linked such a pair: it is as probable as the
    aligner says and LIKELY at least. Every segment still stands in exactly one bead; one that a weaker link held stands
    alone, and no surer than that.
    """
    given = {(k.original, k.version): k.probability for k in alignment.links}
    ours, theirs = ({n: hard_facts(side, n) for n in side.content} for side in (original, version))
    total = sum(map(bool, ours.values())) + sum(map(bool, theirs.values()))

    def rare(fact: Value) -> bool:
        held = sum(has(facts, fact) for facts in (*ours.values(), *theirs.values()))
        return math.log(total / held) >= RARE

    agreeing = _agreeing((original, ours), (version, theirs), rare, given, encoder)
    sure = {
        (o, v): p
        for (o, v), p in given.items()
        if p >= CERTAIN or (p >= SURE and any(rare(f) for f in theirs[v] if has(ours[o], f)))
    }
    sure |= {pair: max(given.get(pair, 0.0), LIKELY) for pair in agreeing}
    links = [Link(*pair, p) for pair, p in sorted(sure.items())]
    moved = {(o, v) for b in alignment.beads if b.moved for o in b.original for v in b.version}
    beads = [replace(b, moved=any((o, v) in moved for o in b.original for v in b.version)) for b in _beads(links)]
    for which, side in ((0, original), (1, version)):
        held = {pair[which] for pair in sure}
        alone = {n: b.probability for b in alignment.beads if not (b.original and b.version)
                 for n in (b.original, b.version)[which]}  # fmt: skip
        for n in (n for n in side.content if n not in held):
            doubt = 1 - max((p for pair, p in given.items() if pair[which] == n), default=0.0)
            probability = alone.get(n, doubt)
            beads.append(Bead((n,), (), probability) if which == 0 else Bead((), (n,), probability))
    place = len(original.texts) + len(version.texts)
    beads.sort(key=lambda b: (min(b.original, default=place), min(b.version, default=place)))
    return Alignment(tuple(beads), tuple(links))


def _agreeing(
    original: tuple[Side, Mapping[int, frozenset[Value]]],
    version: tuple[Side, Mapping[int, frozenset[Value]]],
    rare: Callable[[Value], bool],
    given: Mapping[tuple[int, int], float],
    encoder: Encoder,
) -> list[tuple[int, int]]:
    """Pairs of sentences of which the version's holds no fact that the original's lacks, nearest to each other of such.

    They hold HELD facts in common, PART of the original sentence's own (less its dateline's and its sources'), and
    either HELD of these are rare in the two texts or the aligner finds the pair LIKELY.
    """
    (one, ours), (other, theirs) = original, version
    some = [pair for pair in itertools.product(ours, theirs) if _agree(ours[pair[0]], theirs[pair[1]])]
    if not some:
        return []
    rows, columns = sorted({o for o, _ in some}), sorted({v for _, v in some})
    vectors = encoder.encode([one.texts[n] for n in rows] + [other.texts[n] for n in columns])
    near = {(o, v): float(vectors[rows.index(o)] @ vectors[len(rows) + columns.index(v)]) for o, v in some}
    best: dict[tuple[int, int], float] = {}  # by side and number
    for pair, cosine in near.items():
        for end in enumerate(pair):
            best[end] = max(best.get(end, -1.0), cosine)
    mutual = [pair for pair in some if all(near[pair] == best[end] for end in enumerate(pair))]
    return [(o, v) for o, v in mutual if given.get((o, v), 0.0) >= LIKELY or sum(map(rare, theirs[v])) >= HELD]


def _agree(ours: frozenset[Value], theirs: frozenset[Value]) -> bool:
    if len(theirs) < HELD or not all(has(ours, f) for f in theirs):
        return False
    return sum(has(theirs, f) for f in ours) >= PART * len(ours)


def has(facts: Iterable[Value], fact: Value) -> bool:
    """Whether a fact is among these, a name also where one of the two begins with the other."""
    return any(type == fact[0] and _same(type, value, fact[1]) for type, value in facts)


def hard_facts(side: Side, n: int, *, across: bool = False) -> frozenset[Value]:
    """The hard facts of a segment; not its dateline's, nor those within its sources, nor times without a date.

    across: only what two languages write alike, sums, days and numbers in digits, without “about” and “at most”. Names
    and numbers in words are found too unevenly in them: asked for too, names part half of the true pairs of NTREX.
    """
    from retold.facts import dateline, extract

    text = side.texts[n]
    found = extract(text, side.language, date=side.date)
    start = dateline.body_start(text, side.language)
    told = [(f.start, f.end) for f in found if f.type == "source"]
    return frozenset(
        (f.type, f.value.casefold().lstrip("~<>" if across else ""))
        for f in found
        if f.type in TYPES
        and f.start >= start
        and not (f.type == "time" and not f.value[:4].isdigit())
        and not (across and f.type in ("name", "place"))
        and not (across and f.type == "number" and not any(c.isdigit() for c in f.text))
        and not any(a <= f.start and f.end <= b for a, b in told)
    )


def _beads(links: list[Link]) -> list[Bead]:
    """Links that share a segment as one bead, as probable as they are on average."""
    groups: list[list[Link]] = []
    for k in links:
        same = [g for g in groups if any(k.original == x.original or k.version == x.version for x in g)]
        groups = [g for g in groups if g not in same] + [[k, *(x for g in same for x in g)]]
    return [
        Bead(
            tuple(sorted({k.original for k in g})),
            tuple(sorted({k.version for k in g})),
            sum(k.probability for k in g) / len(g),
        )
        for g in groups
    ]


def shared_facts(comparison: Comparison) -> tuple[Shared, ...]:
    """Every fact of the original that the other document has too, the rarest first."""
    c = comparison
    return in_both((c.original, c.original_segments), (c.version, c.version_segments))


def in_both(
    original: tuple[Document, Sequence[Segment]], version: tuple[Document, Sequence[Segment]]
) -> tuple[Shared, ...]:
    """Every fact that stands in some segments of two documents, the rarest first.

    A name answers a longer one that begins with it (Huawei, Huawei Technologies). Bare small numbers and times that no
    date can be given to say too little to be shared.
    """
    ours, theirs = _facts(original[1], original[0]), _facts(version[1], version[0])
    total = len({n for some in ours.values() for n, _ in some}) + len({n for some in theirs.values() for n, _ in some})
    out = []
    for (type, value), some in ours.items():
        answers = [x for (t, v), those in theirs.items() if t == type and _same(type, value, v) for x in those]
        if answers:
            held = sorted({n for n, _ in some}), sorted({n for n, _ in answers})
            weight = math.log(max(total, 1) / (len(held[0]) + len(held[1])))
            # Of a name and a longer one the shorter stands in both.
            shorter = [f.text for _, f in answers if type == "name" and len(f.value) < len(value)]
            words = min(shorter, key=len) if shorter else some[0][1].text
            out.append(Shared(type, words, tuple(held[0]), tuple(held[1]), max(0.0, weight)))
    return tuple(sorted(out, key=lambda s: (-s.weight, s.original, s.words)))


def _facts(segments: Sequence[Segment], document: Document) -> dict[tuple[FactType, str], list[tuple[int, Fact]]]:
    from retold.facts import extract

    out: dict[tuple[FactType, str], list[tuple[int, Fact]]] = {}
    for s in segments:
        if s.kind in CONTENT_KINDS:
            for f in extract(s.text, document.language, date=document.date):
                if f.type in TYPES and _telling(f):
                    out.setdefault((f.type, f.value), []).append((s.n, f))
    return out


def _telling(f: Fact) -> bool:
    if f.type == "number":
        return any(c.isdigit() for c in f.text) and len(f.value) > 2
    if f.type == "time":
        return f.value[:4].isdigit()
    return f.type != "name" or len(f.value) > 2


def _same(type: FactType, value: str, other: str) -> bool:
    if value == other:
        return True
    short, long = sorted((value, other), key=len)
    return type == "name" and long.startswith(short + " ")
