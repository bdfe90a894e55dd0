"""A short run of the fuzzer, and time against size."""

from __future__ import annotations

import contextlib
import gc
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks import fuzz
from benchmarks.grammar import Choices
from retold.facts import extract
from retold.findings import compare
from retold.formats import text_of
from retold.records import Alignment, Bead, Document, Link, RetoldError, Side
from retold.segment import segment


@pytest.mark.parametrize("target", fuzz.TARGETS, ids=lambda t: t.__name__)
def test_hostile_input_has_a_defined_result(target: fuzz.Target) -> None:
    """And most of it reaches behind the parsers."""
    tally = fuzz.drawn(target, 60, seed=2)
    assert tally.inputs == 60 and tally.refused < 30


def test_the_fuzzer_sees_a_crash_and_plays_it_again() -> None:
    def broken(c: Choices) -> None:
        assert c.below(256) < 200

    with pytest.raises(AssertionError, match=r"broken: [0-9a-f]+: AssertionError") as caught:
        fuzz.drawn(broken, 1000, seed=1)
    data = bytes.fromhex(str(caught.value).split(": ")[1])
    with pytest.raises(AssertionError, match="broken: "):
        fuzz.one(broken, data, fuzz.Tally())


def test_the_fuzzer_sees_an_error_of_more_than_a_sentence() -> None:
    def wordy(c: Choices) -> None:
        raise RetoldError("one\ntwo")

    with pytest.raises(AssertionError, match="wordy: "):
        fuzz.one(wordy, b"", fuzz.Tally())


@pytest.mark.long
def test_guided_inputs_find_what_a_random_one_does_not(tmp_path: Path) -> None:
    """atheris, where it is installed (requirements-fuzz.txt), keeps inputs that reach new code and counts them all."""
    pytest.importorskip("atheris")
    call = [sys.executable, "-m", "benchmarks.guided", "reviews", "500", "60", "3", str(tmp_path)]
    made = subprocess.run(call, capture_output=True, text=True, timeout=200)
    told = re.search(r"^reviews +500 inputs, (\d+) refused, .* (\d+) kept for new coverage", made.stdout, re.M)
    assert told and int(told[1]) < 400 and int(told[2]) > 0, made.stdout + made.stderr


@pytest.mark.parametrize(
    "piece", ["“", "1,", "Abc ", "a. ", "e\u0301", "\n• x", "x", "said Mr. ", "Said ", "review Reuters ", "Mаyоr ",
     "(", "\u202e", "\u200b", "* ", "<b>", "</p>", "[x](", "&amp;", "$3.4 billion ", "\0 "]
)  # fmt: skip
@pytest.mark.parametrize("rule", ["segment", "facts", "markdown", "page"])
def test_time_grows_with_size_and_no_faster(piece: str, rule: str) -> None:
    """Eight times the text: a square law would take 64 times as long, a line takes 8; below a floor nothing is told."""

    def seconds(size: int) -> float:
        text = piece * size
        gc.disable()  # collecting the garbage of all tests before this one takes longer than the rule
        start = time.process_time()
        try:
            if rule == "segment":
                segment(Document("d", "en", "version", "p", None, text))
            elif rule == "facts":
                extract(text, "en")
            else:
                with contextlib.suppress(RetoldError):  # nested too deeply
                    text_of(text.encode(), Path("a.md" if rule == "markdown" else "a.html"))
            return time.process_time() - start
        finally:
            gc.enable()

    seconds(10)
    small = max(seconds(1_000), 0.02)
    assert seconds(8_000) < 30 * small


@pytest.mark.parametrize(
    ("piece", "other"),
    [
        ("Two sources said it, ", "A source said it, "),
        ("on 3 May 2025, ", "on 3 June 2025, "),
        ("“It may not come,” he said ", "It will come, he said "),
    ],
)
def test_comparing_takes_time_by_the_number_of_facts(piece: str, other: str) -> None:
    """One bead of one long sentence a side; eight times the facts in less than half of what a square law would take."""

    def seconds(size: int) -> float:
        original, version = (Side.of_sentences([p * size], "en") for p in (piece, other))
        one = Alignment((Bead((0,), (0,)),), (Link(0, 0, 1.0),))
        start = time.process_time()
        found, _ = compare(original, version, one)
        assert found
        return time.process_time() - start

    seconds(10)
    small = max(seconds(200), 0.02)
    assert seconds(1_600) < 30 * small


def test_a_figure_of_more_digits_than_arithmetic_keeps() -> None:
    for text in ("9" * 40 + ".5 percent", "1," * 30 + "5", "$" + "9" * 400 + ".25"):
        assert all(text[f.start : f.end] == f.text for f in extract(text, "en"))
