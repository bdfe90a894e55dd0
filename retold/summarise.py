"""Findings → brief: what an editor is told about one document, and about the whole story.

Every line is put together from findings, statuses and the words of the segments it cites; nothing is generated, so
nothing can stand in a brief that its segments do not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retold.extract import extract
from retold.naming import LETTERS, language_name, the, what, who
from retold.records import CONTENT_KINDS, Document, Finding, Segment

if TYPE_CHECKING:
    from retold.compare import Comparison, OpenStory

__all__ = ["Brief", "Item", "Line", "brief", "extract", "story_brief"]

SHOWN = 5  # items a line spells out; the rest is counted
WIDTH = 120  # characters quoted of a passage before it is cut at a word

Ref = tuple[str, int]  # (document id, segment number from 0)


@dataclass(frozen=True, slots=True)
class Item:
    """One statement of a line. refs: the segments it rests on; findings: (document id, rank) it rests on."""

    text: str
    refs: tuple[Ref, ...] = ()
    findings: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a brief: a topic, the words that lead it in, and its statements."""

    topic: str
    lead: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """A brief as values. labels: what stands before a segment's number, by document id (`R8`, `V3`; counted from 1)."""

    title: str
    lines: tuple[Line, ...]
    labels: tuple[tuple[str, str], ...]
    notes: tuple[str, ...] = ()

    def cite(self, refs: Iterable[Ref]) -> str:
        """`R8–R9, V3` for those segments; runs are joined."""
        some = list(refs)
        return ", ".join(
            f"{label}{a + 1}" if a == b else f"{label}{a + 1}–{'' if label.endswith(' ') else label}{b + 1}"
            for document, label in self.labels
            for a, b in runs(sorted({n for d, n in some if d == document}))
        )

    def _say(self, line: Line) -> str:
        said = [item.text + (f" [{self.cite(item.refs)}]" if item.refs else "") for item in line.items]
        end = "" if said and said[-1].endswith((".", "!", "?")) else "."
        return f"{line.lead}: {'; '.join(said)}{end}" if line.lead else "; ".join(said) + end

    @property
    def text(self) -> str:
        """Plain lines, ready to paste."""
        return "\n".join([self.title, "", *(f"- {self._say(line)}" for line in self.lines), *self._tail("")])

    @property
    def markdown(self) -> str:
        """The same as Markdown; what the documents say is escaped."""
        escaped = [f"- **{line.lead}**{_plain(self._say(line)[len(line.lead) :])}" for line in self.lines if line.lead]
        unled = [f"- {_plain(self._say(line))}" for line in self.lines if not line.lead]
        return "\n".join([f"## {_plain(self.title)}", "", *unled, *escaped, *self._tail("*")])

    def _tail(self, mark: str) -> list[str]:
        return [line for note in self.notes for line in ("", f"{mark}{_plain(note) if mark else note}{mark}")]

    def __str__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.markdown


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


def story_brief(opened: OpenStory) -> Brief:
    """What all versions kept, what one alone keeps or says, and what the related documents share and add."""
    some = opened.comparisons
    versions = [c for c in some if c.version.role == "version"]
    related = [c for c in some if c.version.role == "related"]
    labels = ((opened.original.id, "R"), *((c.version.id, f"{c.version.id} ") for c in some))
    lines = [*_kept_by(opened, versions), *(_alone(c) for c in versions), *(_beside(c) for c in related)]
    notes = tuple(dict.fromkeys(note for c in some for note in _Teller(c).notes()))
    return Brief(f"{opened.story.title}: the story at a glance", tuple(x for x in lines if x.items), labels, notes)


_COUNT = {2: "both", 3: "all three", 4: "all four", 5: "all five"}


