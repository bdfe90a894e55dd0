"""The review bench without a browser: its buttons decide, its plain twin needs no kernel."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from test_review import opened, write

from retold.review import cards


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    from test_review import DUTCH

    return write(tmp_path / "toy", DUTCH)


def bench(folder: Path) -> Any:
    made = opened(folder).compare("nl").review.bench()
    assert made.widget is made.widget
    return made._widget


def click(widgets: Any, name: str) -> None:
    buttons = [*widgets.verdicts.children, *widgets.add.children, widgets.undo]
    next(b for b in buttons if getattr(b, "description", "") == name).click()


def test_a_click_is_saved_and_the_next_card_comes_up(folder: Path) -> None:
    b = bench(folder)
    first, second = (card.target for card in b.cards[:2])
    b.comment.value = "not so"
    click(b, "Reject")
    assert b.card.target.before == second.before and "Saved: &lt;nl: finding rejected" in b.said.value
    again = opened(folder).compare("nl").review.decisions
    assert [(d.decision, d.comment, d.before) for d in again] == [("reject", "not so", first.before)]
    b.show.value = "decided"
    assert [cards.mark(card) for card in b.cards] == ["✗"] and "rejected" in b.face.value
    click(b, "Take back")
    assert b.cards == [] and "Nothing here" in b.face.value and b.verdicts.layout.display == "none"


def test_a_translation_is_edited(folder: Path) -> None:
    b = bench(folder)
    assert b.english.layout.display == "none"
    assert (b.face.layout.display, b.comment.layout.display) != ("none", "none")
    assert b.face.layout is not b.to.layout and b.comment.layout is not b.to.layout  # hidden and shown apart
    b.tab.value = "translation"
    assert (b.english.layout.display, b.english.value) == ("", "CHINA KOOPT 300.000 CHIPS VAN NVIDIA.")
    b.english.value = "China buys chips."
    click(b, "Save edit")
    assert opened(folder).translate("nl")[0].text == "China buys chips."
    b.english.value = " "
    click(b, "Save edit")
    assert "the English is empty" in b.said.value and "bad" in b.said.value
    click(b, "Undo")
    assert opened(folder).translate("nl")[0].engine == "shouter"


def test_a_link_is_rejected_added_and_led_elsewhere(folder: Path) -> None:
    b = bench(folder)
    b.tab.value = "link"
    assert len(b.cards) == 3 and b.add.layout.display == ""
    click(b, "Reject")
    assert len(b.cards) == 2
    b.one.value, b.other.value = 1, 3
    click(b, "Add link")
    b.show.value = "all"
    assert [cards.mark(card) for card in b.cards] == ["✗", "✓", "·", "·"]
    b.list.index = 3
    b.edit.value = True
    assert b.to.layout.display == "" and b.edit_finding.layout.display == "none"
    b.to.value = 0
    click(b, "Save edit")
    pairs = [(k.original, k.version) for k in opened(folder).compare("nl").alignment.links]
    assert (3, 2) not in pairs and (3, 0) in pairs and (1, 3) in pairs and (0, 0) not in pairs


def test_a_finding_is_edited_and_commented(folder: Path) -> None:
    b = bench(folder)
    b.show.value = "all"
    b.list.index = next(i for i, card in enumerate(b.cards) if card.target.facet == "number")
    b.edit.value = True
    b.after.value = "300,000 or so"
    click(b, "Save edit")
    c = opened(folder).compare("nl")
    assert [(f.decision, f.after) for f in c.found if f.decision] == [("edit", "300,000 or so")]
    b.list.index = 0
    b.comment.value = "hm"
    click(b, "Comment")
    assert opened(folder).compare("nl").found[0].comment == "hm"


def test_what_a_person_wrote_is_shown_as_text(folder: Path) -> None:
    c = opened(folder).compare("nl")
    c.review.edit(c.found[0], before="<img src=x onerror=alert(1)>", comment="<b>")
    made = c.review.bench()
    shown = made._repr_mimebundle_()["text/html"] + "".join(
        cards.face(c, card) for on in ("finding", "link", "translation") for card in cards.cards(c, on)
    )
    assert "<img" not in shown and "<b>&" not in shown and "&lt;img" in shown


def test_the_plain_twin_needs_no_widgets(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    c = opened(folder).compare("nl")
    live = c.review.bench()._repr_mimebundle_()
    assert sorted(live) == ["application/vnd.jupyter.widget-view+json", "text/html", "text/plain"]
    monkeypatch.setenv("RETOLD_STATIC", "1")
    stored = c.review.bench()
    assert sorted(stored._repr_mimebundle_()) == ["text/html", "text/plain"]
    assert "findings: 0 of" in repr(stored) and stored._widget is None
    c.review.reject(c.found[0])
    assert "findings: 1 of" in repr(stored) and "✗" in repr(stored)


def test_one_bench_follows_another(folder: Path) -> None:
    one, other = bench(folder), bench(folder)
    click(one, "Accept")
    click(other, "Undo")
    assert "nothing was decided in this session" in other.said.value
    other.list.index = 1
    click(other, "Accept")
    assert len(opened(folder).review.decisions) == 2
    assert len(other.cards) == len(one.cards) - 1
