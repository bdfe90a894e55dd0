"""Who says it: attributions that differ between the two sides of a bead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from retold.findings.names import same
from retold.findings.passage import Item, Pair, Passage, one_sided
from retold.records import Finding

NEAR = (
    5  # segments: how far from its bead an attribution is looked for, and 3 where only its being unnamed speaks for it
)


def compare(pairs: Sequence[Pair]) -> Iterator[Finding]:
    """Attributions matched by kind and name; those of unnamed people also by count, closeness and verb.

    One that a bead lacks is first looked for in the unlinked segments around it: a version often says in a sentence of
    its own who told. Each of those answers once.
    """
    over: list[tuple[Pair, list[Item], list[Item]]] = []
    for pair in pairs:
        left, right = list(pair.original.of("source")), list(pair.version.of("source"))
        for a, b in _matched(left, right):
            left.remove(a)
            right.remove(b)
            yield from _compared(a, b, 0.75)
        left = [i for i in left if not _named_in(i, pair.version)]
        right = [i for i in right if not _named_in(i, pair.original)]
        over.append((pair, left, right))
    free = [b for _, _, right in over for b in right]
    answers = _answers(
        [(a, [*free, *p.around_version.of("source")], p.version.numbers) for p, left, _ in over for a in left]
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
    for pair, left, right in over:
        lost = [a for a in left if a not in answers]
        new = [b for b in right if b not in taken and b not in queries]
        while lost and new:
            yield from _compared(lost.pop(0), new.pop(0), 0.6)
        yield from one_sided(pair, "source", lost, new, 0.65)


def _compared(a: Item, b: Item, confidence: float) -> Iterator[Finding]:
    if _changed(a.fact.value, b.fact.value):
        yield Finding("changed", "source", a.n, b.n, a.fact.text, b.fact.text, confidence, 0, a.span, b.span)


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
    if x[0] == "named" or y[0] == "named":
        return 2 * medium
    return 2 * (x[2] == y[2] != "-") + 2 * medium + (x[0] == y[0]) + (x[0] == y[0] and x[1] == y[1])


def answers(a: str, b: str) -> bool:
    """Whether two attributions' values can be one source: both unnamed, or of one name."""
    x, y = a.split(":"), b.split(":")
    return x[0] == y[0] and (x[0] == "anonymous" or any(same(p, q) for p in x[1].split() for q in y[1].split()))


def _matched(left: list[Item], right: list[Item]) -> list[tuple[Item, Item]]:
    out, free = [], list(right)
    for a in left:
        for b in free:
            if answers(a.fact.value, b.fact.value):
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


def _named_in(item: Item, passage: Passage) -> bool:
    """Whether a named source's name stands on the other side in another construction."""
    kind, who, *_ = item.fact.value.split(":")
    return kind == "named" and any(same(w, v) for w in who.split() for v in passage.folded if len(w) > 2)
