"""A short run of what `make soak` does with 5,000 stories, and that it would see what it looks for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import soak
from retold.encode import encoder
from retold.store import Store


@pytest.mark.long
def test_sixty_stories_in_one_process(tmp_path: Path) -> None:
    watch, sample, rows = soak.soak(60, 10, 7, tmp_path, step=5)
    assert sample == 10 and rows > 50
    size, handles, threads = watch.growth
    assert size < 60 and handles == 0 and threads == 0, watch.seen
    assert {p.name.split("-")[0] for p in tmp_path.iterdir()} == {"store.sqlite"}  # and SQLite's own files beside it


def test_stories_are_drawn_the_same_each_time(tmp_path: Path) -> None:
    one, two = soak.draw(5, tmp_path / "a"), soak.draw(5, tmp_path / "b")
    assert [p.read_bytes() for p in sorted(one.iterdir())] == [p.read_bytes() for p in sorted(two.iterdir())]
    assert (soak.draw(6, tmp_path / "c") / "wire.txt").read_bytes() != (one / "wire.txt").read_bytes()


def test_it_sees_growth_and_another_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = soak.Watch(seen=[(n, 100.0 + n, 9 + n // 5, 2) for n in range(10)])
    assert watch.growth == (6.0, 1, 0)
    monkeypatch.setattr(soak, "done", lambda number, folder, store: str(number))
    monkeypatch.setattr(soak, "again", lambda numbers, folder: ["other"] * len(numbers))
    with pytest.raises(AssertionError):
        soak.soak(10, 2, 1, tmp_path)


def test_it_sees_a_wrong_row(tmp_path: Path) -> None:
    store, engine = Store(tmp_path / "s.sqlite"), encoder("bundled")
    texts = sorted({s for some in soak.pool().values() for s in some})[:3]
    store.save_vectors(engine.signature, [(t, np.ones(384, np.float32)) for t in texts])
    store.close()
    with pytest.raises(AssertionError):
        soak.check_store(tmp_path / "s.sqlite")
