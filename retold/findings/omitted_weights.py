"""Weights of the regressions of `omitted.py`, written by `python -m training.omitted`."""

PRIOR = 0.0
FLOOR = 0.5
FIRST: dict[str, float] = {}
SECOND: dict[str, float] = {}
