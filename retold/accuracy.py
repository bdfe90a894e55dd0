"""How often the program was right where the answer is known: what `benchmarks.accuracy` measured, and its page.

The figures are data of the package, so that the report can show them beside the findings.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).parent / "accuracy.json"

CAVEAT = (
    "The texts of these sets also served to choose rules, lists and weights: expect less on texts never seen, and less "
    "on free retellings than on translations."
)

MEANING = "Precision is the share of what was found that is right; recall, the share of what is there that was found."
SAID = "The mean confidence said, and the share that was right: the nearer the better."


@dataclass(frozen=True, slots=True)
class Row:
    """Precision and recall of one kind of answer, shares in [0, 1]; None where it was not counted. n: true cases."""

    what: str
    languages: str
    set: str
    precision: float | None
    recall: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """The mean confidence of n findings or links of one kind, and the share of them that was right."""

    what: str
    languages: str
    set: str
    said: float
    right: float
    n: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One measurement. versions: of the rules and libraries measured; sets: what each set is, by name."""

    date: str
    command: str
    versions: dict[str, str]
    sets: dict[str, str]
    rows: tuple[Row, ...]
    calibration: tuple[Calibration, ...]

    @property
    def stale(self) -> str:
        """A sentence where the rules have changed since, else ""."""
        from retold import align, findings

        now = {"findings": findings.SIGNATURE, "align": align.SIGNATURE}
        old = [f"{name}: {self.versions[name]}, now {value}" for name, value in now.items()
               if self.versions[name] != value]  # fmt: skip
        return f"Measured with earlier rules ({'; '.join(old)})." if old else ""


@functools.cache
def measured() -> Measured:
    """The measurement that the package carries."""
    table = json.loads(FILE.read_text(encoding="utf-8"))
    rows = tuple(Row(**row) for row in table.pop("rows"))
    return Measured(**table | {"rows": rows, "calibration": tuple(Calibration(**c) for c in table["calibration"])})


def share(value: float | None) -> str:
    """A share as the tables write it."""
    return "–" if value is None else f"{value:.3f}"


def markdown(made: Measured) -> str:
    """The page docs/accuracy.md."""
    rows = [(r.what, r.languages, r.set, share(r.precision), share(r.recall), r.n) for r in made.rows]
    told = [(c.what, c.languages, c.set, share(c.said), share(c.right), c.n) for c in made.calibration]
    lines = [
        f"<!-- Made by `{made.command}` with its figures; change the program, not this file. -->",
        "# How often it is right",
        "",
        f"Measured {made.date} by `{made.command}`: {', '.join(f'{k} {v}' for k, v in made.versions.items())}.",
        f"{CAVEAT} The report shows the same tables under *How this was made*.",
        "",
        *(f"- **{name}**: {what}." for name, what in made.sets.items()),
        "",
        MEANING,
        "",
        *_table(("what", "languages", "set", "precision", "recall", "cases"), rows),
        "",
        "## Confidence",
        "",
        SAID,
        "",
        *_table(("what", "languages", "set", "said", "right", "cases"), told),
    ]
    return "\n".join(lines) + "\n"


def _table(head: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> list[str]:
    return [f"| {' | '.join(map(str, row))} |" for row in (head, ("---",) * len(head), *rows)]