def _kept_by(opened: OpenStory, versions: list[Comparison]) -> list[Line]:
    original = opened.original.id
    content = [s.n for s in opened.segments[original] if s.kind in CONTENT_KINDS]
    keepers = {n: [c for c in versions if c.status.original[n] in ("kept", "partly_kept")] for n in content}
    if not versions:
        return []

    def said(lead: str, topic: str, wanted: Callable[[list[Comparison]], bool], only: bool = False) -> Line:
        some = [n for n in content if wanted(keepers[n])]
        texts = opened.segments[original]
        items = [Item(f"{len(some)} of {len(content)} sentences", tuple((original, n) for n in some))] if some else []
        if not only and some:
            items += [Item(quoted(body(texts[n], opened.original)), ((original, n),)) for n in some[:2]]
        return Line(topic, lead, tuple(items))

    if len(versions) == 1:
        return [
            said(f"Kept by {the(who(versions[0].version, opened.story))}", "kept", bool),
            said("Dropped", "dropped", lambda k: not k),
        ]
    lines = [
        said(
            f"Kept by {_COUNT.get(len(versions), f'all {len(versions)}')} versions",
            "kept",
            lambda k: len(k) == len(versions),
        )
    ]
    for c in versions:
        lines.append(said(f"Kept by {the(who(c.version, c.story))} alone", "kept", lambda k, c=c: k == [c]))  # type: ignore[misc]
    return [*lines, said("Dropped by every version", "dropped", lambda k: not k)]


def _alone(c: Comparison) -> Line:
    return Line("added", f"Only {the(who(c.version, c.story))} says", tuple(_Teller(c).added(limit=3)))


def _beside(c: Comparison) -> Line:
    teller = _Teller(c)
    return Line("related", f"Shared with {the(who(c.version, c.story))} (related)", tuple(teller.shared(limit=3)))


