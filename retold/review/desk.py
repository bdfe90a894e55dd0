"""The review as an analyst uses it: `story.review` for all that was decided, `comparison.review` to decide."""

from __future__ import annotations

import dataclasses
import datetime
import getpass
import html
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retold.naming import LETTERS, finding_keys, label
from retold.records import CONTENT_KINDS, FACETS, Finding, Link, RetoldError, Translation
from retold.review.apply import Outcome, Texts, about_finding, about_link, about_translation, number
from retold.review.decision import DONE, Decision, Verdict, after, standing
from retold.review.file import ReviewFile

if TYPE_CHECKING:
    import pandas as pd

    from retold.compare import Comparison, OpenStory
    from retold.review.bench import Bench

Target = Finding | Link | Translation | str
TYPES = ("added", "dropped", "changed", "moved")
COLUMNS = ["document", "on", "decision", "original", "version", "what", "result", "comment", "author", "date", "state"]


class StoryReview:
    """Everything that was decided about one story, kept in its own `review.toml`.

    Set `author` to sign with another name than the system's (or set RETOLD_AUTHOR). path: None for a story that was
    not read from a folder, which has nothing decided and keeps nothing.
    """

    def __init__(self, opened: OpenStory, path: Path | None) -> None:
        self.opened = opened
        self.file = ReviewFile(path) if path is not None else None
        self.author = os.environ.get("RETOLD_AUTHOR") or _user()
        self._history: tuple[Decision, ...] = ()
        self._stamp: tuple[int, int, int] | None = None
        self._done: list[tuple[tuple[Decision, ...], tuple[Decision, ...]]] = []  # (added, taken out) by each step

    @property
    def history(self) -> tuple[Decision, ...]:
        """Every decision the file holds, in the order made."""
        self.opened.follow()
        return self._history

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The last word on each thing."""
        return standing(self.history)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What became of every standing decision: where it applies now, or why it does not."""
        some = tuple(o for c in self.opened.comparisons for o in c.reviewed)
        known = {d.id for d in self.opened.story.others}
        lost = [d for d in self.decisions if d.document not in known]
        return some + tuple(Outcome(d, "stale", f"the story has no document {d.document!r} any more") for d in lost)

    @property
    def stale(self) -> tuple[Outcome, ...]:
        """The decisions that no longer apply, since the text or the engine changed under them."""
        return tuple(o for o in self.outcomes if o.state == "stale")

    @property
    def summary(self) -> str:
        """How many decisions apply and how many are stale, in one line; "" where nothing was decided."""
        return summary(self.outcomes, self.opened.signatures)

    def table(self) -> pd.DataFrame:
        """One row a standing decision, with what became of it."""
        return table(self.opened.comparisons, self.outcomes)

    def undo(self) -> Decision:
        """Take back the last step made here; returns what it decided. What stood before stands again."""
        if not self._done:
            raise RetoldError("nothing was decided in this session; withdraw takes back an earlier decision")
        added, removed = self._done[-1]
        self._write(added, removed)
        self._done.pop()
        return (added or removed)[-1]

    def of(self, document: str) -> tuple[Decision, ...]:
        """The standing decisions on one document."""
        return tuple(d for d in standing(self._history) if d.document == document)

    def save(self, added: Sequence[Decision] = (), removed: Sequence[Decision] = ()) -> None:
        """Put decisions into the file and take others out, as one step that `undo` takes back."""
        self._write(removed, added)
        self._done.append((tuple(added), tuple(removed)))

    def reload(self) -> bool:
        """Read the file if it has changed since; whether it had."""
        if self.file is None or self.file.stamp == self._stamp:
            return False
        stamp = self.file.stamp
        self._history = self.file.read()
        self._stamp = stamp
        return True

    def _write(self, out: Sequence[Decision], into: Sequence[Decision]) -> None:
        if self.file is None:
            raise RetoldError(
                "this story was not read from a folder, so it has no review file; open it with retold.load"
            )
        if out:
            self.file.remove(out)
        if into:
            self.file.add(into)
        self.opened.follow()

    def _repr_html_(self) -> str:
        if not self.decisions:
            return "<p>Nothing has been decided about this story yet: <code>comparison.review.bench()</code>.</p>"
        return f"<p>{html.escape(self.summary)}</p>{self.table().to_html(border=0, index=False)}"

    def __repr__(self) -> str:
        return f"<Review of {self.opened.story.id!r}: {self.summary or 'nothing decided'}>"


