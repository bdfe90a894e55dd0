"""A second reading of parallel texts: beads that the first leaves open are weighed again with more to go by.

A sum of vectors cannot tell what several segments say together, nor that a clause has gone over to the next sentence.
So the segments of every bead in question are encoded joined, and every clause by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retold.align.lattice import NEIGHBOURS, TYPES, Band, Floats, Ints, lengths_apart
from retold.align.pieces import clauses
from retold.align.space import centre
from retold.align.web import Doubles, Web
from retold.records import Bead, Encoder, Vectors

LEAST = 0.003  # probability by the first reading of a bead that is read again
AROUND = 2  # segments on either side of a bead in which its clauses may find a better home
ENOUGH = 100  # characters: a longer clause counts no more
KINDS = (
    *(f"type_{a}_{b}" for a, b in TYPES),
    "unmatched",
    "short",
    "length",
    "length_more",
    "cosine",
    "cosine_more",
    "margin",
    "margin_more",
    "gain",
    "loss",
    "clauses",
    "clauses_more",
    "elsewhere",
    "elsewhere_each",
    "elsewhere_most",
)


@dataclass(frozen=True, slots=True)
class Runs:
    """Vectors of the runs of segments of one side that stand in a bead in question."""

    row: dict[tuple[int, int], int]  # by first and past the last segment
    vectors: Vectors  # (runs, d), centred
    near: Floats  # (runs,): mean cosine with the nearest segments of the other side


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of one side."""

    first: Ints  # (segments + 1,): the number of each segment's first clause
    weights: Doubles  # (clauses,): by their length, at most 1
    cosines: Floats  # (clauses, other side's segments): the best with the segment or with a clause of it


Text = tuple[Sequence[str], Vectors]  # the segments of one side and their vectors


def read_again(
    band: Band, beads: Ints, sides: tuple[Text, Text], encoder: Encoder, weights: dict[str, float]
) -> list[Bead]:
    """The best sequence of the beads in question, each with its probability. beads: as of `decode.likely`."""
    web = Web.of(beads)
    scores = evidence(band, beads, sides, encoder) @ np.array([weights[kind] for kind in KINDS])
    surely, _ = web.probabilities(scores)
    return [
        Bead(tuple(range(a, b)), tuple(range(c, d)), float(p))
        for (a, b, c, d), p in ((beads[k].tolist(), surely[k]) for k in web.best(scores))
    ]


def evidence(band: Band, beads: Ints, sides: tuple[Text, Text], encoder: Encoder) -> Doubles:
    """(beads, KINDS): what speaks for each bead."""
    runs, parts = read_runs(beads, sides, encoder), read_clauses(sides, encoder)
    found = np.zeros((len(beads), len(KINDS)))
    place = {tuple(bead): k for k, bead in enumerate(beads.tolist())}
    scale = band.lengths[1][-1] / band.lengths[0][-1]
    two = (beads[:, 1] > beads[:, 0]) & (beads[:, 3] > beads[:, 2])
    o, v = (
        [side.row.get((int(i), int(j)), 0) for i, j in beads[:, at : at + 2]]
        for at, side in zip((0, 2), runs, strict=True)
    )
    cosine = np.einsum("kd,kd->k", runs[0].vectors[o], runs[1].vectors[v])
    margin = cosine - (runs[0].near[o] + runs[1].near[v]) / 2
    more = (np.diff(beads)[:, 0] + np.diff(beads)[:, 2]) / 2 - 1
    sizes = [sums[beads[:, at + 1]] - sums[beads[:, at]] for at, sums in zip((0, 2), band.lengths, strict=True)]
    length = lengths_apart(sizes[0] * scale, sizes[1])
    columns: dict[str, NDArray[np.floating]] = {
        "length": length, "cosine": cosine, "margin": margin, **_homes(beads, two, parts)
    }  # fmt: skip
    columns |= {f"{kind}_more": columns[kind] * more for kind in ("length", "cosine", "margin", "clauses")}
    for kind, step in (("gain", -1), ("loss", 1)):
        columns[kind] = np.array([_against(cosine, place, bead, k, step) for k, bead in enumerate(beads.tolist())])
    for kind, column in columns.items():
        found[:, KINDS.index(kind)] = np.where(two, column, 0)
    alone = np.where(beads[:, 1] > beads[:, 0], band.alone[0][np.minimum(beads[:, 0], len(band.alone[0]) - 1)],
                     band.alone[1][np.minimum(beads[:, 2], len(band.alone[1]) - 1)])  # fmt: skip
    found[:, KINDS.index("unmatched")] = np.where(two, 0, alone)
    found[:, KINDS.index("short")] = np.where(two, 0, np.log(np.maximum(sizes[0] + sizes[1], 1)) - 4.5)
    kinds = [KINDS.index(f"type_{b - a}_{d - c}") for a, b, c, d in beads.tolist()]
    found[np.arange(len(beads)), kinds] = 1
    return found


