"""The alignment ribbon: two columns of bars by segment length, a band for every link.

One layout, drawn twice: as SVG for the report, where CSS gives the colours, and by matplotlib for notebooks.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from retold.naming import label, slug
from retold.records import Role, Segment
from retold.report.palette import GLYPHS, INK, TYPES, document_colours, glyph, word

if TYPE_CHECKING:
    from retold.compare import Comparison

WIDTH, EDGE, BAR = 380.0, 46.0, 14.0  # of the picture, of the room for labels, of a bar
LEAST, GAP = 10.0, 2.5  # the lowest bar still has room for its label
SCALE = 0.11  # height of one character
HIGHEST = 200.0  # inches of a picture; a page of ten megabytes would take gigabytes to draw


@dataclass(frozen=True, slots=True)
class Bar:
    """A segment: its place on its side, top to bottom."""

    n: int
    top: float
    height: float
    status: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Band:
    """A link: the part of the original's bar and of the version's bar that it joins."""

    original: int
    version: int
    left: tuple[float, float]
    right: tuple[float, float]
    probability: float
    moved: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything a picture of one alignment is drawn from."""

    left: tuple[Bar, ...]
    right: tuple[Bar, ...]
    bands: tuple[Band, ...]
    height: float


def layout(comparison: Comparison) -> Layout:
    """Where every bar and band stands."""
    sides: list[tuple[tuple[Segment, ...], tuple[str, ...], Role]] = [
        (comparison.original_segments, comparison.status.original, "original"),
        (comparison.version_segments, comparison.status.version, comparison.version.role),
    ]
    height = max(_end(_bars(*side)) for side in sides) - 4.0
    left, right = (_bars(*side, height) for side in sides)
    links = sorted((k.original, k.version, k.probability) for k in comparison.alignment.links)
    moved = {(o, v) for b in comparison.alignment.beads if b.moved for o in b.original for v in b.version}
    from_left: dict[int, list[int]] = {}
    from_right: dict[int, list[int]] = {}
    for o, v, _ in links:
        from_left.setdefault(o, []).append(v)
        from_right.setdefault(v, []).append(o)
    bands = tuple(
        Band(o, v, _share(left[o], from_left[o].index(v), len(from_left[o])),
             _share(right[v], from_right[v].index(o), len(from_right[v])), p, (o, v) in moved)
        for o, v, p in links
    )  # fmt: skip
    return Layout(left, right, bands, height + 8)


def _bars(segments: tuple[Segment, ...], status: tuple[str, ...], role: Role, height: float = 0.0) -> tuple[Bar, ...]:
    """One column; where it is lower than `height`, the gaps between its bars make up for it."""
    heights = [max(LEAST, len(s.text) * SCALE) for s in segments]
    gap = max(GAP, (height - sum(heights)) / max(1, len(heights) - 1))
    top, out = 4.0, []
    for s, high in zip(segments, heights, strict=True):
        out.append(Bar(s.n, top, high, status[s.n], label(role, s.n), s.text))
        top += high + gap
    return tuple(out)


def _end(bars: tuple[Bar, ...]) -> float:
    return bars[-1].top + bars[-1].height if bars else 4.0


def _share(bar: Bar, place: int, parts: int) -> tuple[float, float]:
    """The part of a bar that one of its links takes, so that several leave side by side."""
    each = bar.height / parts
    return bar.top + place * each, bar.top + (place + 1) * each


