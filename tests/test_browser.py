"""The report in a real browser: Debian's chromium through Playwright; skipped where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from chromium import CHROMIUM, NEEDED
from report_story import told

from retold.report.html import write_html

pytestmark = NEEDED


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_html(told(), tmp_path_factory.mktemp("page") / "report.html").as_uri()


def look(browser: Any, address: str, width: int = 1280, **options: Any) -> Any:
    """The report on screen; its `noise` is every request but for the file itself, and every console message."""
    page = browser.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce", **options)
    page.noise = []
    page.on("request", lambda r: page.noise.append(r.url) if not r.url.startswith(address) else None)
    page.on("console", lambda m: page.noise.append(m.text))
    page.on("pageerror", lambda e: page.noise.append(str(e)))
    page.goto(address)
    return page


@pytest.mark.parametrize("width", [1280, 768, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_the_screen_and_asks_for_nothing(browser: Any, address: str, width: int, scheme: str) -> None:
    page = look(browser, address, width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.noise == []
    page.close()


def test_the_tabs_go_along_on_a_narrow_screen(browser: Any, address: str) -> None:
    page = look(browser, address, 390)
    for id in page.evaluate("[...document.querySelectorAll('.tabs a')].map(a => a.hash.slice(1))"):
        page.evaluate(f"document.getElementById('{id}').scrollIntoView()")
        page.locator(f".tabs a.here[href='#{id}']").wait_for()
        box = page.locator(".tabs a.here").bounding_box()
        assert 0 <= box["x"] < 390, id
    page.close()


def test_the_keys_go_from_finding_to_finding(browser: Any, address: str) -> None:
    page = look(browser, address)
    assert page.locator(".cursor").is_hidden()
    page.keyboard.press("n")
    assert page.locator(".cursor .at").inner_text() == "1 / 8"
    first = page.evaluate("location.hash")
    assert first.startswith("#f-nl-")
    page.keyboard.press("j")
    assert page.locator(".cursor .at").inner_text() == "2 / 8"
    assert page.evaluate("location.hash") != first
    page.keyboard.press("p")
    assert page.evaluate("location.hash") == first
    assert page.locator(".m.lit").all_inner_texts() == ["100", "200"]
    page.keyboard.press("p")
    assert page.locator(".cursor .at").inner_text() == "8 / 8"
    page.keyboard.press("Escape")
    assert page.locator(".cursor").is_hidden()
    assert page.noise == []
    page.close()


def test_a_permalink_opens_its_finding(browser: Any, address: str) -> None:
    page = look(browser, address)
    key = page.locator(".finding").nth(2).get_attribute("id")
    page.close()
    page = look(browser, f"{address}#{key}")
    assert page.locator(".finding.lit").get_attribute("id") == key
    assert "two people said" in page.locator(".cursor .say").inner_text()
    page.close()


def test_the_filters_hide_findings_and_their_marks(browser: Any, address: str) -> None:
    page = look(browser, address)
    page.keyboard.press("f")
    page.locator('label:has([value="changed"])').click()
    assert page.locator(".finding:not([hidden])").count() == 4
    assert page.locator(".m.off").all_inner_texts().count("100") == 1
    assert "4 of 8" in page.locator(".tally").inner_text()
    page.locator('[name="differences"]').check()
    hidden = page.locator(".reading[data-doc=nl] .row[hidden]").all_inner_texts()
    assert any("The price is" in text for text in hidden)
    assert not any("ministry" in text for text in hidden)
    page.locator(".reset").click()
    assert page.locator(".finding[hidden]").count() == page.locator(".row[hidden]").count() == 0
    page.locator('[name="confidence"]').fill("0.95")
    assert page.locator(".finding:not([hidden])").count() == 1
    page.close()


def test_sentences_are_filtered_by_what_became_of_them(browser: Any, address: str) -> None:
    page = look(browser, address)
    page.keyboard.press("f")
    for value in ("kept", "partly_kept", "added"):
        page.locator(f'label:has([name="status"][value="{value}"])').click()
    shown = page.locator(".reading[data-doc=nl] .row:not(.heads):not([hidden]) .original .n").all_inner_texts()
    assert shown == ["R2", "R5"]
    assert page.locator("#d-nl .finding:not([hidden])").count() == 2
    page.locator(".reset").click()
    assert page.locator(".finding[hidden]").count() == page.locator(".row[hidden]").count() == 0
    page.close()


def test_a_segment_lights_up_what_faces_it(browser: Any, address: str) -> None:
    page = look(browser, address)
    page.locator("#s-nl-o3 .text").hover()
    lit = page.evaluate("[...document.querySelectorAll('.seg.lit')].map(e => e.id).sort()")
    assert lit == ["s-nl-o3", "s-nl-v1"]
    assert page.locator("#d-nl .band.lit").count() == 1
    page.close()


def test_the_version_can_be_read_in_its_own_order(browser: Any, address: str) -> None:
    page = look(browser, address)
    page.keyboard.press("f")
    labels = "[...document.querySelectorAll('.reading[data-doc=nl] .version .n')].map(e => e.innerText)"
    page.locator('[name="order"]').check()
    assert page.evaluate(labels) == ["V1", "V2", "V3", "V4"]
    page.close()


def test_without_javascript_everything_is_readable(browser: Any, address: str) -> None:
    page = look(browser, address, java_script_enabled=False)
    assert page.locator(".finding").count() == 8
    assert page.locator(".filters").is_hidden()
    assert page.locator(".cursor").is_hidden()
    page.locator(".m.changed", has_text="100").click()
    assert page.url.startswith(f"{address}#f-nl-")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_everyone_can_use_it(browser: Any, address: str, scheme: str, width: int) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = look(browser, address, width, color_scheme=scheme, bypass_csp=True)  # axe is brought in as a script
    found = axe.Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["impact"] in ("serious", "critical")] == []
    page.close()


def test_it_prints_whole_and_in_one_column(browser: Any, address: str) -> None:
    page = look(browser, address, 680)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    assert page.locator("main details:not([open])").count() == 0
    assert page.locator("nav.bar").is_hidden() and page.locator(".ribbon .bar").first.is_visible()
    widths = "[...document.querySelectorAll('.finding .words')].map(e => e.getBoundingClientRect().width)"
    assert min(page.evaluate(widths)) > 300
    page.close()


def test_it_is_written_as_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", CHROMIUM)
    made = told().to_pdf(tmp_path / "deep" / "report.pdf")
    assert made.read_bytes().startswith(b"%PDF") and made.stat().st_size > 20_000
    assert [p.name for p in made.parent.iterdir()] == ["report.pdf"]
