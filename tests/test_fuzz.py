"""A short run of the fuzzer, and time against size."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from benchmarks import fuzz
from retold.facts import extract
from retold.records import Document
from retold.segment import segment


@pytest.mark.parametrize("target", fuzz.TARGETS, ids=lambda t: t.__name__)
def test_random_input_has_a_defined_result(target: Callable[..., None]) -> None:
    fuzz.run(target, 60, seed=2)


def test_the_fuzzer_sees_a_crash() -> None:
    def broken(text: str, _: object) -> None:
        raise IndexError

    with pytest.raises(AssertionError, match="broken, input 0"):
        fuzz.run(broken, 1, seed=1)


@pytest.mark.parametrize(
    "piece", ["“", "1,", "Abc ", "a. ", "e\u0301", "\n• x", "x", "said Mr. ", "Said ", "review Reuters "]
)
@pytest.mark.parametrize("rule", ["segment", "facts"])
def test_time_grows_with_size_and_no_faster(piece: str, rule: str) -> None:
    """Eight times the text: a square law would take 64 times as long, a line takes 8; below a floor nothing is told."""

    def seconds(size: int) -> float:
        text = piece * size
        start = time.process_time()
        if rule == "segment":
            segment(Document("d", "en", "version", "p", None, text))
        else:
            extract(text, "en")
        return time.process_time() - start

    seconds(10)
    small = max(seconds(1_000), 0.02)
    assert seconds(8_000) < 30 * small


def test_a_figure_of_more_digits_than_arithmetic_keeps() -> None:
    for text in ("9" * 40 + ".5 percent", "1," * 30 + "5", "$" + "9" * 400 + ".25"):
        assert all(text[f.start : f.end] == f.text for f in extract(text, "en"))
