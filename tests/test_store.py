"""The store: nothing is computed twice, nothing reviewed is lost, a bad file is named and left alone."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from retold.records import RetoldError, Translation, Vectors
from retold.store import CHUNK, CachedEncoder, CachedTranslator, Store


class Shouter:
    """A stand-in engine that counts what it was asked."""

    name = "shouter"

    def __init__(self, signature: str = "shouter 1", *, fail_at: str = "") -> None:
        self.signature = signature
        self.asked: list[str] = []
        self.fail_at = fail_at

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        if self.fail_at and self.fail_at in texts:
            raise KeyboardInterrupt
        self.asked += texts
        return [Translation(n, t.upper(), self.name, self.signature, ("loud",)) for n, t in enumerate(texts)]

    def encode(self, texts: list[str]) -> Vectors:
        self.asked += texts
        return np.asarray([[len(t), 1.5] for t in texts], np.float32).reshape(len(texts), 2)


def test_constructing_touches_no_disk(tmp_path: Path) -> None:
    Store(tmp_path / "a" / "b.sqlite")
    assert list(tmp_path.iterdir()) == []


def test_retold_home_is_the_default_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETOLD_HOME", str(tmp_path))
    assert Store().path == tmp_path / "retold.sqlite"


def test_only_misses_reach_the_engine(tmp_path: Path) -> None:
    inner = Shouter()
    cached = CachedTranslator(inner, Store(tmp_path / "s.sqlite"))
    first = cached.translate(["b", "a", "b"], "nl")
    assert [(t.n, t.text) for t in first] == [(0, "B"), (1, "A"), (2, "B")]
    assert sorted(inner.asked) == ["a", "b"]
    again = CachedTranslator(Shouter(), Store(tmp_path / "s.sqlite"))
    assert again.translate(["b", "a", "b"], "nl") == first
    assert isinstance(again.inner, Shouter) and again.inner.asked == []


def test_signature_and_language_part_the_results(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite")
    CachedTranslator(Shouter("one"), store).translate(["a"], "nl")
    for inner, language in ((Shouter("two"), "nl"), (Shouter("one"), "id")):
        CachedTranslator(inner, store).translate(["a"], language)
        assert inner.asked == ["a"]


def test_an_interrupted_run_keeps_what_was_done(tmp_path: Path) -> None:
    texts = [f"{n:04}" for n in range(3 * CHUNK)]
    with pytest.raises(KeyboardInterrupt):
        CachedTranslator(Shouter(fail_at=texts[-1]), Store(tmp_path / "s.sqlite")).translate(texts, "nl")
    second = Shouter()
    CachedTranslator(second, Store(tmp_path / "s.sqlite")).translate(texts, "nl")
    assert second.asked == texts[2 * CHUNK :]


def test_vectors_come_back_bit_for_bit(tmp_path: Path) -> None:
    inner = Shouter()
    cached = CachedEncoder(inner, Store(tmp_path / "s.sqlite"))
    first = cached.encode(["one", "three", "one"])
    assert first.dtype == np.float32 and first.tolist() == [[3, 1.5], [5, 1.5], [3, 1.5]]
    assert np.array_equal(cached.encode(["three", "one", "one"]), first[[1, 0, 2]])
    assert inner.asked == ["one", "three"]
    assert cached.encode([]).shape == (0, 2)


def test_odd_texts_are_kept_apart(tmp_path: Path) -> None:
    texts = ["", " ", "a\0b", "a", "\ud800", "x" * 100_000]
    cached = CachedEncoder(Shouter(), Store(tmp_path / "s.sqlite"))
    assert cached.encode(texts)[:, 0].tolist() == [0, 1, 3, 1, 1, 100_000]


def test_a_review_keeps_author_date_and_what_stood_before(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite")
    store.review("Ja.", "nl", "Yeah.", author="ana", previous="Yep.")
    store.review("Ja.", "nl", "Yes.", author="bo")
    [last] = store.reviewed("nl")
    assert (last.english, last.author, last.previous) == ("Yes.", "bo", "Yeah.")
    assert last.date.endswith("+00:00")
    assert [r.previous for r in store.reviewed(history=True)] == ["Yep.", "Yeah."]
    assert store.reviewed("id") == []
    with pytest.raises(RetoldError, match="the english of a reviewed translation is empty"):
        store.review("Ja.", "nl", " ", author="ana")


def test_decisions_keep_their_history(tmp_path: Path) -> None:
    store = Store(tmp_path / "s.sqlite")
    store.decide("h200", "finding", "3", "wrong", author="ana")
    store.decide("h200", "finding", "3", "right", comment="read again", author="ana")
    store.decide("other", "finding", "3", "wrong", author="ana")
    assert [(d.decision, d.comment) for d in store.decisions("h200")] == [("right", "read again")]
    assert len(store.decisions("h200", history=True)) == 2


@pytest.mark.parametrize("content", [b"this is no database, and long enough to be read as one" * 20, b"\x00" * 4096])
def test_a_corrupt_file_is_named_and_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "s.sqlite"
    path.write_bytes(content)
    with pytest.raises(RetoldError, match=r"s\.sqlite: cannot be used as retold's store"):
        Store(path).reviewed()
    assert path.read_bytes() == content


def test_a_file_cut_short_loses_nothing_silently(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    store = Store(path)
    for n in range(200):
        store.review(f"zin {n} " + "x" * 200, "nl", "sentence", author="ana")
    store.close()
    path.write_bytes(path.read_bytes()[:20_000])
    with pytest.raises(RetoldError, match=r"s\.sqlite"):
        Store(path).reviewed()


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(RetoldError, match="cannot be used as retold's store"):
        Store(tmp_path).reviewed()


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from retold.store import Store; s = Store(sys.argv[1])\n"
        "for n in range(60): s.review(f'{sys.argv[2]} {n}', 'nl', 'x', author='ana')"
    )
    path = tmp_path / "s.sqlite"
    running = [subprocess.Popen([sys.executable, "-c", code, str(path), who]) for who in ("a", "b")]
    assert [p.wait() for p in running] == [0, 0]
    assert len(Store(path).reviewed()) == 120
