"""What a person decides on, one card each: the sentences, what was found in them, and what was decided."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from retold.naming import label, language_name, who
from retold.records import CONTENT_KINDS, Finding, Link, Segment, Translation
from retold.report.palette import GLYPHS, happened
from retold.report.reading import Where, pieces
from retold.review.decision import DONE, Decision, Subject

if TYPE_CHECKING:
    from retold.compare import Comparison

Show = Literal["to decide", "decided", "all"]
SHOWS: tuple[Show, ...] = ("to decide", "decided", "all")
TITLE = 64  # characters of a card's title
NEAREST = 2  # sentences of the other side shown beside one that stands alone
_TAGS = {"dropped": "del", "added": "ins", "changed": "mark", "moved": "mark"}


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to decide on. title: one plain line."""

    on: Subject
    target: Finding | Link | Translation
    title: str
    decision: Decision | None


def cards(c: Comparison, on: Subject, show: Show = "all") -> list[Card]:
    """The cards of one subject: findings by rank, links and translations in reading order.

    A rejected link has a card too, with probability 0; segments that take no part have none.
    """
    made = {"finding": _findings, "link": _links, "translation": _translations}[on](c)
    wanted = {"to decide": (False,), "decided": (True,), "all": (False, True)}[show]
    return [card for card in made if _is_decided(card) in wanted]


def _is_decided(card: Card) -> bool:
    """A comment alone decides nothing."""
    return card.decision is not None and card.decision.decision != "comment"


def _findings(c: Comparison) -> list[Card]:
    out = []
    for f in c.all_found:
        words = " → ".join(x for x in (f.before, f.after) if x)
        title = f"{GLYPHS[f.type]} {f.facet} {_places(c, f.original, f.version)}: {words}"
        out.append(Card("finding", f, title, _decided(c, "finding", f)))
    return out


def _links(c: Comparison) -> list[Card]:
    rejected = {
        (o.original, o.version): Link(o.original, o.version, 0.0)
        for o in c.reviewed
        if o.decision.on == "link"
        and o.decision.decision == "reject"
        and o.original is not None
        and o.version is not None
    }
    some = sorted([*c.alignment.links, *rejected.values()], key=lambda k: (k.original, k.version))
    return [
        Card(
            "link", k, f"{_places(c, k.original, k.version)} {k.probability:.2f}: {c.version_segments[k.version].text}",
            _decided(c, "link", k),
        )
        for k in some
    ]  # fmt: skip


def _translations(c: Comparison) -> list[Card]:
    role = c.version.role
    return [
        Card("translation", t, f"{label(role, t.n)} {t.text}", _decided(c, "translation", t))
        for t in c.translations
        if c.version_segments[t.n].kind in CONTENT_KINDS
    ]


def _decided(c: Comparison, on: Subject, target: Finding | Link | Translation) -> Decision | None:
    for o in c.reviewed:
        if o.decision.on == on and o.state == "applies":
            if isinstance(target, Finding):
                same = target.was is not None and _same(o.decision, target.was, c)
            elif isinstance(target, Link):
                same = (o.original, o.version) == (target.original, target.version)
            else:
                same = o.decision.version == c.version_segments[target.n].text
            if same:
                return o.decision
    return None


def _same(d: Decision, f: Finding, c: Comparison) -> bool:
    from retold.review.apply import Texts, about_finding

    return about_finding(f, Texts(c.original_segments, c.version_segments), c.version.id).key == d.key


def _places(c: Comparison, original: int | None, version: int | None) -> str:
    some = ["" if original is None else label("original", original)]
    some.append("" if version is None else label(c.version.role, version))
    return "·".join(x for x in some if x)


def mark(card: Card) -> str:
    """The sign of what was decided, as wide as where nothing was."""
    return GLYPHS[card.decision.decision] if card.decision else "·"


def shown(card: Card) -> str:
    """The card as one line of a list."""
    title = " ".join(card.title.split())
    return f"{mark(card)} {title if len(title) <= TITLE else title[: TITLE - 1] + '…'}"


