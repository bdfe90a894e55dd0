"""The notebooks and the review bench in JupyterLab, in a real browser; skipped, saying so, where there is none."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from chromium import NEEDED
from lab import ROOT, Lab

from retold.review.file import ReviewFile

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]_*.ipynb"))
BENCH = "story = retold.load('../data/stories/h200')\nstory.compare('nl').review.bench()"

pytestmark = NEEDED


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    pytest.importorskip("jupyterlab", reason="jupyterlab is not installed")
    running = Lab(tmp_path_factory.mktemp("lab"))
    yield running
    running.close()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_runs_from_top_to_bottom(lab: Lab, browser: Any, path: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    lab.open(page, f"notebooks/{path.name}")
    lab.run_all(page)
    for kind in ("error", "stderr"):
        shown = page.locator(f'[data-mime-type="application/vnd.jupyter.{kind}"]').all_inner_texts()
        assert shown == []
    stored = nbformat.read(path, as_version=4)
    outputs = [o for c in stored.cells for o in c.get("outputs", []) if "data" in o]
    pictures = sum("image/png" in o.data for o in outputs)
    seen = "[...document.querySelectorAll('.jp-RenderedImage img')].filter(i => i.naturalWidth > 100).length"
    lab.until(page, f"{seen} >= {pictures}")
    if any("review.bench()" in c.source for c in stored.cells):
        page.locator(".retold-bench button", has_text="Accept").wait_for(timeout=20_000)
    lab.shut(page)


def write(lab: Lab, name: str) -> str:
    """A notebook with the bench of the Dutch version."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in ("import retold", BENCH)])
    book.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(book, lab.home / "notebooks" / name)
    return f"notebooks/{name}"


def test_the_benchs_buttons_save_a_decision_that_a_fresh_kernel_shows(lab: Lab, browser: Any) -> None:
    path = write(lab, "bench.ipynb")
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    lab.open(page, path)
    lab.run_all(page)
    bench = page.locator(".retold-bench")
    first = bench.locator("select[size] option").first.inner_text()
    bench.get_by_placeholder("Why?").fill("Not so: read V4")
    bench.get_by_role("button", name="Reject").click()
    bench.locator(".retold-said", has_text="Saved").wait_for()
    bench.get_by_role("button", name="Translations").click()
    bench.locator("textarea").fill("Nvidia may sell again.")
    bench.get_by_role("button", name="Save edit").click()
    bench.locator(".retold-said", has_text="2 decisions apply").wait_for()
    saved = ReviewFile(lab.home / "data" / "stories" / "h200" / "review.toml").read()
    assert [(d.on, d.decision, d.comment or d.english, d.author) for d in saved] == [
        ("finding", "reject", "Not so: read V4", "Ana"),
        ("translation", "edit", "Nvidia may sell again.", "Ana"),
    ]
    lab.run_all(page)  # a fresh kernel
    bench.locator(".retold-said", has_text="2 decisions apply").wait_for()
    assert first not in bench.locator("select[size] option").all_inner_texts()
    bench.locator("select").first.select_option("decided")
    bench.locator(".retold-card", has_text="rejected").wait_for()
    assert bench.locator("select[size] option", has_text=first[2:30]).count() == 1
    bench.get_by_role("button", name="Take back").click()
    bench.locator(".retold-said", has_text="Taken back").wait_for()
    assert len(ReviewFile(lab.home / "data" / "stories" / "h200" / "review.toml").read()) == 1
    lab.shut(page)


@pytest.mark.parametrize("scheme", ["Light", "Dark"])
def test_everyone_can_use_the_bench(lab: Lab, browser: Any, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    lab.theme(scheme)
    page = browser.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
    lab.open(page, write(lab, f"bench-{scheme}.ipynb"))
    lab.run_all(page)
    page.locator(".retold-bench button", has_text="Accept").wait_for()
    found = axe.Axe().run(page, context=".retold-bench").response["violations"]
    bad = [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")]
    assert bad == [], json.dumps(bad, indent=1)
    inside = "document.querySelector('.retold-bench')"
    assert page.evaluate(f"{inside}.scrollWidth <= {inside}.clientWidth")
    lab.shut(page)