class Review:
    """Decisions on one document: accept, reject, edit or comment, each saved before the call returns.

    What is decided on is a finding of `found`, or its key of `findings.key`; a link of `alignment.links`, or its two
    segments; a translation of `translations`, or its segment. Segments go by number from 0 or by label (`"R8"`,
    `"V3"`).

    >>> c.review.reject(c.found[3], comment="the figure is the same")
    >>> c.review.accept(original="R8", version="V3")      # a link
    >>> c.review.edit(version="V3", english="Sources told Reuters.")
    >>> c.review.undo()
    """

    def __init__(self, comparison: Comparison, story: StoryReview) -> None:
        self.c = comparison
        self.story = story

    def accept(self, target: Target | None = None, *, original: int | str | None = None,
               version: int | str | None = None, comment: str | None = None) -> Decision:  # fmt: skip
        """Stand for it: a finding is sure, a link is used whatever the aligner says, a translation stays as it is."""
        about = self._about(target, original, version)
        return self._save([(self._stood_for(about, "accept"), comment)])

    def reject(self, target: Target | None = None, *, original: int | str | None = None,
               version: int | str | None = None, comment: str | None = None) -> Decision:  # fmt: skip
        """Refuse it: a finding leaves the brief, a link is not used, a translation is marked as wrong."""
        about = self._about(target, original, version)
        return self._save([(dataclasses.replace(self._judged(about), decision="reject"), comment)])

    def edit(self, target: Target | None = None, *, original: int | str | None = None, version: int | str | None = None,
             english: str | None = None, to: int | str | None = None, type: str | None = None, facet: str | None = None,
             before: str | None = None, after: str | None = None, comment: str | None = None) -> Decision:  # fmt: skip
        """Put it right. english: of a translation; to: the version's segment a link should lead to instead; type,
        facet, before, after: of a finding."""
        about = self._about(target, original, version)
        new = {"type": type, "facet": facet, "before": before, "after": after}
        given = {name: value for name, value in new.items() if value is not None}
        if about.on == "translation":
            _only("english", "a translation", english, to, *given.values())
            return self._save([(self._stood_for(about, "edit", english or ""), comment)])
        if about.on == "link":
            _only("to", "a link", to, english, *given.values())
            o = Texts(self.c.original_segments, self.c.version_segments).find(
                "original", about.original, about.original_nth
            )
            there = self._about(None, o, to)
            if there.key == about.key:
                raise RetoldError(f"to {to!r} is where the link leads already")
            away = dataclasses.replace(self._judged(about), decision="reject")
            return self._save([(away, comment), (self._stood_for(there, "accept"), comment)])
        if english is not None or to is not None or not given:
            raise RetoldError("an edit of a finding gives some of type, facet, before and after, and nothing else")
        for name, value, allowed in (("type", type, TYPES), ("facet", facet, FACETS)):
            if value is not None and value not in allowed:
                raise RetoldError(f"{name} {value!r} is unknown; allowed are {', '.join(allowed)}")
        becomes = tuple((name, value) for name, value in given.items() if value != getattr(about, name))
        made = dataclasses.replace(self._judged(about), decision="edit" if becomes else "accept", becomes=becomes)
        return self._save([(made, comment)])

    def comment(self, target: Target | None = None, text: str = "", *, original: int | str | None = None,
                version: int | str | None = None) -> Decision:  # fmt: skip
        """Say something about it. What was decided on it stays; an empty text takes an earlier comment away."""
        about = self._about(target, original, version)
        if not text.strip() and self._standing(about) is None:
            raise RetoldError("the comment is empty")
        return self._save([(self._judged(about), text)])

    def link(self, *, original: int | str, version: int | str, comment: str | None = None) -> Decision:
        """Link two segments that say the same, whether the aligner saw it or not."""
        return self.accept(original=original, version=version, comment=comment)

    def withdraw(self, target: Target | None = None, *, original: int | str | None = None,
                 version: int | str | None = None) -> Decision:  # fmt: skip
        """Take back everything that was decided on it; returns the decision that stood."""
        about = self._about(target, original, version)
        some = [d for d in self.story.history if d.key == about.key]
        if not some:
            raise RetoldError(f"nothing was decided on this {about.on}")
        self.story.save(removed=some)
        return some[-1]

    def undo(self) -> Decision:
        """Take back the last step made in this session; what stood before stands again."""
        return self.story.undo()

    def decision(self, target: Target | None = None, *, original: int | str | None = None,
                 version: int | str | None = None) -> Decision | None:  # fmt: skip
        """The decision that stands on it, None where there is none."""
        return self._standing(self._about(target, original, version))

    def follow(self) -> None:
        """Bring the comparison up to date with the review file, whoever wrote it."""
        self.story.opened.follow()

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The standing decisions on this document."""
        self.follow()
        return tuple(o.decision for o in self.c.reviewed)

    @property
    def stale(self) -> tuple[Outcome, ...]:
        """Those of them that no longer apply."""
        return tuple(o for o in self.c.reviewed if o.state == "stale")

    @property
    def summary(self) -> str:
        """How many of them apply and how many are stale, in one line; "" where nothing was decided."""
        return summary(self.c.reviewed, self.story.opened.signatures)

    def table(self) -> pd.DataFrame:
        """One row a standing decision on this document."""
        return table((self.c,), self.c.reviewed)

    def bench(self) -> Bench:
        """Buttons to decide with, in a notebook; a plain list where no kernel answers."""
        from retold.review.bench import Bench

        return Bench(self.c)

    def _about(self, target: Target | None, original: int | str | None, version: int | str | None) -> Decision:
        """What is meant, as a decision that decides nothing yet. Raises RetoldError where it is not there."""
        c = self.c
        texts = Texts(c.original_segments, c.version_segments)
        if isinstance(target, str):
            named = dict(zip(finding_keys(c), c.all_found, strict=True))
            if target not in named:
                raise RetoldError(f"{c.version.id} has no finding with the key {target!r}; see `findings.key`")
            target = named[target]
        if isinstance(target, Finding):
            about = about_finding(target, texts, c.version.id)
            if about.key not in {about_finding(f, texts, c.version.id).key for f in c.all_found}:
                raise RetoldError(f"this finding ({about.words}) is none of {c.version.id}'s")
            return about
        if isinstance(target, Link):
            original, version = target.original, target.version
        elif isinstance(target, Translation):
            original, version = None, target.n
        elif target is not None:
            raise RetoldError(f"{target!r} is no finding, link or translation, nor a finding's key")
        if version is None:
            raise RetoldError("what is decided on? give a finding, a link or a translation, or a segment: version=…")
        v = number(c.version_segments, version, LETTERS[c.version.role], "version")
        if original is None:
            if not c.translations:
                raise RetoldError(
                    f"{c.version.id} is in English: it has no translation; a link needs original= as well"
                )
            return about_translation(c.version_segments[v].text, c.version.id)
        o = number(c.original_segments, original, LETTERS["original"], "original")
        for segment, role in ((c.original_segments[o], c.original.role), (c.version_segments[v], c.version.role)):
            if segment.kind not in CONTENT_KINDS:
                raise RetoldError(f"{label(role, segment.n)} is a {segment.kind}, which takes no part in links")
        return about_link(o, v, texts, c.version.id)

    def _judged(self, about: Decision) -> Decision:
        """The decision with what it was judged on."""
        made = self.story.opened.machine(self.c.version.id)
        english = next((t.text for t in made.translations if self.c.version_segments[t.n].text == about.version), "")
        return dataclasses.replace(
            about, machine=english if about.on == "translation" else "", signature=made.signature
        )

    def _stood_for(self, about: Decision, verdict: Verdict, english: str | None = None) -> Decision:
        if about.on == "translation" and english is None:
            shown = (t.text for t in self.c.translations if self.c.version_segments[t.n].text == about.version)
            english = next(shown, "")
        if about.on == "translation" and not (english or "").strip():
            raise RetoldError("the English is empty; give the words that should stand, english='…'")
        return dataclasses.replace(self._judged(about), decision=verdict, english=(english or "").strip())

    def _standing(self, about: Decision) -> Decision | None:
        self.story.opened.follow()
        return next((d for d in self.story.of(self.c.version.id) if d.key == about.key), None)

    def _save(self, some: Sequence[tuple[Decision, str | None]]) -> Decision:
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        made = [
            dataclasses.replace(after(self._standing(d), d, comment), author=self.story.author.strip(), date=now)
            for d, comment in some
        ]
        self.story.save(made)
        return made[-1]

    def _repr_html_(self) -> str:
        if not self.c.reviewed:
            return "<p>Nothing has been decided about this document yet: <code>.bench()</code>.</p>"
        return self.table().to_html(border=0, index=False)

    def __repr__(self) -> str:
        return f"<Review of {self.c.version.id!r}: {self.summary or 'nothing decided'}>"


def table(comparisons: Sequence[Comparison], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Decisions as a person reads them, with labels that count from 1."""
    import pandas as pd

    roles = {c.version.id: c.version.role for c in comparisons}
    rows = [
        {
            "document": o.decision.document,
            "on": o.decision.on,
            "decision": DONE[o.decision.decision],
            "original": "" if o.original is None else label("original", o.original),
            "version": "" if o.version is None else label(roles[o.decision.document], o.version),
            "what": o.decision.words,
            "result": o.decision.result,
            "comment": o.decision.comment,
            "author": o.decision.author,
            "date": o.decision.date[:10],
            "state": o.state if not o.why else f"{o.state}: {o.why}",
        }
        for o in outcomes
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


def summary(outcomes: Sequence[Outcome], signatures: dict[str, str]) -> str:
    """How many decisions apply and how many are stale, in one line; "" where nothing was decided."""
    if not outcomes:
        return ""
    stale = sum(o.state == "stale" for o in outcomes)
    older = sum(
        o.state == "applies" and o.decision.signature not in ("", signatures.get(o.decision.document, ""))
        for o in outcomes
    )
    applies = len(outcomes) - stale
    under = f" ({older} made under other engines or rules)" if older else ""
    return f"{applies} decision{'' if applies == 1 else 's'} appl{'ies' if applies == 1 else 'y'}{under}, {stale} stale"


def _only(name: str, what: str, needed: Any, *others: Any) -> None:
    if needed is None or any(x is not None for x in others):
        raise RetoldError(f"an edit of {what} gives {name}=…, and nothing else")


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no such user here, as in some containers
        return "unknown"
