"""An alignment with the links that a person rejected taken out and those a person stands for put in."""

from __future__ import annotations

from collections.abc import Iterable

from retold.align.beads import THRESHOLD, _mark_moved, _place
from retold.records import Alignment, Bead, Link

Pair = tuple[int, int]  # numbers of an original and a version segment


def relink(alignment: Alignment, accepted: Iterable[Pair], rejected: Iterable[Pair]) -> Alignment:
    """The alignment as a person corrected it; beads that no correction touches stay as they are.

    A touched bead is put together anew from the links the aligner holds likely and the accepted ones, which have
    probability 1. A rejected link is never in the result; its segments may still share a bead through others.
    """
    sure = {(k.original, k.version): k.probability for k in alignment.links}
    yes, no = set(accepted), set(rejected) & set(sure)
    # Accepting what is there already changes its probability alone.
    joins = yes - set(sure)
    ends = {n for n, _ in joins | no}, {n for _, n in joins | no}
    touched = [b for b in alignment.beads if ends[0] & set(b.original) or ends[1] & set(b.version)]
    if not touched:
        return alignment if not yes else _judged(alignment, yes)
    edges = set(joins)
    for bead in touched:
        pairs = [(o, v) for o in bead.original for v in bead.version]
        likely = [p for p in pairs if sure.get(p, bead.probability) > THRESHOLD or p in yes] or pairs
        edges |= {p for p in likely if p not in no}
    nodes = {("o", n) for b in touched for n in b.original} | {("v", n) for b in touched for n in b.version}
    made = [_bead(group, sure, yes, no) for group in _groups(nodes, edges)]
    kept = [b for b in alignment.beads if b not in touched]
    links = [k for k in alignment.links if any(k.original in b.original for b in kept)]
    links += [
        Link(o, v, sure.get((o, v), 1.0)) for b in made for o in b.original for v in b.version if (o, v) not in no
    ]
    return _judged(Alignment(tuple(_ordered([*kept, *made])), tuple(links)), yes)


def _bead(
    group: tuple[tuple[int, ...], tuple[int, ...]], sure: dict[Pair, float], yes: set[Pair], no: set[Pair]
) -> Bead:
    pairs = [(o, v) for o in group[0] for v in group[1] if (o, v) not in no]
    worth = [1.0 if p in yes else sure.get(p, 1.0) for p in pairs]
    return Bead(*group, sum(worth) / len(worth) if worth else 1.0)


def _groups(nodes: set[tuple[str, int]], edges: set[Pair]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """The connected sets of segments."""
    faces: dict[tuple[str, int], list[tuple[str, int]]] = {node: [] for node in nodes}
    for o, v in edges:
        faces.setdefault(("o", o), []).append(("v", v))
        faces.setdefault(("v", v), []).append(("o", o))
    seen: set[tuple[str, int]] = set()
    out = []
    for node in faces:
        waiting, group = [node], set()
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                group.add(at)
                waiting += faces[at]
        if group:
            out.append((tuple(sorted(n for s, n in group if s == "o")), tuple(sorted(n for s, n in group if s == "v"))))
    return out


def _ordered(beads: list[Bead]) -> list[Bead]:
    """Beads in reading order, those out of the original's order marked as moved anew."""
    two = _mark_moved([Bead(b.original, b.version, b.probability) for b in beads if b.original and b.version])
    return sorted([*two, *(b for b in beads if not (b.original and b.version))], key=_place)


def _judged(alignment: Alignment, yes: set[Pair]) -> Alignment:
    links = [
        Link(k.original, k.version, 1.0 if (k.original, k.version) in yes else k.probability) for k in alignment.links
    ]
    return Alignment(alignment.beads, tuple(sorted(links, key=lambda k: (k.original, k.version))))
