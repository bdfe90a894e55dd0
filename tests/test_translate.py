"""Which engine serves a text: memory first, then the store, then the chosen one; names and how they fail."""

from pathlib import Path

import pytest

from retold.records import RetoldError, Translation
from retold.store import CachedTranslator, Store
from retold.translate import Cascade, tmx, translator
from retold.translate.bundled import Bundled
from retold.translate.memory import Memory
from retold.translate.tmx import Unit


class Fake:
    """A stand-in engine."""

    name = "fake"

    def __init__(self, signature: str) -> None:
        self.signature = signature
        self.asked: list[str] = []

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        self.asked += texts
        return [Translation(n, f"<{t}>", self.name, self.signature) for n, t in enumerate(texts)]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s.sqlite")


def cascade(store: Store, folder: Path, engine: Fake, monkeypatch: pytest.MonkeyPatch) -> Cascade:
    made = Cascade("fake", Memory(folder), store)
    monkeypatch.setattr(made, "engine", lambda language: engine)
    return made


def test_memory_then_store_then_engine(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmx.write(tmp_path / "a.tmx", [Unit("Ja.", "nl", "Yes.", "ana", "2026-11-02T09:30:00+00:00")])
    engine = Fake("fake 1")
    made = cascade(store, tmp_path, engine, monkeypatch).translate(["Nee.", "Ja.", "", "Nee."], "nl")
    assert [(t.n, t.text, t.engine) for t in made] == [
        (0, "<Nee.>", "fake"), (1, "Yes.", "memory"), (2, "", "fake"), (3, "<Nee.>", "fake"),
    ]  # fmt: skip
    assert engine.asked == ["Nee."]


def test_a_correction_overrules_what_is_cached_and_survives_a_change_of_engine(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = cascade(store, tmp_path, Fake("fake 1"), monkeypatch)
    outer = CachedTranslator(first, store)  # as the facade wraps it
    assert outer.translate(["Ja.", "Nee."], "nl")[0].text == "<Ja.>"
    before = first.signature
    tmx.write(tmp_path / "a.tmx", [Unit("Ja.", "nl", "Yes.", "ana")])
    assert [t.text for t in outer.translate(["Ja.", "Nee."], "nl")] == ["Yes.", "<Nee.>"]
    assert first.signature != before
    other = Fake("fake 2")
    made = cascade(store, tmp_path, other, monkeypatch).translate(["Ja.", "Nee."], "nl")
    assert [(t.text, t.engine) for t in made] == [("Yes.", "memory"), ("<Nee.>", "fake")]
    assert other.asked == ["Nee."]


@pytest.mark.parametrize("name", ["babelfish", "", "/no/such/folder", "Bundled"])
def test_an_unknown_name_lists_what_is_allowed(name: str, store: Store) -> None:
    with pytest.raises(RetoldError, match="auto, bundled, marian, nllb, madlad and the path of a local folder"):
        translator(name, store=store)


def test_opening_touches_no_disk(tmp_path: Path) -> None:
    for name in ("auto", "bundled", "marian"):
        translator(name, store=Store(tmp_path / "x" / "s.sqlite"))
    assert list(tmp_path.iterdir()) == []


def test_auto_is_bundled_where_no_hub_model_is_cached(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    opened = translator("auto", store=store)
    assert isinstance(opened, Cascade)
    assert isinstance(opened.engine("nl"), Bundled) and isinstance(opened.engine("id"), Bundled)


def test_auto_takes_the_best_cached_hub_model(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retold.translate.hub.Hub.missing", lambda self, language=None: None)
    opened = translator("auto", store=store)
    assert isinstance(opened, Cascade)
    assert (opened.engine("id").name, opened.engine("nl").name) == ("nllb", "marian")


def test_a_local_folder_is_an_engine(store: Store, tiny_marian: Path, tmp_path: Path) -> None:
    opened = translator(str(tiny_marian), store=store, memory=tmp_path)
    [made] = opened.translate(["Ja, dat is zo."], "nl")
    assert made.engine == "local" and made.text
    assert opened.translate(["Ja, dat is zo."], "nl") == [made]


def test_the_bundled_engine_refuses_other_languages() -> None:
    with pytest.raises(RetoldError, match="does not read 'ru'; it reads id, nl"):
        Bundled().translate(["Да."], "ru")
