"""What speaks for and against a link: one number a pair of segments and kind of evidence."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retold.align.pieces import Pieces, cut_up
from retold.align.space import centre, space
from retold.align.words import Words, words_of
from retold.records import Encoder, RetoldError, Side, Vectors

Grid = NDArray[np.float64]

# Pairs of segments up to which every pair is weighed on its own; longer texts are taken to be parallel.
STORY = 200_000
NEIGHBOURS = 4  # of the margin: Artetxe & Schwenk 2019 take 4 nearest neighbours (arXiv 1811.01136)
GRAM = 4  # characters: long enough to be a piece of a name or a shared root, short enough to survive another ending

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_QUOTES = '"«»„“”'
_NAME = re.compile(r"\b\w*[A-Z]\w+")

# The kinds of evidence, in the order of a table's last axis, with the words an explanation uses.
KINDS = {
    "cosine": "cosine of the two vectors",
    "centred": "cosine after the mean of each text is taken away, in the space links were learned in",
    "margin": "how far it stands above the nearest neighbours of both (CSLS)",
    "original_lead": "lead over the version's next best segment for this original segment",
    "version_lead": "lead over the original's next best segment for this version segment",
    "best_lead": "the larger of the two leads",
    "least_lead": "the smaller of the two leads",
    "letters": "shared letter sequences, rare ones counting more",
    "letters_original_lead": "lead in shared letter sequences for this original segment",
    "letters_version_lead": "lead in shared letter sequences for this version segment",
    "numbers": "share of the numbers that both have",
    "names": "share of the capitalised words that both have",
    "numbers_alone": "numbers that only one of them has",
    "length": "logarithm of the ratio of lengths, version over original",
    "length_off": "how far that is from zero",
    "longer": "how much longer the version segment is",
    "forward": "margin of the neighbours, read in the same order",
    "backward": "margin of the neighbours, read in the opposite order",
    "version_beside": "margin of this original segment with the version segments beside",
    "original_beside": "margin of this version segment with the original segments beside",
    "place": "how far apart they stand, each in its own text",
    "original_length": "logarithm of the original segment's length",
    "version_length": "logarithm of the version segment's length",
    "text_length": "one over the root of the number of original segments",
    "closeness": "how near the best counterparts of these two texts are on the whole",
    "original_joined": "what the cosine gains if the better neighbour of the original segment joins it",
    "version_joined": "what the cosine gains if the better neighbour of the version segment joins it",
    "original_joined_length": "logarithm of the ratio of lengths if that neighbour joins the original segment",
    "version_joined_length": "logarithm of the ratio of lengths if that neighbour joins the version segment",
    "pieces": "best cosine of a sentence within the one with the other or with a sentence within it",
    "pieces_margin": "how far a sentence within it stands above the nearest neighbours of both",
    "pieces_original_lead": "lead of a sentence within it over the version's next best segment",
    "pieces_version_lead": "lead of a sentence within it over the original's next best segment",
    "rank": "places behind the best in its row or its column, the worse of the two",
    "marks": "quotation, question and exclamation marks that only one of them has",
    "many": "logarithm of the ratio of the numbers of segments, version over original",
    "words": "shared words by the bilingual lists, rare ones counting more",
    "words_original": "share of this original segment's words that the version segment has",
    "words_version": "share of this version segment's words that the original segment has",
    "words_original_lead": "lead in shared words for this original segment",
    "words_version_lead": "lead in shared words for this version segment",
    "near": "shared words and words near in meaning, rare ones counting more",
    "near_original": "share of this original segment's words that the version segment has, or one near in meaning",
    "near_version": "share of this version segment's words that the original segment has, or one near in meaning",
    "near_original_lead": "lead in words near in meaning for this original segment",
    "near_version_lead": "lead in words near in meaning for this version segment",
    "sizes": "logarithm of the ratio of the usual lengths of segments, version over original",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Evidence of every pair: `values` is (original segments, version segments, kinds of evidence).

    words: of either side.
    same: pairs of the very same words, which stand nowhere else in either text.
    """

    values: Grid
    words: tuple[Words, Words]
    same: tuple[tuple[int, int], ...] = ()

    def of(self, kind: str) -> Grid:
        grid: Grid = self.values[:, :, list(KINDS).index(kind)]
        return grid


