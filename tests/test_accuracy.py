"""The accuracy that the report shows is the one measured, and says of what."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
from report_story import told

from benchmarks import accuracy as measuring
from benchmarks import data
from retold import accuracy
from retold.records import Alignment, Bead, Link
from retold.report import html

DOCS = Path(__file__).parent.parent / "docs"


def test_the_page_is_made_of_the_packaged_figures() -> None:
    assert (DOCS / "accuracy.md").read_text(encoding="utf-8") == accuracy.markdown(accuracy.measured())


def test_every_facet_and_language_has_its_figures() -> None:
    made = accuracy.measured()
    assert {r.languages for r in made.rows} == {"en → en", "en → id", "en → nl"}
    assert {c.what for c in made.calibration} >= {"name", "number", "negation", "source", "hedge", "time", "claim"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", made.date) and set(made.sets) == {r.set for r in made.rows}
    for row in made.rows:
        assert all(v is None or 0 <= v <= 1 for v in (row.precision, row.recall)) and row.n > 0
    assert all(0 <= c.said <= 1 and 0 <= c.right <= 1 and c.n > 0 for c in made.calibration)


def test_the_report_shows_them_and_its_foot_leads_there() -> None:
    page = html.render(told())
    foot = page[page.index('<section id="made"') :]
    assert foot.index('href="#accuracy"') < foot.index('<div id="accuracy">')
    made = accuracy.measured()
    for row in made.rows:
        assert f"<td>{accuracy.share(row.precision)}</td><td>{accuracy.share(row.recall)}</td><td>{row.n}</td>" in foot
    assert made.date in foot and "expect less on texts never seen" in foot


def test_the_report_says_where_the_rules_have_changed_since(monkeypatch: pytest.MonkeyPatch) -> None:
    old = dataclasses.replace(accuracy.measured(), versions=accuracy.measured().versions | {"findings": "findings-0"})
    assert old.stale.startswith("Measured with earlier rules (findings: findings-0, now findings-")
    monkeypatch.setattr(accuracy, "measured", lambda: old)
    assert "Measured with earlier rules (findings: findings-0, now" in html.render(told())


def test_nothing_is_written_where_a_set_is_absent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETOLD_BENCH", str(tmp_path))
    monkeypatch.setattr(accuracy, "FILE", tmp_path / "accuracy.json")
    with pytest.raises(SystemExit, match="nothing is written: a set is not there"):
        measuring.main()
    assert list(tmp_path.iterdir()) == []


def test_the_figures_come_from_what_the_program_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One story of two sentences with a number changed; DEMETR with one row."""
    story = {
        "id": "s", "language": "nl", "original": ["It rose 12 percent.", "The bridge is closed."],
        "version": ["Het steeg 13 procent.", "De brug is dicht."], "links": [[0, 0], [1, 1]],
        "changes": [{"facet": "number", "original": 0, "version": 0}],
    }  # fmt: skip
    row = {"facet": "number", "original": "It rose 12 percent.", "clean": "It was up 12 percent.",
           "changed": "It was up 13 percent."}  # fmt: skip
    (tmp_path / "ntrex-versions-dev.jsonl").write_text(json.dumps(story) + "\n")
    (tmp_path / "demetr-dev.jsonl").write_text(json.dumps(row) + "\n")
    monkeypatch.setenv("RETOLD_BENCH", str(tmp_path))
    aligned = {"s": Alignment((Bead((0,), (0,)), Bead((1,), ()), Bead((), (1,))), (Link(0, 0, 0.8),))}
    rows, told_ = measuring.of_links(aligned)
    assert [(r.what, r.precision, r.recall, r.n) for r in rows] == [
        ("sentences that say the same", 1.0, 0.5, 2), ("sentences added", 0.0, None, 0),
        ("sentences dropped", 0.0, None, 0),
    ]  # fmt: skip
    assert [(c.what, c.said, c.right, c.n) for c in told_] == [("links said below 0.9", 0.8, 1.0, 1)]
    rows, told_ = measuring.of_findings(aligned)
    assert [(r.what, r.languages, r.precision, r.recall, r.n) for r in rows[:1]] == [
        ("a number replaced", "en → en", 1.0, 1.0, 1)
    ]
    assert ("a number altered", "en → nl", 1.0, 1.0, 1) in [
        (r.what, r.languages, r.precision, r.recall, r.n) for r in rows
    ]
    assert ("number", "en → en", 1.0) in [(c.what, c.languages, c.right) for c in told_]
    assert data.demetr() == [row]
