"""The benchmark's scores, by hand."""

import pytest

from benchmarks.align_scores import Count, interval, of_beads, of_story
from benchmarks.data import Beads, Parallel, stretches

GOLD: Beads = [((0,), (0,)), ((1, 2), (1,)), ((3,), ()), ((), (2,))]


def total(counts: dict[str, list[Count]], name: str) -> Count:
    return sum(counts[name], Count())


def test_the_gold_itself_is_perfect() -> None:
    counts = of_beads(GOLD, GOLD)
    assert total(counts, "strict") == total(counts, "lax") == Count(4, 4, 2, 2)


def test_strict_wants_the_very_bead_and_lax_a_shared_link() -> None:
    counts = of_beads(GOLD, [((0,), (0,)), ((1,), (1,)), ((2, 3), ()), ((), (2,))])
    # Right: 0-0 and the added one; 1-1 only shares a link with 1,2-1; nobody drops 2 and 3 together.
    assert total(counts, "strict") == Count(2, 4, 1, 2)
    assert total(counts, "lax") == Count(3, 4, 2, 2)
    assert total(counts, "strict").f1 == pytest.approx(0.5)
    assert total(counts, "lax").f1 == pytest.approx(2 * 0.75 / 1.75)


def test_a_story_counts_links_added_and_dropped() -> None:
    counts = of_story(3, 3, {(0, 0), (1, 1)}, {(0, 0), (2, 1)})
    assert counts["links"] == Count(1, 2, 1, 2)
    assert counts["added"] == Count(1, 1, 1, 1)  # segment 2 of the version
    assert counts["dropped"] == Count(0, 1, 0, 1)  # 1 was said to be dropped, 2 was


def test_an_interval_holds_the_figure() -> None:
    units = [Count(1, 1, 1, 1)] * 30 + [Count(0, 1, 0, 1)] * 10
    low, high = interval(units)
    assert low < 0.75 < high
    assert interval([Count(1, 1, 1, 1)] * 5) == (1.0, 1.0)


def test_stretches_cut_between_beads_that_do_not_cross() -> None:
    beads: Beads = [((0,), (0,)), ((1,), (2,)), ((2,), (1,)), ((), (3,)), ((3, 4), (4,)), ((5,), (5,)), ((6,), ())]
    text = Parallel("t", ("en", "nl"), list("abcdefg"), list("ABCDEF"), beads)
    parts = stretches(text, 2)
    assert ["".join(p.original) for p in parts] == ["abc", "def", "g"]
    assert ["".join(p.version) for p in parts] == ["ABC", "DEF", ""]
    assert parts[1].beads == [((), (0,)), ((0, 1), (1,)), ((2,), (2,))]