def svg(comparison: Comparison) -> str:
    """The ribbon as one SVG element; classes carry the statuses, links lead to `#s-…` of the reading view."""
    plan, id = layout(comparison), slug(comparison.version.id)
    role = comparison.version.role
    name = f"Alignment of {comparison.original.id} and {comparison.version.id}"
    out = [
        f'<svg class="ribbon" viewBox="0 0 {WIDTH:g} {plan.height:.1f}" role="group" aria-label="{html.escape(name)}">',
        f'<defs><pattern id="hatch-{id}" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="5" height="5" class="hatch-ground"/>'
        '<line x1="0" y1="0" x2="0" y2="5" class="hatch-line"/></pattern></defs>',
    ]
    for band in plan.bands:
        (a, b), (c, d) = band.left, band.right
        x, y, mid = EDGE + BAR, WIDTH - EDGE - BAR, WIDTH / 2
        path = f"M{x:g},{a:.1f}C{mid:g},{a:.1f} {mid:g},{c:.1f} {y:g},{c:.1f}"
        path += f"V{d:.1f}C{mid:g},{d:.1f} {mid:g},{b:.1f} {x:g},{b:.1f}Z"
        title = f"{label('original', band.original)} – {label(role, band.version)}, probability {band.probability:.2f}"
        title += ", moved" if band.moved else ""
        out.append(
            f'<path class="band{" moved" if band.moved else ""}" d="{path}" data-o="{band.original}" '
            f'data-v="{band.version}" fill-opacity="{0.2 + 0.5 * band.probability:.2f}"><title>{title}</title></path>'
        )
    for side, bars in (("o", plan.left), ("v", plan.right)):
        at = EDGE if side == "o" else WIDTH - EDGE - BAR
        for bar in bars:
            said = word(bar.status, role)
            sign = glyph(bar.status, role) if bar.status in ("dropped", "added") else ""
            text = f"{bar.label} {sign}".strip() if side == "v" else f"{sign} {bar.label}".strip()
            x, anchor = (at - 5, "end") if side == "o" else (at + BAR + 5, "start")
            y = bar.top + min(bar.height, 24) / 2 + 3
            out.append(
                f'<a class="bar {bar.status}" href="#s-{id}-{side}{bar.n}" data-{side}="{bar.n}">'
                f"<title>{bar.label}, {html.escape(said)}: {html.escape(bar.text)}</title>"
                f'<rect x="{at:g}" y="{bar.top:.1f}" width="{BAR:g}" height="{bar.height:.1f}" rx="2"/>'
                f'<text x="{x:g}" y="{y:.1f}" text-anchor="{anchor}">{text}</text></a>'
            )
    return "\n".join([*out, "</svg>"])


def figure(comparison: Comparison) -> Any:
    """The same as a matplotlib Figure (not registered with pyplot), about as high as it is in the report."""
    from matplotlib.figure import Figure
    from matplotlib.patches import PathPatch, Rectangle
    from matplotlib.path import Path as Curve

    plan, role = layout(comparison), comparison.version.role
    colour = document_colours(comparison.story)[comparison.version.id]
    drawn = Figure(figsize=(5.2, min(max(2.0, plan.height / 72), HIGHEST)), layout="constrained")
    axes = drawn.add_subplot()
    x, y, mid = EDGE + BAR, WIDTH - EDGE - BAR, WIDTH / 2
    for band in plan.bands:
        (a, b), (c, d) = band.left, band.right
        points = [(x, a), (mid, a), (mid, c), (y, c), (y, d), (mid, d), (mid, b), (x, b), (x, a)]
        codes = [1, 4, 4, 4, 2, 4, 4, 4, 79]
        axes.add_patch(
            PathPatch(
                Curve(points, codes), facecolor=TYPES["moved"] if band.moved else colour, linewidth=0.6,
                alpha=0.2 + 0.5 * band.probability, linestyle="--" if band.moved else "-",
                edgecolor=INK if band.moved else "none",
            )
        )  # fmt: skip
    for side, bars in (("o", plan.left), ("v", plan.right)):
        at = EDGE if side == "o" else WIDTH - EDGE - BAR
        for bar in bars:
            out = bar.status in ("dropped", "added")
            fill = TYPES.get(bar.status, INK if side == "o" else colour)
            fill = "#9a9a9a" if role == "related" and bar.status == "dropped" else fill
            quiet = bar.status not in GLYPHS
            axes.add_patch(
                Rectangle((at, bar.top), BAR, bar.height, facecolor="white" if out else "#bbbbbb" if quiet else fill,
                          edgecolor=fill if out else "none", hatch="////" if out else None, linewidth=1)
            )  # fmt: skip
            sign = glyph(bar.status, role) if out else ""
            text = f"{bar.label} {sign}".strip() if side == "v" else f"{sign} {bar.label}".strip()
            axes.text(at - 5 if side == "o" else at + BAR + 5, bar.top + min(bar.height, 24) / 2, text, fontsize=6.5,
                      ha="right" if side == "o" else "left", va="center", color=fill if out else INK)  # fmt: skip
    axes.set(xlim=(0, WIDTH), ylim=(plan.height, 0))
    axes.axis("off")
    axes.set_title(f"{comparison.original.id}  →  {comparison.version.id}", fontsize=9, color=INK)
    return drawn
