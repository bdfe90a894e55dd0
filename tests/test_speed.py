"""The speed benchmark's own rules: medians, ratios, growth, repetitions, and a change of one sentence."""

from __future__ import annotations

import math
import sys
import tomllib
from pathlib import Path

import pytest

from benchmarks import speed, speed_job, speed_systems
from benchmarks.speed import Figure, growth, ratios

STORY = Path(__file__).parent.parent / "data" / "stories" / "h200"


def figure(name: str, size: int, *seconds: float) -> Figure:
    return Figure(name, size, seconds, 100.0)


def test_growth_is_the_slope_between_the_two_largest_sizes() -> None:
    quadratic = [figure("a", n, (n / 100) ** 2) for n in (50, 500, 5000)]
    assert growth(quadratic) == pytest.approx(2)
    assert growth([*quadratic, Figure("a", 20_000, (), 0, "too slow")]) == pytest.approx(2)
    assert math.isnan(growth(quadratic[:1]))


def test_ratios_are_of_medians_and_of_sentences_a_second() -> None:
    made = [
        figure("bundled, batches", 12, 3, 1, 2),
        figure("bundled, generate one at a time", 6, 4, 5, 6),  # half the sentences in 2.5 times the time
        figure("align, ours", 50, 0.5),
        figure("align, galechurch", 50, 0.25),
        Figure("align, sentweave", 50, (), 0, "too slow"),
        figure("job, cold (model converted)", 0, 40),
        figure("job, a Dutch sentence changed", 0, 5),
    ]
    found = {name: (round(ratio, 6), least) for name, ratio, least in ratios(made)}
    assert found == {  # what was not measured has no ratio
        "bundled, batches : bundled, generate one at a time": (5, 3),
        "align 50, ours : galechurch": (0.5, 1),
        "job, a Dutch sentence changed : cold": (8, 10),
    }


def test_repeating_stops_at_the_limit_but_not_before_the_first() -> None:
    calls: list[int] = []
    took, spent = speed_systems.repeat(lambda: calls.append(1), 5, 60)
    assert len(took) == len(spent) == len(calls) == 5
    assert len(speed_systems.repeat(lambda: calls.append(1), 5, 0)[0]) == 1


def test_given_texts_have_a_counterpart_each() -> None:
    original, version, engine = speed_systems.parallel(50)
    assert len(original.texts) == 50 and len(version.texts) == 55
    cosine = engine.encode(list(original.texts)) @ engine.encode(list(version.texts)).T
    assert cosine.argmax(0).tolist() == [n for n in range(50) for _ in range(2 if n % 10 == 9 else 1)]
    assert engine.encode(["PAD"]).shape == (1, 384) and engine.encode([]).shape == (0, 384)


def test_a_system_is_measured_in_a_process_of_its_own(tmp_path: Path) -> None:
    made = speed.timed("align, galechurch", 20, tmp_path, times=2, limit=30)
    assert len(made.seconds) == len(made.cpu) == 2 and min(made.seconds) > 0 and made.peak_mb > 10
    assert "| align, galechurch | 20 |" in made.row
    failed = speed.timed("Marian, batches", 1, tmp_path, times=1, limit=30)  # there is no model in the folder
    assert failed.seconds == () and "config.json" in failed.note and math.isnan(failed.median)


@pytest.mark.parametrize("change", [speed_job.DUTCH, speed_job.ENGLISH])
def test_one_sentence_of_one_document_is_changed(change: tuple[str, str, str], tmp_path: Path) -> None:
    from retold.story import read

    before = {d.id: d.text for d in read(STORY).documents}
    after = {d.id: d.text for d in read(speed_job.changed(STORY, change, tmp_path / "h200")).documents}
    document, old, new = change
    assert [id for id in before if before[id] != after[id]] == [document]
    assert after[document] == before[document].replace(old, new)
    assert tomllib.loads((STORY / "story.toml").read_text())["id"] == "h200"


def test_a_command_that_fails_says_its_last_words() -> None:
    with pytest.raises(RuntimeError, match="so long"):
        speed_job.run([sys.executable, "-c", "import sys; sys.exit('so long')"])
    with pytest.raises(RuntimeError, match="needs longer than 1 s"):
        speed_job.run([sys.executable, "-c", "import time; time.sleep(60)"], limit=1)


def test_memory_is_that_of_the_process_and_its_children_not_ours() -> None:
    ours = bytearray(300 << 20)
    ours[::4096] = b"x" * len(ours[::4096])
    hold = "import time; held = b'x' * (100 << 20); time.sleep(.4)"
    alone, _ = speed_job.run([sys.executable, "-c", hold])
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    within, said = speed_job.run([sys.executable, "-c", nested + "; print('done')"])
    assert said == "done\n"
    assert 100 < alone.peak_mb < 200 and 100 < within.peak_mb < 250
