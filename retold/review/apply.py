"""Decisions put to work: what a run found, corrected by what a person decided, and which decisions no longer hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from retold.records import (
    CONTENT_KINDS,
    REVIEWED,
    Alignment,
    Finding,
    RetoldError,
    Segment,
    Status,
    Translation,
)
from retold.review.decision import Decision
from retold.review.relink import relink

State = Literal["applies", "stale"]
REJECTED = "rejected in review"  # the warning of a translation that a person rejected
NEAR = 70  # least likeness, in percent, of a segment that is named as what a vanished one may have become


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a standing decision in this run. why: what changed under it, "" where nothing did.

    original, version: the numbers its segments have now, from 0; None where it has none there.
    """

    decision: Decision
    state: State
    why: str = ""
    original: int | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Texts:
    """The segments of both sides of one comparison, found by their texts."""

    original: tuple[Segment, ...]
    version: tuple[Segment, ...]

    def place(self, side: str, n: int) -> tuple[str, int]:
        """A segment as a decision names it: its text, and which of the segments of that text it is, from 1."""
        some: tuple[Segment, ...] = getattr(self, side)
        return some[n].text, sum(s.text == some[n].text for s in some[: n + 1])

    def find(self, side: str, text: str, nth: int) -> int | None:
        """The number of the segment so named; None where it is not there."""
        some: tuple[Segment, ...] = getattr(self, side)
        same = [s.n for s in some if s.text == text]
        return same[nth - 1] if nth <= len(same) else None

    def missing(self, d: Decision) -> str:
        """Which segment of a decision is gone, and what it may have become; "" where all are there."""
        from rapidfuzz import fuzz, process

        for side in ("original", "version"):
            text, nth = getattr(d, side), getattr(d, f"{side}_nth")
            if text and self.find(side, text, nth) is None:
                near = process.extractOne(
                    text, [s.text for s in getattr(self, side)], scorer=fuzz.ratio, score_cutoff=NEAR
                )
                hint = f"; the nearest is now “{near[0]}”" if near else ""
                return f"the text changed: this sentence of the {side} is no longer there{hint}"
        return ""


def about_finding(f: Finding, texts: Texts, document: str) -> Decision:
    """A finding as a decision names it: as the program made it, whatever a review made of it since."""
    f = f.was or f
    o, o_nth = texts.place("original", f.original) if f.original is not None else ("", 1)
    v, v_nth = texts.place("version", f.version) if f.version is not None else ("", 1)
    return Decision("finding", "comment", document, o, v, o_nth, v_nth, f.type, f.facet, f.before, f.after)


def about_link(original: int, version: int, texts: Texts, document: str) -> Decision:
    """A pair of segments as a decision names it."""
    (o, o_nth), (v, v_nth) = texts.place("original", original), texts.place("version", version)
    return Decision("link", "comment", document, o, v, o_nth, v_nth)


def about_translation(text: str, document: str) -> Decision:
    """The English of a segment as a decision names it: equal texts of one document share theirs."""
    return Decision("translation", "comment", document, version=text)


def translations(
    made: Sequence[Translation], texts: Texts, decisions: Sequence[Decision]
) -> tuple[tuple[Translation, ...], list[Outcome]]:
    """The English as reviewed. An accepted or edited one stands whatever the engine says now."""
    standing = {d.version: d for d in decisions if d.on == "translation"}
    out = list(made)
    outcomes: dict[str, Outcome] = {}
    for place, t in enumerate(made):
        d = standing.get(texts.version[t.n].text)
        if d is None:
            continue
        now = f"{t.engine} now says “{t.text}”" if t.text != d.machine else ""
        state: State = "applies"
        if d.decision in ("accept", "edit"):
            out[place] = Translation(t.n, d.english, REVIEWED, f"{REVIEWED} {d.author or 'unknown'} {d.date}".strip())
        elif d.decision == "reject" and now:
            state = "stale"
        elif d.decision == "reject":
            out[place] = dataclasses.replace(t, warnings=(*t.warnings, REJECTED))
        outcomes.setdefault(d.key, Outcome(d, state, now, None, t.n))
    lost = [
        Outcome(d, "stale", texts.missing(d) or _no_english(made)) for d in standing.values() if d.key not in outcomes
    ]
    return tuple(out), [*outcomes.values(), *lost]


def _no_english(made: Sequence[Translation]) -> str:
    return "the document is in English" if not made else "this segment has no translation"


