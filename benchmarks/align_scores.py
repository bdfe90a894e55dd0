"""Scores of alignments: links, and strict and lax beads; every count kept by unit so that intervals can be drawn."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass

from benchmarks.data import Beads

Link = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Count:
    """Right among the found, found, right among the wanted, wanted: precision and recall may count different things."""

    right: int = 0
    found: int = 0
    hit: int = 0
    wanted: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(
            self.right + other.right, self.found + other.found, self.hit + other.hit, self.wanted + other.wanted
        )

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, in [0, 1], higher is better; 0 where nothing is right."""
        precision = self.right / self.found if self.found else 0.0
        recall = self.hit / self.wanted if self.wanted else 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def of_sets(wanted: set[Link] | set[int], found: set[Link] | set[int]) -> Count:
    both = len(wanted & found)
    return Count(both, len(found), both, len(wanted))


def of_story(originals: int, versions: int, wanted: set[Link], found: set[Link]) -> dict[str, Count]:
    """Links, added version segments (in no link) and dropped original segments (in no link) of one story."""
    return {
        "links": of_sets(wanted, found),
        "added": of_sets(set(range(versions)) - {v for _, v in wanted}, set(range(versions)) - {v for _, v in found}),
        "dropped": of_sets(
            set(range(originals)) - {o for o, _ in wanted}, set(range(originals)) - {o for o, _ in found}
        ),
    }


def of_beads(wanted: Beads, found: Beads, block: int = 25) -> dict[str, list[Count]]:
    """Strict and lax counts as Vecalign's score.py defines them, a list entry for each `block` original segments.

    Strict: the same bead is on the other side. Lax: some bead there shares an original and a version segment with it.
    Precision runs over all found beads, one-sided ones included; recall leaves one-sided gold out.
    """
    gold, ours = [{(tuple(a), tuple(b)) for a, b in beads if a or b} for beads in (wanted, found)]
    counts: dict[str, dict[int, Count]] = {"strict": {}, "lax": {}}
    for side, other, counting in ((ours, gold, "precision"), (_full(gold), _full(ours), "recall")):
        partners = _partners(other)
        for a, b in side:
            exact = (a, b) in other
            near = exact or any(set(b) & partners.get(i, set()) for i in a)
            for name, right in (("strict", exact), ("lax", near)):
                unit = (a[0] if a else _beside(b[0], gold)) // block
                one = Count(int(right), 1, 0, 0) if counting == "precision" else Count(0, 0, int(right), 1)
                counts[name][unit] = counts[name].get(unit, Count()) + one
    return {name: list(units.values()) for name, units in counts.items()}


def _full(beads: set[tuple[tuple[int, ...], tuple[int, ...]]]) -> set[tuple[tuple[int, ...], tuple[int, ...]]]:
    return {(a, b) for a, b in beads if a and b}


def _partners(beads: Iterable[tuple[tuple[int, ...], tuple[int, ...]]]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    for a, b in beads:
        for i in a:
            found.setdefault(i, set()).update(b)
    return found


def _beside(version: int, gold: set[tuple[tuple[int, ...], tuple[int, ...]]]) -> int:
    """An original segment near a version segment, to place an added one in a block."""
    return min(((abs(b[0] - version), a[0]) for a, b in gold if a and b), default=(0, 0))[1]


def interval(units: list[Count], draws: int = 1000) -> tuple[float, float]:
    """The middle 95 % of F1 over resampled units (bootstrap; the generator is seeded)."""
    rng = random.Random(0)
    some = sorted(sum(rng.choices(units, k=len(units)), Count()).f1 for _ in range(draws))
    return some[int(0.025 * draws)], some[int(0.975 * draws)]
