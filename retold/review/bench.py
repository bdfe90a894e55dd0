"""The review bench: buttons in a notebook over `comparison.review`, each click saved."""

from __future__ import annotations

import html
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from retold.naming import label
from retold.records import CONTENT_KINDS, FACETS, Finding, Link, RetoldError, Translation
from retold.review import cards
from retold.review.cards import SHOWS, Card
from retold.review.decision import Decision

if TYPE_CHECKING:
    from retold.compare import Comparison

TYPES = ("added", "dropped", "changed", "moved")
TABS = (("Findings", "finding"), ("Links", "link"), ("Translations", "translation"))
# Theme colours of JupyterLab, so that the bench is light or dark as the rest; plain ones where they are missing.
STYLE = """<style>
.retold-bench { border: 1px solid var(--jp-border-color2, #bbb); border-radius: 4px; padding: 10px; }
.retold-bench select { font-family: var(--jp-code-font-family, monospace); font-size: 12px; line-height: 1.6; }
.retold-card { color: var(--jp-content-font-color1, #222); font: 14px/1.5 var(--jp-content-font-family, sans-serif); }
.retold-card header { padding-bottom: 6px; border-bottom: 1px solid var(--jp-border-color2, #ccc); margin-bottom: 8px; }
.retold-card .sides { display: flex; flex-wrap: wrap; gap: 6px 24px; }
.retold-card section { flex: 1 1 15rem; min-width: 0; }
.retold-card h5 { margin: 0 0 2px; font-size: 12px; color: var(--jp-content-font-color2, #555); }
.retold-card p { margin: 0 0 6px; }
.retold-card small { color: var(--jp-content-font-color2, #555); font-size: 12px; }
.retold-card p > small { display: block; }
.retold-card .near p span { color: var(--jp-content-font-color2, #555); }
.retold-card em { font-style: normal; border-bottom: 2px dotted currentColor; margin-left: 6px; }
.retold-card .verdict { border: 1px solid currentColor; border-radius: 3px; padding: 0 5px; margin-left: 8px; }
.retold-card mark { color: inherit; background: rgba(230, 159, 0, .35); border-bottom: 2px solid #b8860b; }
.retold-card ins { color: inherit; background: rgba(0, 114, 178, .25); text-decoration: underline; }
.retold-card del { color: inherit; background: rgba(213, 94, 0, .25); text-decoration: line-through; }
.retold-bench .widget-select-multiple > label, .retold-bench .widget-select > label { margin: 0; overflow: hidden; }
.retold-said { color: var(--jp-content-font-color2, #555); font-size: 12px; line-height: 1.5; }
.retold-said.bad { color: var(--jp-error-color1, #b00); font-weight: 600; }
</style>"""


class Bench:
    """One document's findings, links and translations, one card at a time, with buttons to decide.

    Shown as widgets where a kernel runs, and as a plain table in a stored notebook (always, if RETOLD_STATIC is set).
    """

    def __init__(self, comparison: Comparison) -> None:
        self.c = comparison
        self._widget: Any = None

    @property
    def widget(self) -> Any:
        """The ipywidgets box, made when first asked for."""
        if self._widget is None:
            self._widget = _Widgets(self.c)
        return self._widget.box

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        self.c.review.follow()
        told = {"text/plain": cards.plain(self.c), "text/html": cards.table(self.c)}
        return told if os.environ.get("RETOLD_STATIC") else told | self.widget._repr_mimebundle_(**kwargs)

    def __repr__(self) -> str:
        return cards.plain(self.c)


