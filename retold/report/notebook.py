"""What a notebook shows of a story, a comparison and its side-by-side reading.

Plain HTML of tables, lists, `del`, `ins` and `mark`: GitHub strips styles, and these say the same without them. Each
has a plain twin, which is what `print` shows.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

from retold.naming import day, language_name, the, what, who
from retold.records import CONTENT_KINDS
from retold.report import tables
from retold.report.palette import glyph, word
from retold.report.reading import Cell, Row, rows

if TYPE_CHECKING:
    from retold.compare import Comparison, OpenStory
    from retold.summarise import Brief

SHOWN = 10  # findings in a comparison's own display; all of them are in `findings`
_TAGS = {"dropped": "del", "added": "ins", "changed": "mark", "moved": "i"}
_SIGNS = {"dropped": ("[-", "-]"), "added": ("[+", "+]"), "changed": ("[≠", "≠]"), "moved": ("[⇅", "⇅]")}


@dataclass(frozen=True)
class Reading:
    """The two texts side by side, as a notebook shows them and as plain lines."""

    comparison: Comparison
    rows: tuple[Row, ...]

    def _repr_html_(self) -> str:
        c = self.comparison
        heads = [f"{who(c.original, c.story)}, original", who(c.version, c.story)]
        heads += ["English, by machine"] if c.translations else []
        head = "".join(f"<th align='left'>{html.escape(h)}</th>" for h in heads)
        body = "".join(self._row(row) for row in self.rows)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"

    def _row(self, row: Row) -> str:
        columns = ["<br>".join(self._cell(x) for x in side) for side in (row.original, row.version)]
        if self.comparison.translations:
            columns.append("<br>".join(f"<small>{html.escape(x.english)}</small>" for x in row.version))
        return "<tr>" + "".join(f"<td align='left' valign='top'>{column}</td>" for column in columns) + "</tr>"

    def _cell(self, cell: Cell) -> str:
        parts = []
        for piece in cell.pieces:
            text = html.escape(piece.text)
            if piece.findings:
                tag = _TAGS[self.comparison.found[piece.findings[0]].type]
                text = f"<{tag}>{text}</{tag}>"
            parts.append(text)
        return f"<b>{cell.label}</b> {_tag(cell, self.comparison)}{''.join(parts)}"

    def __repr__(self) -> str:
        lines = []
        for row in self.rows:
            lines += [self._line(cell) for cell in (*row.original, *row.version)]
            lines.append("")
        return "\n".join(lines)

    def _line(self, cell: Cell) -> str:
        parts = []
        for piece in cell.pieces:
            before, after = _SIGNS[self.comparison.found[piece.findings[0]].type] if piece.findings else ("", "")
            parts.append(before + piece.text + after)
        english = f"  ({cell.english})" if cell.english else ""
        return f"{cell.label:>4} {_tag(cell, self.comparison, plain=True)}{''.join(parts)}{english}"


def _tag(cell: Cell, c: Comparison, *, plain: bool = False) -> str:
    if cell.status in ("kept", "carried"):
        return ""
    said = f"{glyph(cell.status, c.version.role)} {word(cell.status, c.version.role)}".strip()
    return f"({said}) " if plain else f"<i>{said}</i> "


def read(comparison: Comparison, *, differences: bool = False) -> Reading:
    """The two texts side by side. differences: only the rows that a finding touches."""
    view = rows(comparison)
    if differences:
        view = tuple(row for row in view if any(cell.findings for cell in (*row.original, *row.version)))
    return Reading(comparison, view)


def comparison_html(comparison: Comparison, brief: Brief) -> str:
    """A comparison as a notebook shows it: the brief, and the first findings."""
    c = comparison
    lines = "".join(
        f"<li>{f'<b>{html.escape(line.lead)}</b>: ' if line.lead else ''}"
        + "; ".join(
            html.escape(i.text) + (f" <small>[{brief.cite(i.refs)}]</small>" if i.refs else "") for i in line.items
        )
        + "</li>"
        for line in brief.lines
    )
    table = tables.findings(c).drop(columns=["original_text", "version_text", "english", "key"]).head(SHOWN)
    table = table.drop(columns=[x for x in ("decision", "comment") if not table[x].any()])
    more = (
        f"<p><small>{len(c.found) - SHOWN} more in <code>.findings</code></small></p>" if len(c.found) > SHOWN else ""
    )
    told = table.to_html(border=0, max_rows=SHOWN, float_format=lambda x: f"{x:.2f}")
    said = f"<p><small>Review: {html.escape(c.review.summary)}</small></p>" if c.reviewed else ""
    return f"<h3>{html.escape(brief.title)}</h3><ul>{lines}</ul>{told}{more}{said}"


def story_html(opened: OpenStory) -> str:
    """A story as a notebook shows it: its documents. Nothing is compared for it."""
    cells = []
    for d in (opened.original, *opened.story.others):
        sentences = sum(s.kind in CONTENT_KINDS for s in opened.segments[d.id])
        row = [d.id, d.role, language_name(d.language), d.publisher, day(d), str(sentences)]
        cells.append("<tr>" + "".join(f"<td align='left'>{html.escape(x)}</td>" for x in row) + "</tr>")
    heads = ("id", "role", "language", "publisher", "date", "sentences")
    head = "".join(f"<th align='left'>{h}</th>" for h in heads)
    warnings = "".join(f"<p><b>Warning</b> {html.escape(w)}</p>" for w in opened.story.warnings)
    return (
        f"<h3>{html.escape(opened.story.title)}</h3>{warnings}"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(cells)}</tbody></table>"
    )


def named(comparison: Comparison) -> str:
    """A comparison in one plain line: `the Dutch version against Reuters: 29 findings`."""
    c = comparison
    found = f"{len(c.found)} finding{'' if len(c.found) == 1 else 's'}"
    kind = "" if what(c.version) == who(c.version, c.story) else f" ({what(c.version)})"
    return f"{the(who(c.version, c.story))}{kind} against {who(c.original, c.story)}: {found}"