def links(alignment: Alignment, texts: Texts, decisions: Sequence[Decision]) -> tuple[Alignment, list[Outcome]]:
    """The alignment without rejected links and with accepted ones."""
    pairs: dict[str, list[tuple[int, int]]] = {"accept": [], "reject": []}
    outcomes = []
    for d in (d for d in decisions if d.on == "link"):
        o, v = (texts.find(s, getattr(d, s), getattr(d, f"{s}_nth")) for s in ("original", "version"))
        if o is None or v is None:
            outcomes.append(Outcome(d, "stale", texts.missing(d)))
        elif texts.original[o].kind not in CONTENT_KINDS or texts.version[v].kind not in CONTENT_KINDS:
            outcomes.append(Outcome(d, "stale", "one of its segments takes no part any more", o, v))
        else:
            pairs.setdefault(d.decision, []).append((o, v))
            outcomes.append(Outcome(d, "applies", "", o, v))
    return relink(alignment, pairs["accept"], pairs["reject"]), outcomes


def findings(
    made: Sequence[Finding], texts: Texts, decisions: Sequence[Decision], document: str, signature: str
) -> tuple[tuple[Finding, ...], tuple[Finding, ...], list[Outcome]]:
    """(findings that stand, findings that were rejected), ranked anew in the order given, and what became of decisions.

    Who rejects that a whole segment was dropped or added rejects what else is said to be dropped or added with it.
    """
    standing = {d.key: d for d in decisions if d.on == "finding"}
    stand: list[Finding] = []
    fall: list[Finding] = []
    outcomes: dict[str, Outcome] = {}
    for f in made:
        key = about_finding(f, texts, document).key if standing else ""
        d = standing.get(key)
        if d is not None:
            outcomes.setdefault(key, Outcome(d, "applies", "", f.original, f.version))
            f = _decided(f, d)
        (fall if f.decision == "reject" else stand).append(f)
    whole = {(f.type, f.original, f.version) for f in fall if is_whole(f)}
    implied = [f for f in stand if (f.type, f.original, f.version) in whole and not f.decision]
    stand = [f for f in stand if f not in implied]
    fall += [dataclasses.replace(f, decision="reject", comment="with its whole sentence", was=f) for f in implied]
    ranked = [dataclasses.replace(f, rank=n) for n, f in enumerate([*stand, *fall], 1)]
    for d in standing.values():
        if d.key not in outcomes:
            cause = "the engines or rules changed" if d.signature != signature else "another decision took its ground"
            why = texts.missing(d) or f"{cause}: this finding is no longer made"
            outcomes[d.key] = Outcome(d, "stale", why)
    return tuple(ranked[: len(stand)]), tuple(ranked[len(stand) :]), list(outcomes.values())


def _decided(f: Finding, d: Decision) -> Finding:
    new: Mapping[str, str] = dict(d.becomes) if d.decision == "edit" else {}
    sure = {"confidence": 1.0, "suspect_translation": False} if d.decision in ("accept", "edit") else {}
    return dataclasses.replace(f, decision=d.decision, comment=d.comment, was=f, **new, **sure)  # type: ignore[arg-type]


def is_whole(f: Finding) -> bool:
    """Whether a finding says that a whole segment was dropped or added."""
    spans = [span for span in (f.original_span, f.version_span) if span]
    alone = (f.original is None) != (f.version is None)
    words = f.before or f.after
    # Such a finding quotes its segment in full.
    return alone and f.facet in ("claim", "quote") and f.type in ("dropped", "added") and spans == [(0, len(words))]


def status(made: Status, rejected: Sequence[Finding]) -> Status:
    """Statuses without the whole segments that a person says were neither dropped nor added."""
    some = [f for f in rejected if is_whole(f)]
    kept = {f.original for f in some if f.type == "dropped"}
    carried = {f.version for f in some if f.type == "added"}
    return Status(
        tuple("kept" if s == "dropped" and n in kept else s for n, s in enumerate(made.original)),
        tuple("carried" if s == "added" and n in carried else s for n, s in enumerate(made.version)),
    )


def number(segments: Sequence[Segment], given: int | str, letter: str, name: str) -> int:
    """A segment's number from 0, from a number or from a label that counts from 1 (`R8`, `V3`).

    Raises RetoldError for one that is not there.
    """
    allowed = f"0 to {len(segments) - 1}, or {letter}1 to {letter}{len(segments)} as labelled"
    if isinstance(given, str):
        plain = given.strip().upper()
        n = int(plain[1:]) - 1 if plain[:1] == letter and plain[1:].isdecimal() else -1
    else:
        n = given if isinstance(given, int) and not isinstance(given, bool) else -1
    if not 0 <= n < len(segments):
        raise RetoldError(f"{name} {given!r} is no segment; {name} has {allowed}")
    return n
