"""How a document stems from the original, with the figures that say so."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from retold.records import CONTENT_KINDS, Dated
from retold.shared import shared_facts

if TYPE_CHECKING:
    from retold.compare import Comparison

Verdict = Literal["close translation", "free adaptation", "follow-up sharing facts", "unrelated"]

# Between the least of true pairs and the most of pairs of different stories: docs/measured.md has the figures.
CLOSE, ADAPTED, TOUCHES = 0.85, 0.45, 0.12
OWN = 0.2  # least share of its own text in a version, however much it carries of a short original
FACTS, RARE = 3, 2.0  # rare facts (weight in nats) that make a document one on the same affair


@dataclass(frozen=True, slots=True)
class Kinship:
    """How much of the original a document carries, and what that makes it.

    carried: expected share of the original's sentences that it carries; own: expected share of its own sentences that
    carry one; both in [0, 1], links weighted by probability. order: share of the links on the longest run that keeps
    the original's order, in [0, 1]. facts: rare facts in common. days: published after the original; may be negative;
    None where it is not known. dated: whether `days` is so, or only the least it can be.
    """

    verdict: Verdict
    carried: float
    own: float
    order: float
    facts: int
    days: int | None
    dated: Dated = "exact"

    @property
    def words(self) -> str:
        """The verdict in one sentence, with its figures."""
        when = "" if self.days is None else f"; {_apart(self.days, self.dated)}"
        order = f", {self.order:.0%} of it in the original's order" if self.carried >= TOUCHES else ""
        facts = f"; {self.facts} rare fact{' is' if self.facts == 1 else 's are'} in both" if self.facts else ""
        return (
            f"{self.verdict[0].upper()}{self.verdict[1:]}: it carries {self.carried:.0%} of the original{order}; "
            f"{self.own:.0%} of its own text stems from it{facts}{when}"
        )


def _apart(days: int, dated: Dated) -> str:
    many = f"{abs(days)} day{'s' if abs(days) > 1 else ''}"
    if dated == "earliest":
        least = f", at the earliest {many} later" if days > 0 else "" if days else ", perhaps the same"
        return f"its day is not known{least}"
    return f"dated {many} {'later' if days > 0 else 'earlier'}" if days else "dated the same day"


def kinship(comparison: Comparison) -> Kinship:
    """The verdict on one document. It rests on links and facts; the role the manifest gives does not decide it.

    Of a related document only sure links are left (retold/shared.py), which lowers its shares.
    """
    c = comparison
    originals = sum(s.kind in CONTENT_KINDS for s in c.original_segments)
    own_all = sum(s.kind in CONTENT_KINDS for s in c.version_segments)
    best: tuple[dict[int, float], dict[int, float]] = ({}, {})
    for k in c.alignment.links:
        for side, n in zip(best, (k.original, k.version), strict=True):
            side[n] = max(side.get(n, 0.0), k.probability)
    carried = sum(best[0].values()) / originals if originals else 0.0
    own = sum(best[1].values()) / own_all if own_all else 0.0
    in_order = [k.version for k in sorted(c.alignment.links, key=lambda k: (k.original, k.version))]
    order = _longest_run(in_order) / len(in_order) if in_order else 0.0
    facts = sum(s.weight >= RARE for s in shared_facts(c))
    dated = c.original.date and c.version.date and c.original.dated == "exact"
    days = (c.version.date - c.original.date).days if dated else None  # type: ignore[operator]
    return Kinship(_verdict(carried, own, order, facts), carried, own, order, facts, days, c.version.dated)


def _verdict(carried: float, own: float, order: float, facts: int) -> Verdict:
    if min(carried, own) >= CLOSE and order >= CLOSE:
        return "close translation"
    if own >= ADAPTED or (carried >= ADAPTED and own >= OWN):
        return "free adaptation"
    if max(carried, own) >= TOUCHES or facts >= FACTS:
        return "follow-up sharing facts"
    return "unrelated"


def _longest_run(numbers: list[int]) -> int:
    """Length of the longest run that never falls, in n log n."""
    ends: list[int] = []
    for n in numbers:
        at = bisect.bisect_right(ends, n)
        ends[at : at + 1] = [n]
    return len(ends)