def check_translations(english: Sequence[str] | None, version: Side) -> None:
    """Raises RetoldError where there is not one translation for each segment of the version."""
    if english is not None and len(english) != len(version.texts):
        raise RetoldError(
            f"argument english holds {len(english)} translations; it must hold one for each of the version's "
            f"{len(version.texts)} segments"
        )


def weigh(
    original: Side,
    version: Side,
    encoder: Encoder,
    english: Sequence[str] | None,
    rows: tuple[int, ...],
    columns: tuple[int, ...],
) -> Table:
    """The evidence of the pairs of the given segments. Raises RetoldError where `english` is of another length."""
    check_translations(english, version)
    ours, theirs = [original.texts[n] for n in rows], [version.texts[n] for n in columns]
    vectors = encoder.encode(ours + theirs)
    translated = [english[n] for n in columns] if english is not None else None
    parts = cut_up(ours, encoder), cut_up(theirs, encoder)
    return gather(
        vectors[: len(ours)],
        vectors[len(ours) :],
        ours,
        theirs,
        parts,
        (original.language, version.language),
        translated,
        within=space(encoder),
    )


def gather(
    original: Vectors,
    version: Vectors,
    ours: Sequence[str],
    theirs: Sequence[str],
    parts: tuple[Pieces, Pieces],
    languages: tuple[str, str],
    english: Sequence[str] | None = None,
    *,
    within: Vectors | None,
) -> Table:
    """The evidence of every pair. Vectors are unit rows; `english` are translations of `theirs`; `within` is the space
    that centred vectors are compared in, None for their own."""
    n, m = len(ours), len(theirs)
    if not n or not m:
        return Table(np.zeros((n, m, len(KINDS))), words_of(ours, theirs, languages))
    cosine = (original @ version.T).astype(float)
    middle = centre(original, space=within), centre(version, space=within)
    centred = (middle[0] @ middle[1].T).astype(float)
    sizes = [np.array([len(t) for t in texts], float) for texts in (ours, theirs)]
    joined = (*_joined(*middle, centred, *sizes), *_joined(*middle[::-1], centred.T, *sizes[::-1]))
    rows = np.sort(centred, 1)[:, -NEIGHBOURS:].mean(1)[:, None]
    columns = np.sort(centred, 0)[-NEIGHBOURS:].mean(0)[None]
    margin = 2 * centred - rows - columns
    lead, rival = centred - _other(centred, 1), centred - _other(centred, 0)
    letters = shared_letters(ours, theirs)
    numbers, names, alone = _shared_tokens(ours, theirs)
    if english is not None:
        letters = np.maximum(letters, shared_letters(ours, english))
        names = np.maximum(names, _shared_tokens(ours, english)[1])
    long, wide = np.log(sizes[0] + 5)[:, None], np.log(sizes[1] + 5)[None]
    ratio = wide - long
    said = words_of(ours, theirs, languages)
    shares = said[0].share(said[0].answered), said[1].share(said[1].answered).T
    wide_shares = said[0].share(said[0].near), said[1].share(said[1].near).T
    words = np.sqrt(shares[0] * shares[1])
    near = np.sqrt(wide_shares[0] * wide_shares[1])
    inner = _inner(original, version, centred, parts, within)
    rank = np.maximum(*[np.argsort(np.argsort(-centred, axis), axis) for axis in (0, 1)])
    edge = np.pad(margin, 1, constant_values=-1.0)
    place = (np.arange(n)[:, None] + 0.5) / n - (np.arange(m)[None] + 0.5) / m
    grids = {
        "cosine": cosine,
        "centred": centred,
        "margin": margin,
        "original_lead": lead,
        "version_lead": rival,
        "best_lead": np.maximum(lead, rival),
        "least_lead": np.minimum(lead, rival),
        "letters": letters,
        "letters_original_lead": letters - _other(letters, 1),
        "letters_version_lead": letters - _other(letters, 0),
        "numbers": numbers,
        "names": names,
        "numbers_alone": np.minimum(alone, 4),
        "length": ratio,
        "length_off": np.abs(ratio),
        "longer": np.maximum(ratio, 0),
        "forward": np.maximum(edge[:-2, :-2], edge[2:, 2:]),
        "backward": np.maximum(edge[:-2, 2:], edge[2:, :-2]),
        "version_beside": np.maximum(edge[1:-1, :-2], edge[1:-1, 2:]),
        "original_beside": np.maximum(edge[:-2, 1:-1], edge[2:, 1:-1]),
        "place": np.abs(place),
        "original_length": long,
        "version_length": wide,
        "text_length": np.array([[1 / math.sqrt(n)]]),
        "closeness": np.array([[_closeness(centred)]]),
        "original_joined": joined[0],
        "version_joined": joined[2].T,
        "original_joined_length": -joined[1],
        "version_joined_length": joined[3].T,
        "pieces": inner,
        "pieces_margin": 2 * inner - rows - columns,
        "pieces_original_lead": inner - _other(inner, 1),
        "pieces_version_lead": inner - _other(inner, 0),
        "rank": np.minimum(rank, 9),
        "marks": _marks_apart(ours, theirs),
        "words": words,
        "words_original": shares[0],
        "words_version": shares[1],
        "words_original_lead": words - _other(words, 1),
        "words_version_lead": words - _other(words, 0),
        "near": near,
        "near_original": wide_shares[0],
        "near_version": wide_shares[1],
        "near_original_lead": near - _other(near, 1),
        "near_version_lead": near - _other(near, 0),
        "many": np.array([[math.log(m / n)]]),
        "sizes": np.array([[math.log((np.median(sizes[1]) + 5) / (np.median(sizes[0]) + 5))]]),
    }
    values = np.stack([np.broadcast_to(grids[kind], (n, m)) for kind in KINDS], axis=-1)
    return Table(values, said, _same(ours, theirs))


