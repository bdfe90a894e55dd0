"""Findings → brief: what an editor is told about one document, and about the whole story.

Every line is put together from findings, statuses and the words of the segments it cites; nothing is generated, so
nothing can stand in a brief that its segments do not hold.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from retold.brief import SHOWN, Brief, Item, Line, Ref, line, quoted, runs
from retold.claims import Claim
from retold.extract import extract
from retold.findings.rank import BAR
from retold.kinship import kinship
from retold.naming import LETTERS, language_name, the, what, who
from retold.records import CONTENT_KINDS, Document, Finding, Segment
from retold.shared import Shared, shared_facts

if TYPE_CHECKING:
    from retold.compare import Comparison, OpenStory

__all__ = ["Brief", "Item", "Line", "brief", "extract", "story_brief"]

# A brief says that a statement is nowhere on the other side from this confidence on: of those in free retellings that
# the aligner had not seen, nine in ten were (docs/align.md). Of the others it only says that they are in doubt.
STATED = 0.75
TELLING = 2.0  # nats: the least weight of a shared fact that makes two passages one (retold/shared.py)

# Facets whose words are prose, which a reader of English alone cannot guess as he can a number or a name.
CUES = frozenset({"hedge", "negation", "intensity"})
PROSE = CUES | frozenset({"source", "time", "money", "claim", "quote"})

_HARM = {"hit": 1, "erase": 2}  # classes of the languages' lists
_VERBS = {"weak": 0, "neutral": 1, "strong": 2}  # claims, says, confirms

FREE = 1 / 3  # share of added sentences above which a version is so free that links are missed (read by hand)


def brief(comparison: Comparison) -> Brief:
    """About ten lines on what one document made of the original.

    A related document is told by what it shares and adds, never as a version.
    """
    teller = _Teller(comparison)
    related = comparison.version.role == "related"
    lines = teller.related() if related else teller.version()
    labels = ((comparison.original.id, LETTERS["original"]), (comparison.version.id, LETTERS[comparison.version.role]))
    name, kind = who(comparison.version, comparison.story), what(comparison.version)
    title = name if name == kind else f"{name} ({kind})"
    return Brief(title, tuple(x for x in lines if x.items), labels, teller.notes())


def fragments(found: Sequence[Finding]) -> list[str]:
    """The other document's words that findings set beside the original's, each once: a brief gives their English."""
    return list(dict.fromkeys(f.after for f in found if f.original is not None and f.facet in PROSE and f.after))


def borne_out(english: str, sentence: str) -> bool:
    """Whether the English of a fragment, which was made without its sentence, says what the sentence's English says.

    More than seven in ten of its words of three letters and more, by their first four letters; set on the H200 story.
    """
    words = re.findall(r"\w{3,}", english.casefold())
    there = {w[:4] for w in re.findall(r"\w{3,}", sentence.casefold())}
    return sum(w[:4] in there for w in words) > 0.7 * len(words) if words else True


def story_brief(opened: OpenStory) -> Brief:
    """What all versions kept, what one alone keeps or says, what several add, and what the related documents share."""
    some = opened.comparisons
    versions = [c for c in some if c.version.role == "version"]
    related = [c for c in some if c.version.role == "related"]
    labels = ((opened.original.id, LETTERS["original"]), *((c.version.id, f"{c.version.id} ") for c in some))
    tellers = {c.version.id: _Teller(c) for c in some}
    table = [x for x in opened.claim_rows if x.document != opened.original.id]
    lines = [
        *_kept_by(opened, versions, tellers),
        _told_together(tellers, table),
        *(_told_alone(tellers[c.version.id], table) for c in versions),
        *(
            line("related", f"Shared with {the(who(c.version, c.story))} (related)", _Teller(c).facts(), 6)
            for c in related
        ),
    ]
    notes = tuple(
        dict.fromkeys(
            (
                *(f"Warning: {w}" for w in opened.story.warnings),
                *(n for c in some for n in tellers[c.version.id].notes()),
            )
        )
    )
    return Brief(f"{opened.story.title}: the story at a glance", tuple(x for x in lines if x.items), labels, notes)


_COUNT = {2: "both", 3: "all three", 4: "all four", 5: "all five"}


def _kept_by(opened: OpenStory, versions: list[Comparison], tellers: dict[str, _Teller]) -> list[Line]:
    original = opened.original.id
    texts = opened.segments[original]
    content = [s.n for s in texts if s.kind in CONTENT_KINDS]
    # Of a sentence that some version has only possibly dropped, nothing is said here.
    doubtful = {n for c in versions for n in tellers[c.version.id].maybe_gone}
    keepers = {n: [c for c in versions if c.status.original[n] in ("kept", "partly_kept")] for n in content}

    def said(lead: str, topic: str, wanted: Callable[[list[Comparison]], bool]) -> Line:
        some = [n for n in content if n not in doubtful and wanted(keepers[n])]
        # A sentence in which no difference was found is quoted first.
        parts = {n for n in some if any(c.status.original[n] == "partly_kept" for c in keepers[n])}
        differ = f" (differences found in {len(parts)})" if parts else ""
        count = Item(f"{len(some)} of {len(content)} sentences{differ}", tuple((original, n) for n in some))
        items = [count] if some else []
        for n in sorted(some, key=lambda n: (n in parts, n))[:2]:
            words = quoted(body(texts[n], opened.original)) + (" (with differences)" if n in parts else "")
            items.append(Item(words, ((original, n),)))
        return Line(topic, lead, tuple(items), len(some), summed=True)

    if not versions:
        return []
    if len(versions) == 1:
        name = the(who(versions[0].version, opened.story))
        return [said(f"Kept by {name}", "kept", bool), said("Dropped", "dropped", lambda k: not k)]
    every = _COUNT.get(len(versions), f"all {len(versions)}")
    lines = [said(f"Kept by {every} versions", "kept", lambda k: len(k) == len(versions))]
    for c in versions:
        name = the(who(c.version, opened.story))
        lines.append(said(f"Kept by {name} alone", "kept", lambda k, c=c: k == [c]))  # type: ignore[misc]
    lines.append(said("Dropped by every version", "dropped", lambda k: not k))
    some = [n for n in content if n in doubtful]
    items = [Item(f"{len(some)} of {len(content)} sentences", tuple((original, n) for n in some))] if some else []
    return [*lines, Line("doubt", "May be dropped by one version or more", tuple(items), len(some), summed=True)]


def _told_together(tellers: dict[str, _Teller], table: list[Claim]) -> Line:
    """What the original does not say and several documents do."""
    items = []
    for claim in table:
        refs = [(id, n) for id, cell in claim.cells for n in cell.segments if n not in tellers[id].maybe_new]
        if len({id for id, _ in refs}) > 1:
            items.append(Item(tellers[claim.document].words(claim.segment), tuple(refs)))
    return line("added", "Added by several", items)


def _told_alone(teller: _Teller, table: list[Claim]) -> Line:
    """What one version alone says, most important first."""
    c, items = teller.c, []
    for claim in table:
        cells = {id: cell for id, cell in claim.cells if cell.status}
        if list(cells) == [c.version.id]:
            cell = cells[c.version.id]
            refs = tuple((c.version.id, n) for n in cell.segments if n not in teller.maybe_new)
            ranks = {f.rank for f in teller.found}
            found = tuple((c.version.id, r) for r in cell.findings if r in ranks)
            if not refs:
                continue
            items.append(Item(teller.words(claim.segment), refs, found))
    items.sort(key=lambda i: min((r for _, r in i.findings), default=10**6))
    name = the(who(c.version, c.story))
    return line("added", f"Found in {name} alone" if teller.free else f"Only {name} says", items, 3)


class _Teller:
    """Says what one comparison found, line by line."""

    def __init__(self, comparison: Comparison) -> None:
        self.c = comparison
        self.of = {t.n: t for t in comparison.translations}
        self.english = dict(comparison.english)
        self.o, self.v = comparison.original.id, comparison.version.id
        self.ranks: dict[tuple[str, int | None], list[int]] = {}
        self.found = tuple(f for f in comparison.found if f.confidence >= BAR)
        for f in self.found:
            self.ranks.setdefault((self.o, f.original), []).append(f.rank)
            self.ranks.setdefault((self.v, f.version), []).append(f.rank)
        self.whole = {n for n, s in enumerate(comparison.status.original) if s == "dropped"}
        self.fresh = {n for n, s in enumerate(comparison.status.version) if s == "added"}
        alone = [f for f in comparison.found if f.confidence < STATED and _alone(f)]
        # Segments that stand alone only possibly: neither told as dropped or added nor as kept.
        self.maybe_gone = {f.original for f in alone if f.version is None}
        self.maybe_new = {f.version for f in alone if f.original is None}

    @property
    def free(self) -> bool:
        """Whether it is a version that retells so freely that links are missed."""
        taking_part = [s for s in self.c.status.version if s in ("carried", "altered", "added")]
        return self.c.version.role == "version" and taking_part.count("added") > FREE * len(taking_part)

    def version(self) -> list[Line]:
        return [
            line("kinship", "", [Item(kinship(self.c).words)]),
            self._figures(),
            self._dropped(quotes=True),
            self._dropped(quotes=False),
            self._facet("sourcing", "Sourcing", {"source"}, limit=8),
            self._certainty(),
            self._facet("facts", "Facts", {"number", "money", "time", "place", "name"}),
            self._facet("altered", "Statements altered", {"claim", "quote"}),
            line("added", "No counterpart found for" if self.free else "Added", self._added(), passages=True),
            self._doubtful(),
            line("moved", "Moved", [self._item(f) for f in self.found if f.type == "moved"], 3),
            self._boilerplate(),
            self._suspect(),
        ]

    def related(self) -> list[Line]:
        differs = {"number", "money", "time", "place"}
        return [
            line("kinship", "", [Item(kinship(self.c).words)]),
            line("shared", "Facts in both", self.facts(), 8),
            line("shared", "Passages on the same", self._passages_shared()),
            self._facet("facts", "Facts that differ", differs, types={"changed"}),
            line("added", "Adds", self._added(), passages=True),
            self._doubtful(),
            self._boilerplate(),
            self._suspect(),
        ]

    def notes(self) -> tuple[str, ...]:
        about = f"document {self.v!r} "
        notes = [
            f"Warning: {w}" for w in (*self.c.story.warnings, *self.c.warnings) if w.startswith((about, f"{self.v}: "))
        ]
        if self.free:
            notes.append(
                "Freely retold: some of what is called added or dropped here may stand on the other side in words too "
                "different to be recognised. Read both before quoting."
            )
        # Statements that are told as doubtful are not left out.
        gone, new = map(set, self._in_doubt)
        told = [
            f for f in self.c.found if f.confidence < BAR and _alone(f) and (f.original in gone or f.version in new)
        ]
        low = len(self.c.found) - len(self.found) - len(told)
        if low:
            many = f"{low} finding{'' if low == 1 else 's'} of {the(who(self.c.version, self.c.story))}"
            notes.append(f"Left out here: {many} less sure than even.")
        if self.c.rejected:
            some = len(self.c.rejected)
            notes.append(f"{some} finding{' was' if some == 1 else 's were'} rejected in review and left out here.")
        engines = sorted({t.engine for t in self.of.values() if not t.by_person})
        if engines:
            language = language_name(self.c.version.language)
            notes.append(
                f"English of {language} passages is machine translation ({', '.join(engines)}) and can say the "
                f"opposite; findings rest on the {language} words."
            )
        return tuple(notes)

    def _figures(self) -> Line:
        original = [self.c.status.original[s.n] for s in self.c.original_segments if s.kind in CONTENT_KINDS]
        version = [self.c.status.version[s.n] for s in self.c.version_segments if s.kind in CONTENT_KINDS]
        partly = original.count("partly_kept")
        part = f" (differences found in {partly})" if partly else ""
        gone, new = (len(some) for some in self._in_doubt)
        words = (
            f"Keeps {original.count('kept') + partly} of the original's {len(original)} sentences{part} and drops "
            f"{original.count('dropped') - gone}{_perhaps(gone)}; "
        )
        fresh = f"{version.count('added') - new}{_perhaps(new)} of its own {len(version)} sentences"
        words += f"no counterpart was found for {fresh}" if self.free else f"{fresh} are added"
        return line("figures", "", [Item(words)])

    @functools.cached_property
    def _in_doubt(self) -> tuple[list[int], list[int]]:
        """The sentences of both sides that have no counterpart and may have one all the same."""
        sides = (
            (self.c.original_segments, self.whole & self.maybe_gone),
            (self.c.version_segments, self.fresh & self.maybe_new),
        )
        gone, new = ([s.n for s in segments if s.kind in CONTENT_KINDS and s.n in some] for segments, some in sides)
        return gone, new

    def _doubtful(self) -> Line:
        gone, new = self._in_doubt
        related = self.c.version.role == "related"
        items = self._passages(new) if related else [*self._passages(gone, "original"), *self._passages(new)]
        return line("doubt", "Nowhere else, or said there in other words", items, 3, passages=True)

    def _dropped(self, *, quotes: bool) -> Line:
        said = {f.original for f in self.found if f.facet == "quote" and f.type == "dropped"}
        some = [
            s.n for s in self.c.original_segments if s.n in self.whole - self.maybe_gone and s.kind in CONTENT_KINDS
        ]
        lead = "Quotes dropped" if quotes else "Dropped"
        numbers = [n for n in some if (n in said) == quotes]
        items = [self._passages([n], "original")[0] for n in numbers] if quotes else self._passages(numbers, "original")
        return line("dropped", lead, items, passages=True)

    def _added(self) -> list[Item]:
        return self._passages(
            [s.n for s in self.c.version_segments if s.n in self.fresh - self.maybe_new and s.kind in CONTENT_KINDS]
        )

    def _boilerplate(self) -> Line:
        some = [s.n for s in self.c.version_segments if s.kind == "boilerplate"]
        return line("boilerplate", "Promotion and page furniture", self._passages(some), 3, passages=True)

    def _passages(self, numbers: Sequence[int], side: str = "version") -> list[Item]:
        """Runs of neighbouring segments as items, those with the most important findings first."""
        document = self.o if side == "original" else self.v
        items = []
        for a, b in runs(sorted(numbers)):
            first = quoted(body(self.c.original_segments[a], self.c.original)) if side == "original" else self.words(a)
            rest = f" and {'the next' if b == a + 1 else f'{b - a} more'}" if b > a else ""
            ranks = tuple((self.v, r) for n in range(a, b + 1) for r in self.ranks.get((document, n), ()))
            items.append(Item(first + rest, tuple((document, n) for n in range(a, b + 1)), ranks))
        return sorted(items, key=lambda i: min((r for _, r in i.findings), default=10**6))

    def words(self, n: int) -> str:
        """The document's own words, with English beside them where they are foreign.

        Machine English never stands alone, since it may be wrong; reviewed English may. One with warnings is left out.
        """
        t = self.of.get(n)
        own = quoted(body(self.c.version_segments[n], self.c.version))
        if t is None or not t.text or t.warnings:
            return own
        return quoted(t.text) if t.by_person else f"{own} (by machine: {quoted(t.text)})"

    def facts(self) -> list[Item]:
        """The facts in both documents, rarest first; those in the very same segments together."""
        together: dict[tuple[Ref, ...], list[Shared]] = {}
        for s in shared_facts(self.c):
            if s.weight > 0:
                refs = (*((self.o, n) for n in s.original), *((self.v, n) for n in s.version))
                together.setdefault(refs, []).append(s)
        return [Item(", ".join(s.words for s in some), refs) for refs, some in together.items()]

    def _passages_shared(self) -> list[Item]:
        """Passages of the original that the document carries, with the telling facts in both; surest first."""
        telling = [s for s in shared_facts(self.c) if s.weight >= TELLING]
        items: dict[int, Item] = {}
        for k in sorted(self.c.alignment.links, key=lambda k: (-k.probability, k.original, k.version)):
            same = [s.words for s in telling if k.original in s.original and k.version in s.version]
            if k.original not in items:
                words = quoted(body(self.c.original_segments[k.original], self.c.original))
                refs = ((self.o, k.original), (self.v, k.version))
                items[k.original] = Item(words + (f" (both name {', '.join(same)})" if same else ""), refs)
        return list(items.values())

    def _inside(self, f: Finding) -> bool:
        """Whether a finding says more than that its whole segment was dropped or added, or had a dateline."""
        if f.suspect_translation:
            return False
        if f.original is None or f.version is None:
            return f.original not in self.whole and f.version not in self.fresh
        segment, span = self.c.original_segments[f.original], f.original_span
        return span is None or span[1] > len(segment.text) - len(body(segment, self.c.original))

    def _verb(self, f: Finding) -> str:
        """Of a changed source, whether its verb says more or less: “confirms” for “said”."""
        from retold.facts import extract

        if (f.facet, f.type) != ("source", "changed"):
            return ""
        sides = (f.before, self.c.original.language), (f.after, self.c.version.language)
        told = [[x.value for x in extract(words, language) if x.type == "source"] for words, language in sides]
        one, other = (_VERBS.get(some[0].split(">")[0].split(":")[3]) if some else None for some in told)
        if one is None or other is None or one == other:
            return ""
        return ", a stronger verb" if other > one else ", a weaker verb"

    def _item(self, f: Finding, before: str = "") -> Item:
        refs = tuple((d, n) for d, n in ((self.o, f.original), (self.v, f.version)) if n is not None)
        if f.type == "moved":
            refs = (
                (self.o, f.original or 0),
                *((self.v, k.version) for k in self.c.alignment.links if k.original == f.original),
            )
        note = f" (note: {f.comment})" if f.comment else ""
        words = told(f, self.english.get(f.after, ""), self._around(f)) + self._verb(f)
        elsewhere = self._elsewhere(f)
        if elsewhere:
            words += " here, but stands elsewhere"
        return Item(before + words + note, (*refs, *elsewhere), ((self.v, f.rank),))

    def _elsewhere(self, f: Finding) -> tuple[Ref, ...]:
        """Where a name that is gone from, or new in, a statement stands on the side that lacks it there."""
        if f.facet not in ("name", "place") or f.type not in ("dropped", "added") or None in (f.original, f.version):
            return ()
        name, mine = (f.before, f.version) if f.before else (f.after, f.original)
        document, segments = (self.v, self.c.version_segments) if f.before else (self.o, self.c.original_segments)
        whole = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        some = [s.n for s in segments if s.kind in CONTENT_KINDS and s.n != mine and whole.search(s.text)]
        return tuple((document, n) for n in some[:1])

    def _around(self, f: Finding) -> str:
        """A cue that is gone with the words it stood among; nothing for what speaks for itself."""
        if f.facet not in CUES or f.after or f.original is None or f.original_span is None:
            return ""
        text, (start, end) = self.c.original_segments[f.original].text, f.original_span
        before, after = text[:start].split(" "), text[end:].split(" ")
        return " ".join(before[-2:]) + text[start:end] + " ".join(after[:5]).rstrip(",.;:")

    def _facet(
        self, topic: str, lead: str, facets: set[str], types: set[str] | None = None, limit: int = SHOWN
    ) -> Line:
        types = types or {"added", "dropped", "changed"}
        some = [f for f in self.found if f.facet in facets and f.type in types and self._inside(f)]
        return line(topic, lead, [self._item(f) for f in some], limit)

    def _certainty(self) -> Line:
        some = [f for f in self.found if f.facet in CUES and self._inside(f)]
        items = [self._item(f, f"{self._direction(f)}: ") for f in some if f.type != "moved"]
        return line("certainty", "Hardened or softened", items)

    def _direction(self, f: Finding) -> str:
        """Whether a change of hedge, negation or degree makes the statement harder or softer."""
        if f.facet == "negation":
            return "negation"
        before = self._strength(f.before, self.c.original.language)
        after = self._strength(f.after, self.c.version.language)
        if f.facet == "hedge":
            return "hardened" if before > after else "softened" if after > before else "reworded"
        if f.facet == "intensity" and f.type == "changed":
            before, after = self._harm(f.before, self.c.original.language), self._harm(f.after, self.c.version.language)
            if before and after and before != after:
                return "hardened" if after > before else "toned down"
        return {"dropped": "toned down", "added": "heightened"}.get(f.type, "changed")

    def _harm(self, words: str, language: str) -> int:
        """How hard something is said to be hit: 1 hit, 2 wiped out, 0 where the words say neither."""
        from retold.facts import extract

        return max((_HARM.get(f.value, 0) for f in extract(words, language) if f.type == "intensity"), default=0)

    def _strength(self, words: str, language: str) -> int:
        """How strongly words hedge: nothing is 0, likely 1, and whatever else the lists know as a hedge 2."""
        from retold.facts import extract

        hedges = [f.value for f in extract(words, language) if f.type == "hedge"]
        return max((1 if h == "likely" else 2 for h in hedges), default=0)

    def _suspect(self) -> Line:
        items = [self._item(f) for f in self.found if f.suspect_translation]
        told_of = {f.version for f in self.found if f.suspect_translation}
        content = {s.n for s in self.c.version_segments if s.kind in CONTENT_KINDS}
        warned = [t for n, t in sorted(self.of.items()) if t.warnings and n in content and n not in told_of]
        items += [Item(f"{', '.join(t.warnings)}", ((self.v, t.n),)) for t in warned]
        return line("translation", "The machine translation may err, not the document", items)


def _alone(f: Finding) -> bool:
    """Whether a finding says that a whole statement is nowhere on the other side."""
    return f.facet in ("claim", "quote") and None in (f.original, f.version)


def _perhaps(more: int) -> str:
    return f" (perhaps {more} more)" if more else ""


def told(f: Finding, english: str = "", around: str = "") -> str:
    """One finding in plain words. english: of what stands after; around: the words that what is gone stood among."""
    before, after = quoted(f.before), quoted(f.after) + (f" (by machine: {quoted(english)})" if english else "")
    if f.type == "moved":
        return f"{before or after} stands elsewhere"
    if f.before and f.after:
        return f"{before} became {after}"
    if around:
        return f"{before} is gone from {quoted(around)}"
    return f"{before} is gone" if f.before else f"{after} is new"


def body(segment: Segment, document: Document) -> str:
    """What a segment says, without the dateline that may open it."""
    from retold.facts.dateline import body_start
    from retold.languages import LANGUAGES

    start = body_start(segment.text, document.language) if document.language in LANGUAGES else 0
    return segment.text[start:] or segment.text