class _Widgets:
    def __init__(self, comparison: Comparison) -> None:
        import ipywidgets as w

        self.c = comparison
        self.cards: list[Card] = []
        self.busy = False

        def full() -> Any:  # a layout of its own for each: they are hidden and shown apart
            return w.Layout(width="auto")

        self.tab = w.ToggleButtons(options=[t for t in TABS if t[1] != "translation" or comparison.translations],
                                   style={"button_width": "auto"})  # fmt: skip
        self.show = w.Dropdown(options=SHOWS, description="Show", layout=w.Layout(width="190px"),
                               style={"description_width": "initial"})  # fmt: skip
        # The description is for screen readers; its width hides it from the eye.
        self.list = w.Select(options=[], rows=15, description="Cards", style={"description_width": "0"},
                             layout=w.Layout(width="38%", min_width="240px"))  # fmt: skip
        self.face = w.HTML(layout=full())
        self.comment = w.Text(
            placeholder="Why? A comment, kept with the decision", layout=full(), continuous_update=True
        )
        self.english = w.Textarea(description="English", style={"description_width": "initial"},
                                  layout=w.Layout(width="auto", height="70px"))  # fmt: skip
        self.type = w.Dropdown(options=TYPES, layout=w.Layout(width="120px"))
        self.facet = w.Dropdown(options=FACETS, layout=w.Layout(width="120px"))
        self.before = w.Text(placeholder="in the original", layout=w.Layout(flex="1 1 120px", width="auto"))
        self.after = w.Text(placeholder="in the version", layout=w.Layout(flex="1 1 120px", width="auto"))
        self.to = w.Dropdown(options=self._segments("version"), description="Leads to", layout=full())
        self.edit_finding = w.HBox(
            [self.type, self.facet, self.before, self.after], layout=w.Layout(flex_flow="row wrap")
        )
        button = self._button
        self.edit = w.ToggleButton(description="Edit", icon="pencil", tooltip="Put it right in words of your own",
                                   layout=w.Layout(width="auto"))  # fmt: skip
        self.save = button("Save edit", "save", "Save what was edited", self._edit, "primary")
        self.verdicts = w.HBox(
            [
                button("Accept", "check", "It is right: stand for it", self._accept, "success"),
                button("Reject", "times", "It is wrong: leave it out", self._reject, "danger"),
                self.edit,
                self.save,
                button("Comment", "comment-o", "Save the comment alone", self._comment),
                button("Take back", "eraser", "Forget what was decided on this one", self._withdraw),
            ],
            layout=w.Layout(flex_flow="row wrap"),
        )
        self.one = w.Dropdown(options=self._segments("original"), layout=w.Layout(flex="1 1 160px", width="160px"))
        self.other = w.Dropdown(options=self._segments("version"), layout=w.Layout(flex="1 1 160px", width="160px"))
        self.add = w.HBox([w.Label("Link"), self.one, w.Label("with"), self.other,
                           button("Add link", "link", "They say the same", self._link, "primary")],
                          layout=w.Layout(flex_flow="row wrap"))  # fmt: skip
        self.said = w.HTML(layout=w.Layout(flex="1 1 auto"))
        self.undo = button("Undo", "undo", "Take back the last step made here", self._undo)
        desk = w.VBox([self.face, self.english, self.edit_finding, self.to, self.comment, self.verdicts],
                      layout=w.Layout(flex="1 1 320px", min_width="0", padding="0 0 0 14px",
                                      overflow="hidden"))  # fmt: skip
        self.box = w.VBox(
            [
                w.HTML(STYLE, layout=w.Layout(display="none")),
                w.HBox([self.tab, self.show], layout=w.Layout(justify_content="space-between", flex_flow="row wrap")),
                w.HBox([self.list, desk], layout=w.Layout(flex_flow="row wrap", align_items="stretch")),
                self.add,
                w.HBox([self.undo, self.said]),
            ]
        )
        self.box.add_class("retold-bench")
        for chosen in (self.tab, self.show):
            chosen.observe(lambda _: self._fill(), "value")
        self.list.observe(lambda _: self._look(), "index")
        self.edit.observe(lambda _: self._fields(), "value")
        self._fill()
        self._say(self.c.review.summary or "Nothing decided yet. Each click is saved at once.")

    def _button(self, text: str, icon: str, tip: str, does: Callable[[], Decision], style: str = "") -> Any:
        import ipywidgets as w

        made = w.Button(description=text, icon=icon, tooltip=tip, button_style=style, layout=w.Layout(width="auto"))
        made.on_click(lambda _: self._do(does))
        return made

    def _segments(self, side: str) -> list[tuple[str, int]]:
        document = self.c.original if side == "original" else self.c.version
        some = self.c.original_segments if side == "original" else self.c.version_segments
        return [(f"{label(document.role, s.n)} {s.text[:80]}", s.n) for s in some if s.kind in CONTENT_KINDS]

    @property
    def card(self) -> Card | None:
        index = self.list.index
        return self.cards[index] if index is not None and index < len(self.cards) else None

    def _fill(self, at: int = 0) -> None:
        """The list anew, with the card at that place chosen."""
        self.cards = cards.cards(self.c, self.tab.value, self.show.value)
        self.busy = True
        self.list.options = [cards.shown(card) for card in self.cards]
        self.list.index = min(at, len(self.cards) - 1) if self.cards else None
        self.busy = False
        self.add.layout.display = "" if self.tab.value == "link" else "none"
        self._look()

    def _look(self) -> None:
        """The chosen card."""
        if self.busy:
            return
        card = self.card
        self.edit.value = False
        if card is None:
            none = "All decided." if self.show.value == "to decide" else "Nothing here."
            self.face.value = f"<div class='retold-card'>{none}</div>"
        else:
            self.face.value = f"<div class='retold-card'>{cards.face(self.c, card)}</div>"
            self.comment.value = card.decision.comment if card.decision else ""
            target = card.target
            if isinstance(target, Finding):
                self.type.value, self.facet.value = target.type, target.facet
                self.before.value, self.after.value = target.before, target.after
            elif isinstance(target, Link):
                self.to.value = target.version
            else:
                self.english.value = target.text
        self._fields()

    def _fields(self) -> None:
        """Only the fields that the chosen card has."""
        card, editing = self.card, self.edit.value
        on = card.on if card else ""
        for field, wanted in (
            (self.verdicts, card is not None),
            (self.comment, card is not None),
            (self.english, on == "translation"),
            (self.edit, on in ("finding", "link")),
            (self.save, on == "translation" or (editing and bool(on))),
            (self.edit_finding, on == "finding" and editing),
            (self.to, on == "link" and editing),
        ):
            field.layout.display = "" if wanted else "none"

    def _do(self, does: Callable[[], Decision]) -> None:
        """One click: decide, say what was saved, show the next card."""
        at = self.list.index or 0
        try:
            made = does()
        except RetoldError as error:
            self._say(str(error), bad=True)
            return
        # Where decided cards stay in the list, the next one is a step further.
        step = self.show.value != "to decide" and does in (self._accept, self._reject, self._edit)
        self._fill(at + step)
        done = "Taken back" if does in (self._undo, self._withdraw) else "Saved"
        self._say(f"{done}: {made!r} · {self.c.review.summary or 'nothing decided'}")

    def _say(self, text: str, *, bad: bool = False) -> None:
        self.said.value = f"<div class='retold-said{' bad' if bad else ''}' role='status'>{html.escape(text)}</div>"

    @property
    def _target(self) -> Finding | Link | Translation:
        if self.card is None:
            raise RetoldError("nothing is chosen")
        return self.card.target

    def _accept(self) -> Decision:
        return self.c.review.accept(self._target, comment=self.comment.value)

    def _reject(self) -> Decision:
        return self.c.review.reject(self._target, comment=self.comment.value)

    def _comment(self) -> Decision:
        return self.c.review.comment(self._target, self.comment.value)

    def _withdraw(self) -> Decision:
        return self.c.review.withdraw(self._target)

    def _link(self) -> Decision:
        return self.c.review.link(original=self.one.value, version=self.other.value)

    def _undo(self) -> Decision:
        return self.c.review.undo()

    def _edit(self) -> Decision:
        target, comment = self._target, self.comment.value
        if isinstance(target, Finding):
            return self.c.review.edit(
                target, type=self.type.value, facet=self.facet.value, before=self.before.value, after=self.after.value,
                comment=comment,
            )  # fmt: skip
        if isinstance(target, Link):
            return self.c.review.edit(target, to=self.to.value, comment=comment)
        return self.c.review.edit(target, english=self.english.value, comment=comment)