def _inner(
    original: Vectors, version: Vectors, centred: Grid, parts: tuple[Pieces, Pieces], within: Vectors | None
) -> Grid:
    """The best of a pair's cosine and of those of the sentences within either."""
    sides = []
    for whole, part in zip((original, version), parts, strict=True):
        of = np.concatenate([np.arange(len(whole)), part.of])
        held = np.concatenate([whole, part.vectors]) if len(part.of) else whole
        sides.append((centre(held, whole.mean(0), within), of))
    (rows, row_of), (columns, column_of) = sides
    best = np.full((len(rows), len(version)), -1.0)
    np.maximum.at(best.T, column_of, np.asarray(columns @ rows.T, float))
    found = centred.copy()
    np.maximum.at(found, row_of, best)
    return found


def _marks_apart(ours: Sequence[str], theirs: Sequence[str]) -> Grid:
    """How many of quotation, question and exclamation mark only one of the two has."""
    seen = [
        np.array([[any(q in t for q in _QUOTES), "?" in t, "!" in t] for t in side], float) for side in (ours, theirs)
    ]
    found: Grid = np.abs(seen[0][:, None] - seen[1][None]).sum(-1)
    return found


def _closeness(centred: Grid) -> float:
    """Mean best cosine of the better half of either side's segments: high in translations, lower in free retellings."""
    halves = [np.sort(centred.max(axis))[-max(1, centred.shape[1 - axis] // 2) :] for axis in (0, 1)]
    return float(np.mean([half.mean() for half in halves]))


def _same(ours: Sequence[str], theirs: Sequence[str]) -> tuple[tuple[int, int], ...]:
    counts = [Counter(texts) for texts in (ours, theirs)]
    place = {text: j for j, text in enumerate(theirs)}
    return tuple((i, place[t]) for i, t in enumerate(ours) if counts[0][t] == counts[1][t] == 1)


def _joined(
    rows: Vectors, columns: Vectors, centred: Grid, row_sizes: NDArray[np.float64], column_sizes: NDArray[np.float64]
) -> tuple[Grid, Grid]:
    """What each pair's cosine gains if the better of the row segment's two neighbours joins it, and the logarithm of
    the joined length over the column's. Joined vectors are sums, each times its length; -1 where there is no neighbour.
    """
    n = len(rows)
    if n == 1:
        return np.full(centred.shape, -1.0), np.full(centred.shape, 0.0)
    pairs = rows[1:] * row_sizes[1:, None] + rows[:-1] * row_sizes[:-1, None]
    pairs = pairs / np.maximum(np.linalg.norm(pairs, axis=1, keepdims=True), 1e-6)
    cosine, length = pairs @ columns.T, np.log((row_sizes[1:] + row_sizes[:-1] + 5)[:, None] / (column_sizes + 5)[None])
    edge, none = np.full((1, len(columns)), -9.0), np.zeros((1, len(columns)))
    below, above = np.vstack([cosine, edge]), np.vstack([edge, cosine])
    better = below > above
    gain = np.maximum(np.maximum(below, above) - centred, -1)
    return gain, np.where(better, np.vstack([length, none]), np.vstack([none, length]))


def _other(grid: Grid, axis: int) -> Grid:
    """For every cell the largest of the other cells along an axis; 0 where there is no other."""
    if grid.shape[axis] < 2:
        return np.zeros_like(grid)
    order = np.sort(grid, axis)
    first, second = np.take(order, [-1], axis), np.take(order, [-2], axis)
    return np.where(grid == first, second, first)


def shared_letters(ours: Sequence[str], theirs: Sequence[str]) -> Grid:
    """Cosine in [0, 1] of the segments' letter sequences, weighed by how few segments have them (tf-idf)."""
    from scipy.sparse import csr_matrix

    bags = [_grams(t) for t in (*ours, *theirs)]
    seen = Counter(gram for bag in bags for gram in bag)
    column = {gram: k for k, gram in enumerate(seen)}
    rows = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
    columns = np.array([column[gram] for bag in bags for gram in bag], int)
    weights = np.array(
        [(1 + math.log(k)) * math.log((len(bags) + 1) / seen[g]) for bag in bags for g, k in bag.items()]
    )
    size = np.sqrt(np.bincount(rows, weights**2, len(bags)))
    weights = weights / np.maximum(size[rows], 1e-9)
    table = csr_matrix((weights, (rows, columns)), (len(bags), max(1, len(column))))
    return np.asarray((table[: len(ours)] @ table[len(ours) :].T).todense())


def _grams(text: str) -> Counter[str]:
    words = f" {' '.join(text.lower().split())} "
    return Counter(words[k : k + GRAM] for k in range(len(words) - GRAM + 1))


def _shared_tokens(ours: Sequence[str], theirs: Sequence[str]) -> tuple[Grid, Grid, Grid]:
    """Numbers both have, names both have (shares of the shorter list), and how many numbers only one has."""
    numbers = [[{_digits(x) for x in _NUMBER.findall(t)} for t in side] for side in (ours, theirs)]
    names = [[{x.lower() for x in _NAME.findall(t)} for t in side] for side in (ours, theirs)]
    return (
        np.array([[_share(a, b) for b in numbers[1]] for a in numbers[0]], float),
        np.array([[_share(a, b) for b in names[1]] for a in names[0]], float),
        np.array([[len(a ^ b) for b in numbers[1]] for a in numbers[0]], float),
    )


def _digits(number: str) -> str:
    return number.replace(",", "").replace(".", "")


def _share(a: set[str], b: set[str]) -> float:
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0
