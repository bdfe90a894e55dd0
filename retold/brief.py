"""A brief as values: lines of statements, each with the segments and findings it rests on, and the ways to say them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SHOWN = 5  # items a line spells out; the rest is counted
WIDTH = 160  # characters quoted of a passage before it is cut at a word

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
    count: int = 0  # how many statements there are, those left off included
    summed: bool = False  # whether the first statement sums up the others
    passages: bool = False  # whether the statements are runs of segments, and these are what is counted


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
        said = []
        for line in self.lines:
            lead = f"**{plain(line.lead)}**" if line.lead else ""
            said.append(f"- {lead}{plain(self._say(line)[len(line.lead) :])}")
        return "\n".join([f"## {plain(self.title)}", "", *said, *self._tail("*")])

    @property
    def line(self) -> str:
        """The whole brief in one line: who, and how much of everything."""
        said = [f"{line.lead} {line.count}" for line in self.lines if line.lead]
        figures = [item.text for line in self.lines if not line.lead for item in line.items]
        said = [*(text.split(": ")[0] for text in figures), *said]
        return f"{self.title}: {'; '.join(t[0].lower() + t[1:] for t in said)}."

    @property
    def paragraph(self) -> str:
        """The two most important items of every line, as running text with their citations."""
        said = []
        for line in self.lines:
            first = Line(line.topic, line.lead, line.items[:2])
            told = sum(len(item.refs) if line.passages else 1 for item in line.items[:2])
            rest = f"; and {line.count - told} more" if line.count > told and not line.summed else ""
            said.append(self._say(first).removesuffix(".") + rest + ".")
        return f"{self.title}. {' '.join(said)}"

    def _tail(self, mark: str) -> list[str]:
        return [line for note in self.notes for line in ("", f"{mark}{plain(note) if mark else note}{mark}")]

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return self.markdown


def line(topic: str, lead: str, items: Sequence[Item], limit: int = SHOWN, *, passages: bool = False) -> Line:
    """A line of the first `limit` items; those left off are counted, with their segments and findings.

    passages: each item is a run of segments, and these are what is counted.
    """
    count = sum(len(item.refs) for item in items) if passages else len(items)
    return Line(topic, lead, tuple(cut(list(items), limit, passages=passages)), count, passages=passages)


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Ascending numbers as (first, last) of each unbroken run."""
    out: list[tuple[int, int]] = []
    for n in numbers:
        if out and out[-1][1] == n - 1:
            out[-1] = (out[-1][0], n)
        else:
            out.append((n, n))
    return out


def cut(items: list[Item], limit: int, *, passages: bool = False) -> list[Item]:
    """The first `limit` items; those left off, or with `passages` their segments, are counted with what they cite."""
    if len(items) <= limit:
        return items
    rest = items[limit:]
    refs = tuple(dict.fromkeys(r for item in rest for r in item.refs))
    return [
        *items[:limit],
        Item(f"and {len(refs if passages else rest)} more", refs, tuple(f for item in rest for f in item.findings)),
    ]


def quoted(text: str) -> str:
    """A passage between quotation marks, cut at a word where it is long; marks inside it become single."""
    some = " ".join(text.split())
    if len(some) > WIDTH:
        some = some[:WIDTH].rsplit(" ", 1)[0].rstrip(",;:–- ") + " …"
    return f"“{some.translate(_INNER)}”" if some else ""


_INNER = str.maketrans({"“": "‘", "”": "’", '"': "'", "„": "‘"})


def plain(text: str) -> str:
    """Text whose signs of Markdown, HTML and, in Jupyter, mathematics are escaped."""
    return "".join("\\" + c if c in "\\`*_[]<>#|$" else c for c in text)
