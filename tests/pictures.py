"""Screenshots of the tour, the ribbon, the report and the review bench for docs/img: `make pictures`.

Takes the report that `make report` wrote and runs the notebooks in a JupyterLab of its own, light and dark.
"""

from __future__ import annotations

import io
import sys
import tempfile
from pathlib import Path
from typing import Any

from chromium import CHROMIUM, QUIET
from lab import ROOT, Lab
from test_lab import write

IMG = ROOT / "docs" / "img"
REPORT = ROOT / "reports" / "h200" / "report.html"
SCHEMES = ("light", "dark")


def keep(name: str, picture: bytes) -> None:
    """Write a screenshot in 256 colours: a third of the size, and nothing that a reader would miss."""
    from PIL import Image

    out = io.BytesIO()
    taken = Image.open(io.BytesIO(picture)).convert("RGB")
    taken.quantize(256, Image.Quantize.MAXCOVERAGE).save(out, "PNG", optimize=True)
    (IMG / name).write_bytes(out.getvalue())
    print(IMG / name)


def report(browser: Any) -> None:
    """The report's head, its side-by-side part and a ribbon."""
    for scheme in SCHEMES:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
        page.goto(REPORT.as_uri())
        keep(f"report-{scheme}.png", page.screenshot())
        keep(f"ribbon-{scheme}.png", page.locator("#d-crypto-id figure.right").screenshot())
        page.locator("#s-tech-nl-o0").scroll_into_view_if_needed()
        page.locator("#s-tech-nl-o0").evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 160)")
        page.locator(".tabs a.here[href='#d-tech-nl']").wait_for()
        keep(f"reading-{scheme}.png", page.screenshot())
        page.close()
    page = browser.new_page(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page.goto(f"{REPORT.as_uri()}#s-tech-nl-o1")
    keep("reading-phone.png", page.screenshot())
    page.close()


def lab(browser: Any, home: Path) -> None:
    """The tour's first screen and the bench of the Dutch version with one finding rejected."""
    running = Lab(home)
    try:
        for scheme in SCHEMES:
            running.theme(scheme.title())
            page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
            running.open(page, "notebooks/0_tour.ipynb")
            running.run_all(page)
            page.locator(".jp-WindowedPanel-outer").first.evaluate("e => e.scrollTo(0, 0)")
            keep(f"tour-{scheme}.png", page.screenshot())
            running.shut(page)
            page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme=scheme)
            running.open(page, write(running, f"bench-{scheme}.ipynb"))
            running.run_all(page)
            bench = page.locator(".retold-bench")
            bench.get_by_placeholder("Why?").fill("The same, in other words")
            bench.get_by_role("button", name="Reject").click()
            bench.locator(".retold-said", has_text="Saved").wait_for()
            keep(f"bench-{scheme}.png", bench.screenshot())
            bench.get_by_role("button", name="Undo").click()
            bench.locator(".retold-said", has_text="Taken back").wait_for()
            running.shut(page)
    finally:
        running.close()


def main() -> int:
    from playwright.sync_api import sync_playwright

    if not CHROMIUM or not REPORT.exists():
        print("needs a chromium (apt-get install chromium) and the report (make report)", file=sys.stderr)
        return 1
    with sync_playwright() as p, tempfile.TemporaryDirectory() as home:
        browser = p.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        report(browser)
        lab(browser, Path(home))
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
