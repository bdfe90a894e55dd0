"""Pictures of a whole story, drawn by matplotlib: what was kept, what was found, how alike the sentences are, and when.

Every function gives a Figure that pyplot does not hold. Colours never stand alone: a sign, a hatch or a label says the
same.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from retold.naming import day, label, who
from retold.records import CONTENT_KINDS, FACETS
from retold.report.palette import INK, TYPES, document_colours, glyph

if TYPE_CHECKING:
    from retold.compare import Comparison, OpenStory

_HATCHES = {"dropped": "////", "added": "....", "changed": "", "moved": "xxxx"}


def coverage(opened: OpenStory) -> Any:
    """Sentences of the original by documents: a full, half or empty cell for kept, kept in part, not there."""
    from matplotlib.colors import to_rgb
    from matplotlib.patches import Rectangle

    content = [s for s in opened.segments[opened.original.id] if s.kind in CONTENT_KINDS]
    some, colours = opened.comparisons, document_colours(opened.story)
    drawn, axes = _axes(max(6.0, 1.9 + 0.36 * len(content)), 0.9 + 0.42 * len(some))
    for y, c in enumerate(some):
        colour = to_rgb(colours[c.version.id])
        pale = tuple(0.65 + 0.35 * v for v in colour)
        for x, s in enumerate(content):
            status = c.status.original[s.n]
            out = status == "dropped"
            fill = colour if status == "kept" else pale if status == "partly_kept" else "white"
            lost = out and c.version.role == "version"
            edge = TYPES["dropped"] if lost else "#c8c8c8" if out else "none"
            axes.add_patch(Rectangle((x + 0.06, y + 0.08), 0.88, 0.84, facecolor=fill, edgecolor=edge,
                                     hatch="////" if lost else None, linewidth=0.8))  # fmt: skip
            ink = "white" if status == "kept" else INK
            if not lost:
                axes.text(
                    x + 0.5, y + 0.53, glyph(status, c.version.role), ha="center", va="center", fontsize=8, color=ink
                )
    axes.set(xlim=(0, len(content)), ylim=(len(some), 0))
    axes.set_xticks([x + 0.5 for x in range(len(content))], [label("original", s.n) for s in content], fontsize=7)
    axes.set_yticks([y + 0.5 for y in range(len(some))], [who(c.version, opened.story) for c in some], fontsize=9)
    axes.tick_params(length=0)
    axes.xaxis.tick_top()
    axes.spines[:].set_visible(False)
    return drawn


def findings(opened: OpenStory) -> Any:
    """How many findings of each facet each version has, by what happened."""
    some = [c for c in opened.comparisons if c.version.role == "version"]
    seen = Counter(f.facet for c in some for f in c.found)
    facets = [f for f in FACETS if seen[f]]  # type: ignore[index]
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(max(6.0, 2.6 * len(some)), 0.9 + 0.28 * len(facets)), layout="constrained")
    panels = drawn.subplots(1, max(1, len(some)), sharey=True, sharex=True, squeeze=False)[0]
    for axes, c in zip(panels, some, strict=False):
        counts = Counter((f.facet, f.type) for f in c.found)
        left = [0] * len(facets)
        for type_, colour in TYPES.items():
            number = [counts[facet, type_] for facet in facets]  # type: ignore[index]
            axes.barh(facets, number, left=left, color=colour, edgecolor="white", hatch=_HATCHES[type_], height=0.72,
                      label=type_)  # fmt: skip
            left = [a + b for a, b in zip(left, number, strict=True)]
        axes.set_title(who(c.version, opened.story), fontsize=9, color=INK)
        axes.spines[["top", "right", "left"]].set_visible(False)
        axes.tick_params(length=0, labelsize=8)
    panels[0].invert_yaxis()
    handles, labels = panels[0].get_legend_handles_labels()
    if handles:
        drawn.legend(handles, labels, loc="outside lower center", ncols=4, frameon=False, fontsize=8)
    return drawn


def similarity(comparison: Comparison) -> Any:
    """How alike every two sentences are to the encoder, cosine in [-1, 1], with the links ringed."""
    c = comparison
    rows = [s for s in c.original_segments if s.kind in CONTENT_KINDS]
    columns = [s for s in c.version_segments if s.kind in CONTENT_KINDS]
    drawn, axes = _axes(max(4.0, 1.2 + 0.19 * len(columns)), max(3.0, 0.9 + 0.19 * len(rows)))
    if not rows or not columns:
        return drawn
    vectors = c.encoder.encode([s.text for s in (*rows, *columns)])
    alike = vectors[: len(rows)] @ vectors[len(rows) :].T
    shown = axes.imshow(alike, cmap="cividis", aspect="equal")
    at_row, at_column = {s.n: i for i, s in enumerate(rows)}, {s.n: i for i, s in enumerate(columns)}
    links = [k for k in c.alignment.links if k.original in at_row and k.version in at_column]
    axes.scatter([at_column[k.version] for k in links], [at_row[k.original] for k in links], s=26, marker="o",
                 facecolors="none", edgecolors="white", linewidths=1.2)  # fmt: skip
    axes.set_xticks(range(len(columns)), [label(c.version.role, s.n) for s in columns], rotation=90, fontsize=6)
    axes.set_yticks(range(len(rows)), [label("original", s.n) for s in rows], fontsize=6)
    axes.tick_params(length=0)
    axes.set_title(f"{who(c.original, c.story)} by {who(c.version, c.story)}", fontsize=9, color=INK)
    drawn.colorbar(shown, ax=axes, label="cosine", shrink=0.7)
    return drawn


def timeline(opened: OpenStory) -> Any:
    """When each dated document appeared; a filled mark is the original or a version, a hollow one is related."""
    dated = [(d.date, d) for d in opened.story.documents if d.date]
    dated.sort(key=lambda pair: (pair[0], pair[1].role != "original"))
    colours = document_colours(opened.story)
    drawn, axes = _axes(7.2, 0.9 + 0.36 * len(dated))
    for y, (date, d) in enumerate(dated):
        axes.hlines(y, dated[0][0], date, color="#d0d0d0", linewidth=1)
        inside = "white" if d.role == "related" else colours[d.id]
        shape = "D" if d.role == "original" else "o"
        axes.scatter([date], [y], s=60, marker=shape, facecolors=inside, edgecolors=colours[d.id], zorder=3)
        said = f"{who(d, opened.story)}, {day(d)}"
        axes.annotate(said, (date, y), xytext=(9, 0), textcoords="offset points", va="center", fontsize=8.5, color=INK)
    axes.set_ylim(len(dated) - 0.4, -0.6)
    axes.margins(x=0.35)
    axes.yaxis.set_visible(False)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.tick_params(labelsize=8)
    drawn.autofmt_xdate(rotation=0, ha="center")
    return drawn


def _axes(width: float, height: float) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(width, height), layout="constrained")
    return drawn, drawn.add_subplot()
