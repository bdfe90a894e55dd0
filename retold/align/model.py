"""The calibrated model: evidence of a pair → probability of a link. Fitted by `training/align.py`."""

from __future__ import annotations

import functools
import json
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from retold.align.evidence import KINDS, Grid, Table

FILE = "weights.json"


@functools.cache
def weights() -> tuple[NDArray[np.float64], float]:
    """Weight of each kind of evidence, and the intercept, of the logistic regression."""
    table = json.loads((files(__package__) / FILE).read_text(encoding="utf-8"))
    return np.array([table["weights"][kind] for kind in KINDS]), float(table["intercept"])


def probabilities(table: Table) -> Grid:
    """Probability in [0, 1] that a pair is a link; (original segments, version segments)."""
    weight, intercept = weights()
    odds = table.values @ weight + intercept
    found: Grid = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return found


SIGNATURE = "align 1"