def read_runs(beads: Ints, sides: tuple[Text, Text], encoder: Encoder) -> tuple[Runs, Runs]:
    """The runs of each side, joined by a space and encoded."""
    found = []
    middles = [vectors.mean(0) for _, vectors in sides]
    single = [centre(vectors, middle) for (_, vectors), middle in zip(sides, middles, strict=True)]
    for side, (texts, vectors) in enumerate(sides):
        spans = {(int(i), int(j)) for i, j in beads[:, 2 * side : 2 * side + 2] if j - i > 1}
        longer = sorted(spans)
        joined = encoder.encode([" ".join(texts[i:j]) for i, j in longer]).reshape(-1, vectors.shape[1])
        row = {(n, n + 1): n for n in range(len(texts))} | {span: len(texts) + k for k, span in enumerate(longer)}
        all_ = np.concatenate([single[side], centre(joined, middles[side])])
        other = single[1 - side]
        k = min(NEIGHBOURS, len(other))
        near = np.sort(all_ @ other.T, 1)[:, -k:].mean(1)
        found.append(Runs(row, all_, near))
    return found[0], found[1]


def read_clauses(sides: tuple[Text, Text], encoder: Encoder) -> tuple[Clauses, Clauses]:
    """The clauses of each side and how near each is to every segment of the other."""
    cut = [[clauses(text) for text in texts] for texts, _ in sides]
    first = [np.cumsum([0, *map(len, some)]) for some in cut]
    flat = [[clause for some in side for clause in some] for side in cut]
    vectors = [centre(encoder.encode(some)) for some in flat]
    found = []
    for side in (0, 1):
        cosines = np.maximum.reduceat(vectors[side] @ vectors[1 - side].T, first[1 - side][:-1], axis=1)
        cosines = np.maximum(cosines, vectors[side] @ centre(sides[1 - side][1]).T)
        weights = np.minimum([len(clause) for clause in flat[side]], ENOUGH) / ENOUGH
        found.append(Clauses(first[side], weights, cosines))
    return found[0], found[1]


def _homes(beads: Ints, two: NDArray[np.bool_], parts: tuple[Clauses, Clauses]) -> dict[str, Doubles]:
    """How near the clauses of each bead are to its other side, and how much nearer to what stands beside it: of all,
    each by its length, their share, and the most of one."""
    found = {kind: np.zeros(len(beads)) for kind in ("clauses", "elsewhere", "elsewhere_each", "elsewhere_most")}
    for k in np.flatnonzero(two):
        most = []
        for side in (0, 1):
            own, other = beads[k, 2 * side : 2 * side + 2], beads[k, 2 - 2 * side : 4 - 2 * side]
            some = slice(parts[side].first[own[0]], parts[side].first[own[1]])
            weights, cosines = parts[side].weights[some], parts[side].cosines[some]
            inside = cosines[:, other[0] : other[1]].max(1)
            around = [cosines[:, max(other[0] - AROUND, 0) : other[0]], cosines[:, other[1] : other[1] + AROUND]]
            apart = np.concatenate(around, 1).max(1, initial=-1) - inside
            found["clauses"][k] += weights @ inside / weights.sum() / 2
            found["elsewhere"][k] += weights @ np.maximum(apart, 0)
            found["elsewhere_each"][k] += weights @ np.maximum(apart, 0) / weights.sum()
            most.append(np.clip((weights * apart).max(), -0.5, 0.5))
        found["elsewhere_most"][k] = max(most)
    return found


def _against(cosine: Floats, place: dict[tuple[int, ...], int], bead: list[int], k: int, step: int) -> float:
    """How much a bead's cosine stands above the best of those in question with a segment less (-1) or more (+1)."""
    a, b, c, d = bead
    near = ((a - step, b, c, d), (a, b + step, c, d), (a, b, c - step, d), (a, b, c, d + step))
    rivals = [cosine[place[x]] for x in near if x in place and x[0] < x[1] and x[2] < x[3]]
    return float(np.clip(cosine[k] - max(rivals), -0.5, 0.5)) if rivals else 0.0
