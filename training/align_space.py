"""Fit the space that stories are aligned in: `python -m training.align_space` writes retold/align/space.npy.

A linear map of the bundled encoder's centred vectors, begun at the identity and held near it. The loss of a story: of
every pair, whether it is a link (logistic, of the scaled cosine); of every linked segment, its links among all segments
of the other side (InfoNCE, van den Oord et al. 2018, both ways). Prints the average precision of links on stories that
the map was not fitted on, by the cosine and by its margin over the nearest neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import retold.align
from benchmarks import data
from retold.align.space import FILE, centre
from retold.encode import encoder
from retold.records import Encoder, Vectors

OUT = Path(retold.align.__file__).parent / FILE
EPOCHS, RATE, FALL = 8, 2e-3, 0.8  # the rate is multiplied by FALL at each epoch
HELD = 0.03  # what the squared distance from the identity costs
FAITHFUL = 0.5  # what a near-literal story counts
FOLDS = 4


@dataclass(frozen=True, slots=True)
class Vectored:
    """A story's centred vectors and its links. group: what its variants and languages share."""

    group: str
    free: bool
    original: Vectors
    version: Vectors
    links: NDArray[np.bool_]  # (original segments, version segments)


def stories(engine: Encoder) -> list[Vectored]:
    """The free retellings, and the first variant of each near-literal story version."""
    faithful = [s for s in data.story_versions() if s["id"].endswith(".0")]
    return [vectored(s, engine, free=True) for s in data.retellings()] + [
        vectored(s, engine, free=False) for s in faithful
    ]


def vectored(story: dict[str, Any], engine: Encoder, *, free: bool) -> Vectored:
    sides = [centre(engine.encode(list(story[side]))) for side in ("original", "version")]
    links = np.zeros((len(sides[0]), len(sides[1])), bool)
    for o, v in story["links"]:
        links[o, v] = True
    return Vectored(group(story), free, sides[0], sides[1], links)


def group(story: dict[str, Any]) -> str:
    """What a story's variants and languages share."""
    return str(story["id"].rsplit(".", 2)[0])


def folds(groups: set[str]) -> list[set[str]]:
    """The groups in FOLDS parts."""
    return [set(sorted(groups)[k::FOLDS]) for k in range(FOLDS)]


def fit(rows: Sequence[Vectored]) -> Vectors:
    """(d, d) float32: the map that these stories give. The same stories in the same order give the same map."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits, normalize

    torch.manual_seed(0)
    chance = np.random.default_rng(0)
    told = [(torch.tensor(s.original), torch.tensor(s.version), torch.tensor(s.links)) for s in rows]
    one = torch.eye(rows[0].original.shape[1])
    weights = one.clone().requires_grad_()
    scale = torch.tensor([12.0, -4.0], requires_grad=True)
    optimizer = torch.optim.Adam([{"params": [weights], "lr": RATE}, {"params": [scale], "lr": 25 * RATE}])
    for _ in range(EPOCHS):
        for part in optimizer.param_groups:
            part["lr"] *= FALL
        for n in chance.permutation(len(told)):
            original, version, links = told[n]
            cosine = normalize(original @ weights.T) @ normalize(version @ weights.T).T
            loss = 8 * binary_cross_entropy_with_logits(scale[0] * cosine + scale[1], links.float())
            for side, right in ((scale[0] * cosine, links), (scale[0] * cosine.T, links.T)):
                linked = right.any(1)
                if linked.any():
                    shares = torch.log_softmax(side, 1).masked_fill(~right, -1e9)
                    loss = loss - torch.logsumexp(shares, 1)[linked].mean()
            loss = loss * (1.0 if rows[n].free else FAITHFUL) + HELD * ((weights - one) ** 2).sum()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    return np.asarray(weights.detach().numpy(), np.float32)


def precision(rows: Sequence[Vectored], space: Vectors | None) -> tuple[float, float]:
    """Average precision of the links by the cosine, and by its margin over the four nearest of both sides."""
    from sklearn.metrics import average_precision_score

    cosines, margins, answers = [], [], []
    for s in rows:
        sides = [centre(x, np.zeros(1, np.float32), space) for x in (s.original, s.version)]
        cosine = sides[0] @ sides[1].T
        near = np.sort(cosine, 1)[:, -4:].mean(1)[:, None] + np.sort(cosine, 0)[-4:].mean(0)[None]
        cosines.append(cosine.ravel())
        margins.append((2 * cosine - near).ravel())
        answers.append(s.links.ravel())
    right = np.concatenate(answers)
    return tuple(float(average_precision_score(right, np.concatenate(x))) for x in (cosines, margins))  # type: ignore[return-value]


def main() -> None:
    rows = stories(data.Remembered(encoder("bundled")))
    for part in folds({s.group for s in rows}):
        space = fit([s for s in rows if s.group not in part])
        for name, free in (("free", True), ("near-literal", False)):
            some = [s for s in rows if s.group in part and s.free == free]
            if some:
                before, after = precision(some, None), precision(some, space)
                told = (f"{b:.3f} -> {a:.3f}" for b, a in zip(before, after, strict=True))
                print(f"unseen, {name}: cosine {next(told)}, margin {next(told)}", flush=True)
    np.save(OUT, fit(rows).astype(np.float16))


if __name__ == "__main__":
    main()
