"""What an analyst decided about one link, translation or finding, as a value that knows what it is about.

A decision names its segments by their texts, never by numbers: it stays right when sentences before it come and go, and
a person can read it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, get_args

Subject = Literal["finding", "link", "translation"]
Verdict = Literal["accept", "reject", "edit", "comment"]

SUBJECTS: tuple[str, ...] = get_args(Subject)
VERDICTS: tuple[str, ...] = get_args(Verdict)
DONE = {"accept": "accepted", "reject": "rejected", "edit": "edited", "comment": "commented on"}


@dataclass(frozen=True, slots=True, repr=False)
class Decision:
    """One decision. original, version: the texts of the segments it is about, "" where a side has no part.

    original_nth, version_nth: which of several segments of that very text, from 1. type, facet, before, after: a
    finding as the program made it. becomes: what an edit of a finding changes of these. english: the English that
    stands; machine: the English it was judged on. signature: of the engines and rules whose result was judged.
    """

    on: Subject
    decision: Verdict
    document: str
    original: str = ""
    version: str = ""
    original_nth: int = 1
    version_nth: int = 1
    type: str = ""
    facet: str = ""
    before: str = ""
    after: str = ""
    becomes: tuple[tuple[str, str], ...] = ()
    english: str = ""
    machine: str = ""
    comment: str = ""
    author: str = ""
    date: str = ""  # ISO 8601, UTC
    signature: str = ""
    line: int = field(default=0, compare=False)  # where it stands in the review file, from 1; 0: nowhere yet

    @property
    def key(self) -> str:
        """What the decision is about, as a hash: equal for two decisions on the same thing, whatever they say."""
        about = [self.on, self.document, self.original, self.original_nth, self.version, self.version_nth]
        if self.on == "finding":
            about += [self.type, self.facet, self.before, self.after]
        return hashlib.sha256(json.dumps(about).encode()).hexdigest()[:16]

    @property
    def words(self) -> str:
        """What was decided on, in a few words."""
        if self.on == "finding":
            said = " → ".join(_short(x) for x in (self.before, self.after) if x)
            return f"{self.type} {self.facet}: {said}"
        if self.on == "link":
            return f"{_short(self.original)} = {_short(self.version)}"
        return _short(self.version)

    @property
    def result(self) -> str:
        """What the decision puts in place of what the program said; "" where it only judges."""
        if self.on == "translation":
            return self.english
        return ", ".join(f"{name}: {value or '(nothing)'}" for name, value in self.becomes)

    def __repr__(self) -> str:
        said = "; ".join(x for x in (self.words, self.result, self.comment) if x)
        return f"<{self.document}: {self.on} {DONE[self.decision]}: {said}>"

    @property
    def effect(self) -> list[object]:
        """Everything of it that changes a result, as part of a signature."""
        return [self.key, self.decision, self.english, self.becomes, self.comment]


def standing(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """The last word on each thing, in the order of those words."""
    last: dict[str, Decision] = {}
    for d in decisions:
        last.pop(d.key, None)
        last[d.key] = d
    return tuple(last.values())


def after(earlier: Decision | None, later: Decision, comment: str | None) -> Decision:
    """A new decision on top of an earlier one on the same thing.

    A verdict keeps the earlier comment unless it brings its own; a bare comment keeps the earlier verdict.
    """
    if earlier is not None and later.decision == "comment":
        kept = {name: getattr(earlier, name) for name in ("decision", "becomes", "english", "machine")}
        later = dataclasses.replace(later, **kept)
    said = comment if comment is not None else earlier.comment if earlier else ""
    return dataclasses.replace(later, comment=said.strip())


def _short(text: str, width: int = 60) -> str:
    some = " ".join(text.split())
    return f"“{some if len(some) <= width else some[: width - 1].rsplit(' ', 1)[0] + ' …'}”"