def face(c: Comparison, card: Card) -> str:
    """The card as HTML: what is said of it, then the sentences side by side."""
    target = card.target
    if isinstance(target, Finding):
        kind = f"{GLYPHS[target.type]} {happened(target.type, c.version.role)} {target.facet}"
        head = f"<b>{kind}</b> confidence {target.confidence:.2f}"
        if target.suspect_translation:
            head += " <em>may be the translation</em>"
        words = " → ".join(f"<q>{html.escape(x)}</q>" for x in (target.before, target.after) if x)
        o, v = target.original, target.version
        body = f"<p>{words}</p>" if o is not None and v is not None else ""
    elif isinstance(target, Link):
        o, v, body = target.original, target.version, ""
        head = f"<b>{_places(c, o, v)}</b> " + (
            "not linked" if not target.probability else f"say the same, probability {target.probability:.2f}"
        )
    else:
        o, v, body = None, target.n, ""
        head = f"<b>{label(c.version.role, v)}</b> English by {html.escape(target.engine)}"
        head += "".join(f" <em>? {html.escape(w)}</em>" for w in target.warnings)
    finding = target if isinstance(target, Finding) else None
    sides = [_side(c, "original", o, finding)] if card.on != "translation" else []
    sides.append(_side(c, "version", v, finding))
    return f"<header>{head}{_verdict(card)}</header>{body}<div class='sides'>{''.join(sides)}</div>"


def _verdict(card: Card) -> str:
    if card.decision is None:
        return ""
    d = card.decision
    by = ", ".join(x for x in (d.author, d.date[:10]) if x)
    note = f" <q>{html.escape(d.comment)}</q>" if d.comment else ""
    return (
        f" <span class='verdict'>{GLYPHS[d.decision]} {DONE[d.decision]}</span> <small>{html.escape(by)}</small>{note}"
    )


def _side(c: Comparison, where: Where, n: int | None, finding: Finding | None) -> str:
    document, segments = (c.original, c.original_segments) if where == "original" else (c.version, c.version_segments)
    called, language = who(document, c.story), language_name(document.language)
    small = "" if language in called else f" <small>{language}</small>"
    name = f"<h5>{html.escape(called)}{small}</h5>"
    if n is not None:
        return f"<section>{name}{_sentence(c, segments[n], where, finding)}</section>"
    if finding is None:
        return ""
    near = _nearest(c, finding, where)
    rest = "".join(_sentence(c, segments[m], where, None) for m in near)
    told = "<p><i>not there</i>; nearest to the encoder:</p>" if near else "<p><i>not there</i></p>"
    return f"<section class='near'>{name}{told}{rest}</section>"


def _sentence(c: Comparison, segment: Segment, where: Where, finding: Finding | None) -> str:
    document = c.original if where == "original" else c.version
    parts = []
    for piece in pieces(segment, [(0, finding)] if finding else [], where):
        tag = _TAGS[finding.type] if finding and piece.findings else ""
        text = html.escape(piece.text)
        parts.append(f"<{tag}>{text}</{tag}>" if tag else text)
    english = next((t.text for t in c.translations if t.n == segment.n), "") if where == "version" else ""
    gloss = f"<small>{html.escape(english)}</small>" if english else ""
    words = f"<span lang='{document.language}'>{''.join(parts)}</span>"
    return f"<p><b>{label(document.role, segment.n)}</b> {words}{gloss}</p>"


def _nearest(c: Comparison, f: Finding, where: Where) -> list[int]:
    """The sentences of the side that has nothing which are most like the other side's, by the encoder."""
    own, n = (c.version_segments, f.version) if where == "original" else (c.original_segments, f.original)
    other = c.original_segments if where == "original" else c.version_segments
    some = [s for s in other if s.kind in CONTENT_KINDS]
    if n is None or not some:
        return []
    vectors = c.encoder.encode([own[n].text, *(s.text for s in some)])
    return [some[i].n for i in np.argsort(-(vectors[1:] @ vectors[0]), kind="stable")[:NEAREST]]


def plain(c: Comparison) -> str:
    """What is decided and what is not, in plain lines."""
    lines = [f"Review of {c.version.id}: {c.review.summary or 'nothing decided'}"]
    for on in ("finding", "link", "translation"):
        some = cards(c, on)
        done = [card for card in some if _is_decided(card)]
        lines.append(f"{on}s: {len(done)} of {len(some)} decided")
        lines += [f"  {shown(card)}" for card in some if card.decision]
    return "\n".join(lines)


def table(c: Comparison) -> str:
    """The same as HTML that needs no kernel and no style: counts, and every decision."""
    rows = []
    for on in ("finding", "link", "translation"):
        some = cards(c, on)
        done = sum(_is_decided(card) for card in some)
        first = next((card.title for card in some if not _is_decided(card)), "")
        cells = (f"{on}s", f"{done} of {len(some)}", first)
        rows.append("<tr>" + "".join(f"<td align='left'>{html.escape(x)}</td>" for x in cells) + "</tr>")
    head = "".join(f"<th align='left'>{x}</th>" for x in ("what", "decided", "first to decide"))
    decided = c.review.table().drop(columns=["document", "date", "author"]).to_html(border=0, index=False)
    return (
        f"<p><b>Review of {html.escape(who(c.version, c.story))}</b>: run the cell for the buttons.</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{decided if c.reviewed else ''}"
    )
