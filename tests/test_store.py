"""The store: nothing is computed twice, and a damaged file is set aside and stops no work."""

import contextlib
import sqlite3
import subprocess
import sys
import time
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


@pytest.mark.parametrize("content", [b"this is no database, and long enough to be read as one" * 20, b"\xff" * 4096])
def test_a_corrupt_file_is_set_aside_and_begun_again(
    tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    for n, aside in enumerate(("s.sqlite.damaged", "s.sqlite.damaged-1")):
        path = tmp_path / str(n) / "s.sqlite"
        path.parent.mkdir()
        if n:
            path.with_name("s.sqlite.damaged").write_text("an earlier one")
        path.write_bytes(content)
        assert CachedEncoder(Shouter(), Store(path)).encode(["one"]).tolist() == [[3, 1.5]]
        assert path.with_name(aside).read_bytes() == content
        said = capsys.readouterr().err
        assert f"s.sqlite: damaged (file is not a database); set aside as {aside}" in said and said.count("\n") == 1
        second = Shouter()
        assert CachedEncoder(second, Store(path)).encode(["one"]).tolist() == [[3, 1.5]] and second.asked == []


def test_a_file_cut_short_loses_nothing_silently(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.sqlite"
    texts = [f"zin {n} " + "x" * n for n in range(600)]
    store = Store(path)
    CachedEncoder(Shouter(), store).encode(texts)
    store.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert CachedEncoder(Shouter(), Store(path)).encode(texts)[:, 0].tolist() == [len(t) for t in texts]
    assert "s.sqlite: damaged" in capsys.readouterr().err
    assert (tmp_path / "s.sqlite.damaged").read_bytes() == whole[: len(whole) // 2]


def test_a_damaged_row_is_computed_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.sqlite"
    store = Store(path)
    CachedEncoder(Shouter(), store).encode(["one", "three"])
    CachedTranslator(Shouter(), store).translate(["Ja.", "Nee.", "Oud."], "nl")
    store.close()
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE vectors SET vector = zeroblob(12)")
        db.execute("UPDATE translations SET result = replace(result, 'JA.', 'NO.')")
        db.execute('UPDATE translations SET result = \'["OUD.", "shouter", "x", []]\' WHERE result LIKE \'%OUD.%\'')
    second = Shouter()
    assert CachedEncoder(second, Store(path)).encode(["one", "three"])[:, 0].tolist() == [3, 5]
    made = CachedTranslator(second, Store(path)).translate(["Ja.", "Nee.", "Oud."], "nl")
    assert [t.text for t in made] == ["JA.", "NEE.", "OUD."]
    assert second.asked == ["one", "three", "Ja."]  # a row of an older version, without a checksum, is taken
    said = capsys.readouterr().err
    assert "2 damaged vector(s); computed again" in said and "1 damaged translation(s); computed again" in said
    third = Shouter()
    assert CachedEncoder(third, Store(path)).encode(["one"]).tolist() == [[3, 1.5]] and third.asked == []


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    with pytest.raises(RetoldError, match="cannot be used as retold's store"):
        Store(tmp_path).vectors("e 1", ["a"])


def test_processes_that_begin_a_store_together_all_keep(tmp_path: Path) -> None:
    code = (
        "import sys, time; from retold.records import Translation; from retold.store import Store\n"
        "s = Store(sys.argv[1])\n"
        "time.sleep(max(0, float(sys.argv[3]) - time.time()))\n"
        "s.save_translations('s', 'nl', [(sys.argv[2], Translation(0, 'x', 'f', 's'))])"
    )
    for turn in range(3):
        path, start = tmp_path / f"{turn}.sqlite", str(time.time() + 1)
        running = [subprocess.Popen([sys.executable, "-c", code, str(path), who, start]) for who in "abcd"]
        assert [p.wait() for p in running] == [0] * 4
        assert sorted(Store(path).translations("s", "nl", list("abcd"))) == list("abcd")


def test_two_processes_at_once_lose_nothing(tmp_path: Path) -> None:
    code = (
        "import sys; from retold.records import Translation; from retold.store import Store; s = Store(sys.argv[1])\n"
        "for n in range(60): s.save_translations('s', 'nl', [(f'{sys.argv[2]} {n}', Translation(0, 'x', 'f', 's'))])"
    )
    path = tmp_path / "s.sqlite"
    running = [subprocess.Popen([sys.executable, "-c", code, str(path), who]) for who in ("a", "b")]
    assert [p.wait() for p in running] == [0, 0]
    assert len(Store(path).translations("s", "nl", [f"{who} {n}" for who in "ab" for n in range(60)])) == 120