class _Teller:
    """Says what one comparison found, line by line."""

    def __init__(self, comparison: Comparison) -> None:
        self.c = comparison
        self.of = {t.n: t for t in comparison.translations}
        self.o, self.v = comparison.original.id, comparison.version.id
        self.ranks: dict[tuple[str, int | None], list[int]] = {}
        for f in comparison.found:
            self.ranks.setdefault((self.o, f.original), []).append(f.rank)
            self.ranks.setdefault((self.v, f.version), []).append(f.rank)
        self.whole = {n for n, s in enumerate(comparison.status.original) if s == "dropped"}
        self.fresh = {n for n, s in enumerate(comparison.status.version) if s == "added"}

    def version(self) -> list[Line]:
        return [
            self.figures(),
            self._dropped(quotes=True),
            self._dropped(quotes=False),
            self._facet("sourcing", "Sourcing", {"source"}),
            self._certainty(),
            self._facet("facts", "Facts", {"number", "money", "time", "place", "name"}),
            self._facet("altered", "Statements altered", {"claim", "quote"}),
            Line("added", "Added", tuple(self.added())),
            self._moved(),
            self._boilerplate(),
            self._suspect(),
        ]

    def related(self) -> list[Line]:
        counts = self._counts()
        figures = Item(
            f"{counts['carried'] + counts['altered']} of its {counts['own']} sentences share facts with the original; "
            f"the rest is its own"
        )
        return [
            Line("figures", "", (figures,)),
            Line("shared", "Shared with the original", tuple(self.shared())),
            self._facet("facts", "Facts that differ", {"number", "money", "time", "place"}, types={"changed"}),
            Line("added", "Adds", tuple(self.added())),
            self._boilerplate(),
            self._suspect(),
        ]

    def notes(self) -> tuple[str, ...]:
        engines = sorted({t.engine for t in self.of.values() if t.engine != "memory"})
        if not engines:
            return ()
        language = language_name(self.c.version.language)
        return (f"English of {language} passages is machine translation ({', '.join(engines)}); findings rest on the "
                f"{language} words.",)  # fmt: skip

    def figures(self) -> Line:
        k = self._counts()
        partly = f" ({k['partly_kept']} of them in part)" if k["partly_kept"] else ""
        item = Item(
            f"Keeps {k['kept'] + k['partly_kept']} of the original's {k['all']} sentences{partly} and drops "
            f"{k['dropped']}; {k['added']} of its own {k['own']} sentences are added"
        )
        return Line("figures", "", (item,))

    def _counts(self) -> dict[str, int]:
        original = [self.c.status.original[s.n] for s in self.c.original_segments if s.kind in CONTENT_KINDS]
        version = [self.c.status.version[s.n] for s in self.c.version_segments if s.kind in CONTENT_KINDS]
        names = ("kept", "partly_kept", "dropped", "carried", "altered", "added")
        return {s: [*original, *version].count(s) for s in names} | {"all": len(original), "own": len(version)}

    def english(self, n: int) -> str:
        """The version's segment in English, or its own words where there is no translation that can be trusted."""
        t = self.of.get(n)
        return t.text if t and t.text and not t.warnings else body(self.c.version_segments[n], self.c.version)

    def _passages(self, numbers: Sequence[int], side: str, limit: int = SHOWN) -> list[Item]:
        """Runs of neighbouring segments as items, those with the most important findings first."""
        segments = self.c.original_segments if side == "original" else self.c.version_segments
        document = self.o if side == "original" else self.v
        items = []
        for a, b in runs(sorted(numbers)):
            first = body(segments[a], self.c.original) if side == "original" else self.english(a)
            rest = f" and {'the next' if b == a + 1 else f'{b - a} more'}" if b > a else ""
            ranks = tuple((self.v, r) for n in range(a, b + 1) for r in self.ranks.get((document, n), ()))
            items.append(Item(quoted(first) + rest, tuple((document, n) for n in range(a, b + 1)), ranks))
        items.sort(key=lambda i: min((r for _, r in i.findings), default=10**6))
        return cut(items, limit)

    def _dropped(self, *, quotes: bool) -> Line:
        said = {f.original for f in self.c.found if f.facet == "quote" and f.type == "dropped"}
        some = [s.n for s in self.c.original_segments if s.n in self.whole and s.kind in CONTENT_KINDS]
        lead = "Quotes dropped" if quotes else "Dropped"
        return Line("dropped", lead, tuple(self._passages([n for n in some if (n in said) == quotes], "original")))

    def added(self, limit: int = SHOWN) -> list[Item]:
        some = [s.n for s in self.c.version_segments if s.n in self.fresh and s.kind in CONTENT_KINDS]
        return self._passages(some, "version", limit)

    def shared(self, limit: int = SHOWN) -> list[Item]:
        """Passages of the original that the document carries, surest first."""
        links = sorted(self.c.alignment.links, key=lambda k: (-k.probability, k.original, k.version))
        best: dict[int, list[int]] = {}
        for link in links:
            best.setdefault(link.original, []).append(link.version)
        texts = self.c.original_segments
        items = [
            Item(quoted(body(texts[o], self.c.original)) + self._common(o, some),
                 ((self.o, o), *((self.v, v) for v in sorted(some))))
            for o, some in best.items()
        ]  # fmt: skip
        return cut(items, limit)

    def _common(self, o: int, some: list[int]) -> str:
        """The facts that the original's segment and those facing it have in common, as the original words them."""
        from retold.facts import extract

        other = self.c.version
        theirs = {
            (f.type, f.value)
            for v in some
            for f in extract(self.c.version_segments[v].text, other.language, date=other.date)
        }
        mine = extract(self.c.original_segments[o].text, self.c.original.language, date=self.c.original.date)
        same = [
            f.text
            for f in mine
            if f.type in ("number", "money", "time", "place", "name") and (f.type, f.value) in theirs
        ]
        return f" (both name {', '.join(dict.fromkeys(same))})" if same else ""

    def _inside(self, f: Finding) -> bool:
        """Whether a finding says more than that its whole segment was dropped or added, or had a dateline."""
        if f.original is None or f.version is None:
            return f.original not in self.whole and f.version not in self.fresh
        segment, span = self.c.original_segments[f.original], f.original_span
        return span is None or span[1] > len(segment.text) - len(body(segment, self.c.original))

    def _say(self, f: Finding) -> Item:
        refs = tuple((d, n) for d, n in ((self.o, f.original), (self.v, f.version)) if n is not None)
        return Item(told(f), refs, ((self.v, f.rank),))

    def _facet(self, topic: str, lead: str, facets: set[str], types: set[str] | None = None) -> Line:
        some = [
            f for f in self.c.found
            if f.facet in facets and f.type != "moved" and self._inside(f) and not f.suspect_translation
            and (types is None or f.type in types)
        ]  # fmt: skip
        return Line(topic, lead, tuple(cut([self._say(f) for f in some], SHOWN)))

    def _certainty(self) -> Line:
        items = []
        for f in self.c.found:
            if f.facet in ("hedge", "negation", "intensity") and self._inside(f) and not f.suspect_translation:
                item = self._say(f)
                items.append(Item(f"{self._direction(f)}: {item.text}", item.refs, item.findings))
        return Line("certainty", "Hardened or softened", tuple(cut(items, SHOWN)))

    def _direction(self, f: Finding) -> str:
        """Whether a change of hedge, negation or degree makes the statement harder or softer."""
        if f.facet == "negation":
            return "negation"
        before, after = (
            self._strength(f.before, self.c.original.language),
            self._strength(f.after, self.c.version.language),
        )
        if f.facet == "hedge":
            return "hardened" if before > after else "softened" if after > before else "reworded"
        return {"dropped": "toned down", "added": "heightened"}.get(f.type, "changed")

    def _strength(self, words: str, language: str) -> int:
        """How strongly words hedge: nothing is 0, likely 1, and whatever else the lists know as a hedge 2."""
        from retold.facts import extract

        hedges = [f.value for f in extract(words, language) if f.type == "hedge"]
        return max((1 if h == "likely" else 2 for h in hedges), default=0)

    def _moved(self) -> Line:
        return Line("moved", "Moved", tuple(cut([self._say(f) for f in self.c.found if f.type == "moved"], 3)))

    def _boilerplate(self) -> Line:
        some = [s.n for s in self.c.version_segments if s.kind == "boilerplate"]
        return Line("boilerplate", "Promotion and page furniture", tuple(self._passages(some, "version", 3)))

    def _suspect(self) -> Line:
        items = [self._say(f) for f in self.c.found if f.suspect_translation]
        told_of = {f.version for f in self.c.found if f.suspect_translation}
        content = {s.n for s in self.c.version_segments if s.kind in CONTENT_KINDS}
        warned = [t for n, t in sorted(self.of.items()) if t.warnings and n in content and n not in told_of]
        items += [Item(f"{', '.join(t.warnings)}", ((self.v, t.n),)) for t in warned]
        return Line("translation", "May be translation error, not editing", tuple(cut(items, SHOWN)))


