"""Long work shows how far it is, keeps still where nobody looks, and keeps what it did when it is interrupted."""

from __future__ import annotations

import io
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retold import progress
from retold.newstory import new
from retold.records import Translation
from retold.store import CHUNK, CachedTranslator, Store

ROOT = Path(__file__).parent.parent
SENTENCES = [f"De oude brug nummer {n} gaat volgens twee ambtenaren in mei dicht." for n in range(3 * CHUNK)]
# An engine that is slow enough to be interrupted, in the place of the one that would be chosen.
SLOW = """
import sys, time
import retold.translate
from retold.records import Translation
class Slow:
    name = signature = "slow"
    def translate(self, texts, language):
        time.sleep(0.02 * len(texts))
        with open({log!r}, "a") as log:
            log.write("+" * len(texts))
        return [Translation(n, "The bridge.", "slow", "slow") for n, _ in enumerate(texts)]
retold.translate.Cascade.engine = lambda self, language: Slow()
"""


class Echo:
    """Stands in for an engine."""

    name = signature = "echo"

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        return [Translation(n, text.upper(), "echo", "echo") for n, text in enumerate(texts)]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Some translating on the document tech-nl, anew each time, on a machine that is no CI."""
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)
    rounds = iter(range(9))

    def run() -> None:
        engine = CachedTranslator(Echo(), Store(tmp_path / f"{next(rounds)}.sqlite"))
        with progress.on("tech-nl"):
            engine.translate(["een", "twee"], "nl")

    return run


def test_lines_tell_stage_document_engine_count_and_seconds(
    work: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    with progress.lines():
        work()
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "retold: translate tech-nl: 2 segments by echo …"
    assert re.fullmatch(r"retold: translate tech-nl: 2 segments by echo in \d+\.\d s", said[1])
    assert len(said) == 2
    work()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(("name", "value"), [("CI", "true"), ("TQDM_DISABLE", "1")])
@pytest.mark.parametrize("terminal", [True, False])
def test_nothing_is_said_in_ci_or_where_it_is_not_wanted(
    work: Callable[[], None], monkeypatch: pytest.MonkeyPatch, name: str, value: str, terminal: bool
) -> None:
    monkeypatch.setenv(name, value)
    seen = io.StringIO()
    monkeypatch.setattr(seen, "isatty", lambda: terminal, raising=False)
    monkeypatch.setattr(sys, "stderr", seen)
    with progress.lines():
        work()
    assert seen.getvalue() == ""


def test_a_terminal_has_a_bar(work: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    seen = Terminal()
    monkeypatch.setattr(sys, "stderr", seen)
    with progress.lines():
        work()
    assert "translate tech-nl by echo" in seen.getvalue() and "0/2" in seen.getvalue()
    assert "retold:" not in seen.getvalue()


def story(folder: Path) -> Path:
    """A story whose Dutch version takes three chunks to translate."""
    (folder / "a.txt").write_text("The old bridge will close in May, two officials said. It was built in 1931.\n")
    (folder / "b.txt").write_text("\n\n".join(SENTENCES) + "\n", encoding="utf-8")
    made = new(folder / "s", original=folder / "a.txt", versions=[folder / "b.txt"])
    return made.folder


def kept(store: Path) -> int:
    """How many translations are in a store."""
    if not store.exists():
        return 0
    try:
        with sqlite3.connect(store) as db:
            return int(db.execute("SELECT count(*) FROM translations").fetchone()[0])
    except sqlite3.OperationalError:  # not made in full yet
        return 0


def wait(store: Path) -> None:
    """Until the first chunk is kept."""
    end = time.monotonic() + 120
    while kept(store) < CHUNK:
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.long
def test_an_interrupted_run_keeps_what_it_did(tmp_path: Path) -> None:
    store, log, out = tmp_path / "kept.sqlite", tmp_path / "log", tmp_path / "out"
    code = SLOW.format(log=str(log)) + "from retold.cli import main\nraise SystemExit(main(sys.argv[1:]))"
    call = [sys.executable, "-c", code, "run", str(story(tmp_path)), "--out", str(out), "--store", str(store)]
    env = {k: v for k, v in os.environ.items() if k not in ("CI", "TQDM_DISABLE")} | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(call, stderr=subprocess.PIPE, text=True, env=env) as running:
        wait(store)
        running.send_signal(signal.SIGINT)
        said = running.communicate(timeout=60)[1]
    assert running.returncode == 1
    assert said.endswith("retold: interrupted; what was computed is kept in the store\n") and "Traceback" not in said
    assert not out.exists()
    done = kept(store)
    assert CHUNK <= done < len(SENTENCES)
    log.unlink()
    again = subprocess.run(call, capture_output=True, text=True, env=env, check=True, timeout=120)
    assert kept(store) == len(SENTENCES)
    assert len(log.read_text()) == len(SENTENCES) - done
    assert f"retold: translate b: {len(SENTENCES) - done} segments by slow in" in again.stderr
    assert re.search(r"^retold: compare b: 96 segments, \d+ findings in \d+\.\d s$", again.stderr, flags=re.M)
    assert (out / "report.html").exists()


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Any:
    from jupyter_client.manager import start_new_kernel

    for name in ("CI", "TQDM_DISABLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    manager, client = start_new_kernel(kernel_name="python3")
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.long
def test_a_notebook_has_a_bar_and_an_interrupted_cell_keeps_what_it_did(tmp_path: Path, kernel: Any) -> None:
    manager, client = kernel
    store = tmp_path / "kept.sqlite"
    code = SLOW.format(log=str(tmp_path / "log")) + (
        f"import retold\nretold.load({str(story(tmp_path))!r}, store={str(store)!r}).translate('b')"
    )
    client.execute(code)
    wait(store)
    manager.interrupt_kernel()
    reply = client.get_shell_msg(timeout=60)["content"]
    assert (reply["status"], reply["ename"]) == ("error", "KeyboardInterrupt")
    shown = ""
    while True:
        message = client.get_iopub_msg(timeout=10)
        shown += str(message["content"])
        if message["content"].get("execution_state") == "idle":
            break
    assert "translate b by slow" in shown
    assert CHUNK <= kept(store) < len(SENTENCES)
