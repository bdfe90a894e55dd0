"""Colours and the second cue beside each: nothing is told by colour alone.

The hues are Okabe and Ito's (jfly.uni-koeln.de/color, 2008), which the common kinds of colour blindness keep apart.
"""

from __future__ import annotations

from retold.records import Role, Story

INK = "#3d4247"
DOCUMENTS = ("#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#0072B2", "#D55E00")
TYPES = {"dropped": "#D55E00", "added": "#0072B2", "changed": "#B8860B", "moved": "#8A5BB0"}
GLYPHS = {
    "dropped": "−", "added": "+", "changed": "≠", "moved": "⇅",
    "accept": "✓", "reject": "✗", "edit": "✎", "comment": "…",
    "kept": "●", "partly_kept": "◐", "carried": "●", "altered": "◐",
}  # fmt: skip

# What a status is called. A related document does not retell, so it cannot drop anything.
_WORDS = {
    "kept": "kept", "partly_kept": "kept in part", "dropped": "dropped",
    "carried": "carried", "altered": "altered", "added": "added",
}  # fmt: skip
_RELATED = {
    "kept": "shared", "partly_kept": "shared in part", "dropped": "not mentioned",
    "carried": "shared", "altered": "shared, altered", "added": "its own",
}  # fmt: skip


# What happened to a fact, for a document that does not retell.
_BESIDE = {"dropped": "not there", "added": "only there", "changed": "differs", "moved": "moved"}


def happened(type: str, role: Role) -> str:
    """A finding's type in plain words, for a document of that role."""
    return _BESIDE[type] if role == "related" else type


def word(status: str, role: Role) -> str:
    """A status in plain words, for a document of that role."""
    return (_RELATED if role == "related" else _WORDS).get(status, status)


def glyph(status: str, role: Role) -> str:
    """The sign that goes with a status's colour; nothing for segments that take no part."""
    return "○" if role == "related" and status == "dropped" else GLYPHS.get(status, "")


def document_colours(story: Story) -> dict[str, str]:
    """One colour a document, the same wherever it is drawn; the original is ink."""
    return {story.original.id: INK} | {d.id: DOCUMENTS[i % len(DOCUMENTS)] for i, d in enumerate(story.others)}
