"""How often the program is right, measured: `python -m benchmarks.accuracy` (minutes) writes `retold/accuracy.json`.

The report shows that file's tables, and docs/accuracy.md is made of it. Nothing is written where a set is absent.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime
import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from benchmarks import align, data, findings
from benchmarks.align_scores import Count, of_story
from retold import __version__
from retold import accuracy as page
from retold.accuracy import Calibration, Measured, Row
from retold.align import SIGNATURE as ALIGN
from retold.encode import encoder
from retold.findings import SIGNATURE as FINDINGS
from retold.findings.rank import BAR
from retold.records import Alignment

DEMETR = "development half: English sentences with one change each; findings of at least even confidence"
NTREX = "NTREX-128, development half: 360 versions made of 60 news stories"
RETELLINGS = (
    "free retellings written for this project, the stories of odd numbers, which no rule was made on: the changes "
    "noted in them that have a finding of their kind at their place, of at least even confidence; links given"
)
H200 = "the findings of the worked story's two versions, read by one person; made by earlier rules"
KINDS = {
    "number": "a number replaced", "name": "a name replaced", "name removed": "a name taken out",
    "negation": "a negation put in", "adverbial removed": "an adverbial taken out",
    "modifier removed": "a modifier taken out", "addition": "words put in",
}  # fmt: skip
_Any = TypeVar("_Any", Row, Calibration)
SURE = 0.9  # the probability of a link that parts sure ones from the rest


def of_findings(aligned: dict[str, Alignment]) -> tuple[list[Row], list[Calibration]]:
    """DEMETR's kinds of change in one language, and the story versions' across two, with the aligner's own beads."""
    made = findings.demetr_counts()[BAR]
    rows = [
        Row(KINDS[kind], "en → en", "DEMETR", _share(hits, hits + alarms), hits / n, n)
        for kind, (hits, alarms, n) in made.kinds.items()
    ]
    facets: dict[str, list[float]] = {}
    for (facet, _), counts in findings.calibration_counts().items():
        facets[facet] = [a + b for a, b in zip(facets.get(facet, [0, 0, 0]), counts, strict=True)]
    told = [
        Calibration(facet, "en → en", "DEMETR", sure / (right + wrong), right / (right + wrong), int(right + wrong))
        for facet, (right, wrong, sure) in sorted(facets.items())
    ]
    versions = findings.story_counts(data.story_versions(), lambda row: aligned[row["id"]])
    for (facet, language), (hits, wrong, missed, sure) in sorted(versions.items()):
        if language != "both":
            of = f"en → {language}"
            said = "a number altered" if facet == "number" else "a name altered"
            found, there = int(hits + wrong), int(hits + missed)
            rows.append(Row(said, of, "NTREX", _share(hits, found), _share(hits, there), there))
            told += [Calibration(facet, of, "NTREX", sure / found, hits / found, found)] if found else []
    return rows, told


def of_links(aligned: dict[str, Alignment]) -> tuple[list[Row], list[Calibration]]:
    """Links, sentences called added and dropped, and the probabilities of links, by language."""
    said = {"links": "sentences that say the same", "added": "sentences added", "dropped": "sentences dropped"}
    counts: dict[tuple[str, str], Count] = {}
    bins: dict[tuple[str, str], list[tuple[float, bool]]] = {}
    for story in data.story_versions():
        of, made = f"en → {story['language']}", aligned[story["id"]]
        wanted = {(o, v) for o, v in story["links"]}
        got = align.links([(b.original, b.version) for b in made.beads])
        for figure, count in of_story(len(story["original"]), len(story["version"]), wanted, got).items():
            counts[figure, of] = counts.get((figure, of), Count()) + count
        for link in made.links:
            name = f"links said {'below' if link.probability < SURE else 'from'} {SURE}"
            right = (link.original, link.version) in wanted
            bins.setdefault((name, of), []).append((link.probability, right))
    rows = [
        Row(said[figure], of, "NTREX", _share(n.right, n.found), _share(n.hit, n.wanted), n.wanted)
        for (figure, of), n in counts.items()
    ]
    told = []
    for (name, of), some in sorted(bins.items(), key=lambda item: item[0][::-1]):
        mean = np.mean(some, axis=0)
        told.append(Calibration(name, of, "NTREX", float(mean[0]), float(mean[1]), len(some)))
    return rows, told


def of_retellings() -> tuple[list[Row], list[Calibration]]:
    """The noted changes of the free retellings; precision is not counted, as the notes are no complete list."""
    counts, _, _ = findings.retelling_counts(data.retellings(odd=True), findings.linked)
    rows = [
        Row(f"a change of {facet}", f"en → {language}", "retellings", None, sure / n, n)
        for (facet, language), (n, sure, _, _) in sorted(counts.items(), key=lambda item: item[0][::-1])
        if facet != "all" and language != "both"
    ]
    return rows, []


def by_hand() -> tuple[list[Row], list[Calibration]]:
    """The findings of the H200 story's versions as they were when they were judged; what is trivial is not right."""
    with (data.ROOT / "data" / "gold" / "h200-findings.tsv").open(encoding="utf-8", newline="") as file:
        some = list(csv.DictReader(file, delimiter="\t"))
    rows, told = [], []
    for id in sorted({r["version"] for r in some}):
        here = [r for r in some if r["version"] == id]
        right = sum(r["judgement"] == "right" for r in here) / len(here)
        of = f"en → {id[-2:]}"
        rows.append(Row("any finding, judged by hand", of, "H200", right, None, len(here)))
        said = sum(float(r["confidence"]) for r in here) / len(here)
        told.append(Calibration("any finding, judged by hand", of, "H200", said, right, len(here)))
    return rows, told


def main() -> None:
    if not data.demetr() or not data.story_versions():
        sys.exit("nothing is written: a set is not there")
    beads = findings.aligner()
    aligned = {story["id"]: beads(story) for story in data.story_versions()}
    parts = of_links(aligned), of_findings(aligned), of_retellings(), by_hand()
    measured = Measured(
        date=datetime.date.today().isoformat(),
        command="python -m benchmarks.accuracy",
        versions={
            "retold": __version__, "findings": FINDINGS, "align": ALIGN, "encoder": encoder("bundled").signature,
            "python": platform.python_version(), "numpy": version("numpy"),
        },
        sets={"DEMETR": DEMETR, "NTREX": NTREX, "retellings": RETELLINGS, "H200": H200},
        rows=tuple(_rounded(r) for rows, _ in parts for r in rows),
        calibration=tuple(_rounded(r) for _, told in parts for r in told),
    )  # fmt: skip
    page.FILE.write_text(json.dumps(dataclasses.asdict(measured), indent=1, ensure_ascii=False) + "\n", "utf-8")
    (Path(__file__).parent.parent / "docs" / "accuracy.md").write_text(page.markdown(measured), "utf-8")


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _rounded(row: _Any) -> _Any:
    """Shares in thousandths: more would be noise."""
    shares: dict[str, Any] = {k: round(v, 3) for k, v in dataclasses.asdict(row).items() if isinstance(v, float)}
    return dataclasses.replace(row, **shares)


if __name__ == "__main__":
    main()
