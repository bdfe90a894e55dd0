"""Hostile documents in a real browser: no script of theirs runs and no request leaves."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from chromium import NEEDED
from test_hostile import run
from test_main_job import ORIGINAL

from retold.compare import OpenStory

pytestmark = NEEDED
RAN = "ran"  # the name a script of the text would set on the window


class Listener(http.server.BaseHTTPRequestHandler):
    """Counts what asks."""

    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def outside() -> Iterator[str]:
    """The address of a server that no page may reach."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def attacks(outside: str) -> list[str]:
    """Ways of running a script or calling home that markup has."""
    call = f"window.{RAN}=1;fetch('{outside}/js')"
    return [
        f"<script>{call}</script>",
        f"<img src='{outside}/img' onerror=\"{call}\">",
        f"<svg onload=\"{call}\"><use href='{outside}/svg#x'/></svg>",
        f"<style>@import '{outside}/css'; body {{ background: url({outside}/bg) }}</style>",
        f"<link rel=stylesheet href='{outside}/link'><link rel=prefetch href='{outside}/prefetch'>",
        f"<iframe src='{outside}/frame'></iframe><iframe srcdoc=\"<script>parent.{RAN}=1</script>\"></iframe>",
        f"<object data='{outside}/object'></object><embed src='{outside}/embed'>",
        f"<video src='{outside}/video' autoplay></video><audio src='{outside}/audio' autoplay></audio>",
        f"<form action='{outside}/form'><button autofocus onfocus=\"{call}\">x</button></form>",
        f"<base href='{outside}/'><meta http-equiv=refresh content='0;url={outside}/refresh'>",
        f"<details open ontoggle=\"{call}\">x</details>",
        f"<a href=\"javascript:{call}\" id=bait>x</a>",
        f"--></title></style></textarea></script><script>{call}</script>",
        f"\"'></q><script>{call}</script><q title='",
        "{{ cycler.__init__.__globals__ }}{% raw %}",
    ]  # fmt: skip


@pytest.fixture(scope="module")
def hostile(outside: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[OpenStory, Path]:
    folder = tmp_path_factory.mktemp("hostile")
    evil = " ".join(attacks(outside)).replace("\n", " ")
    lines = "".join(f"The mayor said {n} cars and {attack} were seen.\n\n" for n, attack in enumerate(attacks(outside)))
    opened = run(folder, ORIGINAL + "\n" + lines, original=ORIGINAL.replace("Mayor", evil), title=evil, publisher=evil,
                 note=evil, ids=("gazette", evil), files=("gazette.txt", "<img src=x onerror=ran=1>.txt"))  # fmt: skip
    return opened, folder / "out" / "report.html"


def watched(browser: Any, show: Any) -> tuple[Any, list[str]]:
    """A page and everything it asks for, opens or complains of."""
    page = browser.new_page()
    noise: list[str] = []
    page.on("request", lambda r: noise.append(f"request {r.url}"))
    page.on("dialog", lambda d: noise.append(f"dialog {d.message}") or d.dismiss())  # type: ignore[func-returns-value]
    page.on("popup", lambda p: noise.append(f"popup {p.url}"))
    page.on("console", lambda m: noise.append(f"console {m.text}"))
    show(page)
    return page, noise


def test_the_report_runs_and_fetches_nothing_of_the_text(browser: Any, hostile: tuple[OpenStory, Path]) -> None:
    Listener.asked.clear()
    address = hostile[1].as_uri()
    page, noise = watched(browser, lambda p: p.goto(address))
    page.evaluate("document.querySelectorAll('details').forEach(d => (d.open = true))")
    for key in "nnnpf":
        page.keyboard.press(key)
    page.wait_for_timeout(300)
    assert page.evaluate(f"window.{RAN}") is None
    assert page.locator("#bait").count() == page.locator("iframe, object, embed, img, form, base").count() == 0
    assert [n for n in noise if not n.startswith(f"request {address}")] == []
    assert Listener.asked == []
    page.close()


def test_the_policy_holds_even_where_markup_got_in(browser: Any, outside: str, hostile: tuple[OpenStory, Path]) -> None:
    """Markup put into the finished page by hand: what the policy alone stops."""
    Listener.asked.clear()
    page, _ = watched(browser, lambda p: p.goto(hostile[1].as_uri()))
    page.evaluate(
        "window.broken = []; addEventListener('securitypolicyviolation', e => broken.push(e.effectiveDirective))"
    )
    some = [a for a in attacks(outside) if "refresh" not in a]  # no policy keeps a page from being left
    page.evaluate("some => some.forEach(a => document.body.insertAdjacentHTML('beforeend', a))", some)
    page.evaluate(
        "() => { let s = document.createElement('script'); s.textContent = 'ran = 1'; document.body.append(s) }"
    )
    page.evaluate("document.querySelectorAll('a#bait').forEach(a => a.click())")
    page.wait_for_timeout(300)
    assert page.evaluate(f"window.{RAN}") is None
    assert Listener.asked == []
    broken = set(page.evaluate("broken"))
    assert {
        "script-src-elem",
        "script-src-attr",
        "img-src",
        "style-src-elem",
        "frame-src",
        "object-src",
        "media-src",
    } <= broken
    page.close()


def test_without_the_policy_the_same_markup_calls_home(browser: Any, outside: str) -> None:
    """The listener and the attacks do work: a page without a policy lets them through."""
    Listener.asked.clear()
    page, _ = watched(browser, lambda p: p.set_content("".join(attacks(outside)[:4])))
    page.wait_for_timeout(500)
    assert page.evaluate(f"window.{RAN}") == 1
    assert Listener.asked != []
    page.close()


def test_a_notebook_runs_and_fetches_nothing_of_the_text(browser: Any, hostile: tuple[OpenStory, Path]) -> None:
    """What a cell shows, in a page without any policy."""
    Listener.asked.clear()
    opened = hostile[0]
    c = opened.comparisons[0]
    for shown in (
        opened._repr_html_(),
        c._repr_html_(),
        c.read()._repr_html_(),
        c.findings.to_html(),
        opened.claims().to_html(),
    ):
        page, noise = watched(browser, lambda p, shown=shown: p.set_content(shown))
        page.wait_for_timeout(100)
        assert page.evaluate(f"window.{RAN}") is None
        assert page.locator("iframe, object, embed, img, form, base, script, style, a").count() == 0
        assert noise == []
        page.close()
    assert Listener.asked == []