def told(f: Finding) -> str:
    """One finding in plain words."""
    before, after = quoted(f.before), quoted(f.after)
    if f.before and f.after:
        return f"{before} moved: {after}" if f.type == "moved" else f"{before} became {after}"
    if f.type == "moved":
        return f"{before or after} stands elsewhere"
    return f"{before} is gone" if f.before else f"{after} is new"


def body(segment: Segment, document: Document) -> str:
    """What a segment says, without the dateline that may open it."""
    from retold.facts.dateline import body_start
    from retold.languages import LANGUAGES

    start = body_start(segment.text, document.language) if document.language in LANGUAGES else 0
    return segment.text[start:] or segment.text


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as (first, last) of each unbroken run."""
    out: list[tuple[int, int]] = []
    for n in numbers:
        if out and out[-1][1] == n - 1:
            out[-1] = (out[-1][0], n)
        else:
            out.append((n, n))
    return out


def cut(items: list[Item], limit: int) -> list[Item]:
    """The first `limit` items; those left off are counted, with their segments and findings."""
    if len(items) <= limit:
        return items
    rest = items[limit:]
    refs = tuple(dict.fromkeys(r for item in rest for r in item.refs))
    return [*items[:limit], Item(f"and {len(rest)} more", refs, tuple(f for item in rest for f in item.findings))]


def quoted(text: str) -> str:
    """A passage between quotation marks, cut at a word where it is long; marks inside it become single."""
    some = " ".join(text.split())
    if len(some) > WIDTH:
        some = some[:WIDTH].rsplit(" ", 1)[0].rstrip(",;:–- ") + " …"
    return f"“{some.translate(_INNER)}”" if some else ""


_INNER = str.maketrans({"“": "‘", "”": "’", '"': "'", "„": "‘"})


def _plain(text: str) -> str:
    """Text whose Markdown and HTML signs are escaped."""
    return "".join("\\" + c if c in "\\`*_[]<>#|" else c for c in text)
