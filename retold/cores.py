"""How many threads a library may take, and how threads wait, so that two libraries do not fight over the cores."""

from __future__ import annotations

import os


def threads() -> int:
    """`OMP_NUM_THREADS` where it is set, else the cores that this process may use."""
    given = os.environ.get("OMP_NUM_THREADS", "")
    if given.isdigit() and int(given):
        return int(given)
    from joblib import cpu_count  # knows affinity and a container's quota, which OpenMP does not

    return int(cpu_count())


def patient() -> None:
    """Let threads sleep while they wait: those that spin halve the speed on a machine that has other work.

    Heard by libraries loaded afterwards; what the user has set stands.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
