"""What fails under us: kills, a full disk, folders that cannot be written, damaged files, two at once, a bad hub.

What was reviewed is never lost; what can be computed again is.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from faults import killed, told
from make_documents import files
from report_story import told as story_told

from retold import batch, cli
from retold.compare import OpenStory
from retold.encode import encoder
from retold.records import RetoldError, Translation, Vectors
from retold.report import exports, html, spreadsheet
from retold.review.decision import Decision
from retold.review.file import ReviewFile
from retold.store import Store
from retold.translate import tmx

FILES = ["brief.md", "comparison.json", "findings.csv", "findings.xlsx", "report.html", "translations.tmx"]
PAIR = {"id": "a", "language": "en", "original": ["The mayor said 12 came."], "version": ["The mayor said 13 came."]}


# --- killed at any moment --------------------------------------------------------------------------------------------

KILLS = [pytest.param(20, id="20"), pytest.param(200, id="200", marks=pytest.mark.marathon)]


@pytest.mark.parametrize("kills", KILLS)
def test_no_decision_is_lost_to_a_kill(tmp_path: Path, kills: int) -> None:
    """Every decision that was acknowledged is in the file, and the file reads, after each kill."""
    kept = ReviewFile(tmp_path / "review.toml")
    chance = random.Random(9)
    acknowledged: list[str] = []

    def decide(say: Callable[[str], None]) -> None:
        n = len(kept.read())
        while True:
            text = f"{os.getpid()}-{n}"
            kept.add([Decision("translation", "accept", "nl", version=text, english="x" * 500)])
            say(text)
            n += 1

    for _ in range(kills):
        acknowledged += killed(decide, chance)
        there = {d.version for d in kept.read()}
        assert set(acknowledged) <= there
        assert len(there) <= len(acknowledged) + kills  # one a kill may be written and not yet acknowledged
        if len(there) > 200:  # a long file makes the writes slow, not the kills likelier
            kept.path.unlink()
            acknowledged.clear()
    kept.add([Decision("translation", "accept", "nl", version="last", english="x")])
    assert kept.read()[-1].version == "last"


@pytest.mark.parametrize("kills", KILLS)
def test_the_store_is_sound_after_a_kill(tmp_path: Path, kills: int, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "s.sqlite"
    chance = random.Random(9)
    acknowledged: list[str] = []

    def fill(say: Callable[[str], None]) -> None:
        store = Store(path)
        for n in range(10**6):
            some = [f"{os.getpid()} {n} {k}" for k in range(8)]
            store.save_vectors("e", [(t, np.full(384, len(t), np.float32)) for t in some])
            store.save_translations("t", "nl", [(t, Translation(0, t.upper(), "fake", "t")) for t in some])
            say(some[-1])

    for _ in range(kills):
        acknowledged += killed(fill, chance)
    store = Store(path)
    assert {t: x.text for t, x in store.translations("t", "nl", acknowledged).items()} == {
        t: t.upper() for t in acknowledged
    }
    assert {t: float(v[0]) for t, v in store.vectors("e", acknowledged).items()} == {t: len(t) for t in acknowledged}
    assert len(acknowledged) > kills / 2 and capsys.readouterr().err == ""
    assert [p.name for p in tmp_path.iterdir() if "damaged" in p.name] == []


@pytest.fixture
def two_stories(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[OpenStory, dict[str, bytes]]]:
    """Two stories with what each writes; the slow making is done beforehand, so that kills meet the writing."""
    out = []
    for title in ("The first", "The second, with a longer title"):
        opened = story_told()
        object.__setattr__(opened.story, "title", title)
        exports.write_all(opened, tmp_path / "made")
        out.append((opened, {name: (tmp_path / "made" / name).read_bytes() for name in FILES}))
    texts = {id(opened): files for opened, files in out}
    monkeypatch.setattr(html, "render", lambda o: texts[id(o)]["report.html"].decode())
    monkeypatch.setattr(spreadsheet, "workbook", lambda o: texts[id(o)]["findings.xlsx"])
    monkeypatch.setattr(exports, "markdown", lambda o: texts[id(o)]["brief.md"].decode())
    monkeypatch.setattr(exports, "csv", lambda o: texts[id(o)]["findings.csv"].decode("utf-8-sig"))
    return out


@pytest.mark.parametrize("kills", KILLS)
def test_every_export_is_whole_after_a_kill(
    tmp_path: Path, kills: int, two_stories: list[tuple[OpenStory, dict[str, bytes]]]
) -> None:
    out = tmp_path / "out"
    chance = random.Random(9)
    exports.write_all(two_stories[0][0], out)
    seen = set()

    def write(say: Callable[[str], None]) -> None:
        say("begun")
        while True:
            for opened, _ in two_stories:
                exports.write_all(opened, out)

    for _ in range(kills):
        killed(write, chance, 0.05)
        for name in FILES:
            found = (out / name).read_bytes()
            assert found in [files[name] for _, files in two_stories], name
            seen.add((name, found))
    assert len(seen) > len(FILES)  # some were killed after the second story's files came
    exports.write_all(two_stories[1][0], out)
    assert [p.name for p in sorted(out.iterdir())] == FILES  # what the kills left is gone


# --- no room, no right to write ---------------------------------------------------------------------------------------


def _writers(folder: Path) -> dict[str, tuple[Callable[[], object], list[str]]]:
    """Everything that writes, with the files it writes into the folder."""
    source = folder.parent / "in.jsonl"
    source.write_text("".join(json.dumps(PAIR | {"id": f"{n}" * 100}) + "\n" for n in range(20)), encoding="utf-8")
    decisions = [Decision("translation", "accept", "nl", version=f"{n}", english="x" * 500) for n in range(20)]
    units = [tmx.Unit(f"{n}", "nl", "x" * 500) for n in range(50)]
    opened = story_told()
    return {
        "exports": (lambda: exports.write_all(opened, folder), FILES),
        "report": (lambda: html.write_html(opened, folder / "report.html"), ["report.html"]),
        "workbook": (lambda: opened.to_xlsx(folder / "findings.xlsx"), ["findings.xlsx"]),
        "tmx": (lambda: opened.to_tmx(folder / "translations.tmx"), ["translations.tmx"]),
        "tmx of the memory": (lambda: exports_tmx(folder / "m.tmx", units), ["m.tmx"]),
        "review": (lambda: ReviewFile(folder / "review.toml").add(decisions), ["review.toml"]),
        "batch": (lambda: batch.run(source, folder / "out.jsonl", Known()), ["out.jsonl"]),
    }


class Known:
    """Knows its vectors: an engine's own threads do not live on in a fork."""

    name = signature = "known"

    def encode(self, texts: list[str]) -> Vectors:
        return np.eye(384, dtype=np.float32)[[len(t) % 384 for t in texts]]


def exports_tmx(path: Path, units: list[tmx.Unit]) -> None:
    try:
        tmx.write(path, units)
    except OSError as error:  # its callers put it so
        raise RetoldError(f"{path}: cannot be written ({error.strerror})") from error


@pytest.mark.parametrize("name", ["exports", "report", "workbook", "tmx", "tmx of the memory", "review", "batch"])
@pytest.mark.parametrize("fault", ["a full disk", "a folder that cannot be written"])
def test_a_write_that_fails_is_one_sentence_and_leaves_the_old(tmp_path: Path, name: str, fault: str) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    work, files = _writers(folder)[name]
    for file in files:
        (folder / file).write_text("" if file == "review.toml" else f"old {file}")
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    if fault == "a full disk":
        said = told(work, limit=1000)
    else:
        folder.chmod(0o555)
        said = told(work, obey_modes=True)
        folder.chmod(0o755)
    assert ("File too large" if fault == "a full disk" else "Permission denied") in said
    assert not said.startswith("crash") and "\n" not in said and str(folder) in said
    assert {p.name: p.read_bytes() for p in folder.iterdir() if p.suffix != ".lock"} == before
    assert told(work) == "done"


def test_a_store_on_a_full_disk_stops_no_work(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    store = Store(tmp_path / "s.sqlite")
    vectors = [(f"{n}", np.ones(384, np.float32)) for n in range(200)]
    store.save_vectors("e", vectors[:1])
    store.close()
    size = sum(p.stat().st_size for p in tmp_path.iterdir())

    def work() -> None:
        for n in range(1, 200):
            store.save_vectors("e", vectors[n : n + 1])

    assert told(work, limit=size + 20_000) == "done"
    said = capfd.readouterr().err
    assert said.count("\n") == 1 and "work goes on and nothing is kept" in said
    assert len(Store(tmp_path / "s.sqlite").vectors("e", [t for t, _ in vectors])) >= 1


def test_a_store_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    folder.mkdir()
    folder.chmod(0o555)
    said = told(lambda: Store(folder / "s.sqlite").vectors("e", ["a"]), obey_modes=True)
    assert "s.sqlite: cannot be used as retold's store" in said and "\n" not in said


# --- damaged files ----------------------------------------------------------------------------------------------------


def test_a_damaged_tmx_is_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.tmx"
    tmx.write(
        path,
        [tmx.Unit(f"Zin {n} é.", "nl", "A sentence & more.", "ana", "2026-01-02T03:04:05+00:00") for n in range(9)],
    )
    whole, chance, refused = path.read_bytes(), random.Random(9), 0
    for n in range(300):
        at = chance.randrange(len(whole) - 10)
        bad = whole[:at] if n % 2 else whole[:at] + bytes([chance.randrange(256)]) + whole[at + 1 :]
        path.write_bytes(bad)
        try:
            units = tmx.read(path)
            assert n % 2 == 0 and len(units) <= 9  # a file cut short is always refused
        except RetoldError as error:
            assert "m.tmx" in str(error) and "\n" not in str(error)
            refused += 1
    assert refused >= 150


def test_a_damaged_review_file_is_read_or_refused_and_left(tmp_path: Path) -> None:
    kept = ReviewFile(tmp_path / "review.toml")
    kept.add([Decision("translation", "accept", "nl", version=f"Zin {n} é.", english="Yes.") for n in range(9)])
    whole, chance = kept.path.read_bytes(), random.Random(9)
    for n in range(300):
        at = chance.randrange(len(whole))
        bad = whole[:at] if n % 2 else whole[:at] + bytes([chance.randrange(256)]) + whole[at + 1 :]
        kept.path.write_bytes(bad)
        try:
            kept.read()
        except RetoldError as error:
            assert "review.toml" in str(error) and "\n" not in str(error)
            with pytest.raises(RetoldError):
                kept.add([Decision("translation", "accept", "nl", version="new", english="x")])
            assert kept.path.read_bytes() == bad


def test_a_damaged_word_file_is_read_or_refused(tmp_path: Path) -> None:
    from retold.formats import text_of

    path, whole, chance = tmp_path / "a.docx", files()["a.docx"], random.Random(9)
    for _ in range(60):
        at = chance.randrange(len(whole))
        try:
            text_of(whole[:at] + bytes([chance.randrange(256)]) + whole[at + 1 :], path)
        except RetoldError as error:
            assert "a.docx" in str(error) and "\n" not in str(error)


# --- the clock, and others at work ------------------------------------------------------------------------------------


def test_a_clock_that_goes_back_changes_no_last_word(tmp_path: Path) -> None:
    from retold.review.decision import standing

    kept = ReviewFile(tmp_path / "review.toml")
    kept.add([Decision("translation", "edit", "nl", version="Ja.", english="Yeah.", date="2030-01-01T00:00:00+00:00")])
    before = kept.stamp
    os.utime(kept.path, (2_000_000_000, 2_000_000_000))
    kept.add([Decision("translation", "edit", "nl", version="Ja.", english="Yes.", date="2020-01-01T00:00:00+00:00")])
    os.utime(kept.path, (1_000_000_000, 1_000_000_000))
    assert kept.stamp != before  # another kernel sees that the file changed
    assert [d.english for d in standing(kept.read())] == ["Yes."]


@pytest.mark.long
def test_two_kernels_and_a_run_at_once_on_one_store(tmp_path: Path) -> None:
    """Three processes begin together on an empty store and get what one alone gets."""
    rows = [
        PAIR | {"id": str(n), "version": [f"The mayor said {k} came." for k in range(n, n + 12)]} for n in range(12)
    ]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    call = [sys.executable, "-m", "retold.cli", "batch", str(source)]
    running = [
        subprocess.Popen(
            [*call, str(tmp_path / f"{n}.jsonl"), "--store", str(tmp_path / "s.sqlite")], stderr=subprocess.PIPE
        )
        for n in range(3)
    ]
    assert [(p.communicate()[1], p.returncode)[1] for p in running] == [0, 0, 0]
    assert batch.run(source, tmp_path / "alone.jsonl", encoder("bundled")) == 12
    alone = (tmp_path / "alone.jsonl").read_bytes()
    assert all((tmp_path / f"{n}.jsonl").read_bytes() == alone for n in range(3))


# --- a bad hub --------------------------------------------------------------------------------------------------------


class Hub(http.server.BaseHTTPRequestHandler):
    """Plays the model hub, badly. mode: set on the class."""

    mode = ""
    asked: list[str] = []  # noqa: RUF012
    wait = threading.Event()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.mode == "hangs":
            self.wait.wait(60)
            return
        if self.mode == "fails":
            self.send_error(500)
            return
        if self.mode == "refuses":
            self.send_error(403)
            return
        weights = b"not the whole file"
        if "/api/models/" in self.path and "/tree/" not in self.path:
            names = ["config.json", "model.safetensors"]
            body = json.dumps({"sha": "a" * 40, "id": "x/y", "siblings": [{"rfilename": n} for n in names]}).encode()
        elif "/api/models/" in self.path and "/tree/" in self.path:
            sizes = {"config.json": 2, "model.safetensors": len(weights)}
            body = json.dumps(
                [{"type": "file", "path": n, "size": s, "oid": "b" * 40} for n, s in sizes.items()]
            ).encode()
        else:
            body = weights if self.path.endswith("safetensors") else b"{}"
        self.send_response(200)
        self.send_header("ETag", f'"{hash(self.path) & 0xFFFFFFFF:x}"')
        self.send_header("X-Repo-Commit", "a" * 40)
        half = self.mode == "half a file" and self.path.endswith("safetensors")
        self.send_header("Content-Length", str(len(body) * (2 if half else 1)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def hub() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    Hub.wait.set()
    server.shutdown()


@functools.cache
def _closed() -> str:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{s.getsockname()[1]}"


@pytest.mark.long
@pytest.mark.parametrize("mode", ["is not there", "refuses", "fails", "hangs", "half a file", "a broken file"])
def test_a_bad_hub_leaves_nothing_that_is_used(tmp_path: Path, hub: str, mode: str) -> None:
    Hub.mode = mode
    settings = {
        "HF_ENDPOINT": _closed() if mode == "is not there" else hub,
        "HF_HUB_OFFLINE": "0", "HF_HOME": str(tmp_path / "hf"),
        "HF_HUB_ETAG_TIMEOUT": "1", "HF_HUB_DOWNLOAD_TIMEOUT": "1", "HF_HUB_DISABLE_XET": "1", "TQDM_DISABLE": "1",
    }  # fmt: skip
    start = time.perf_counter()
    call = [sys.executable, "-m", "retold.cli", "models", "get", "opus-mt-nl-en"]
    made = subprocess.run(call, env=os.environ | settings, capture_output=True, text=True, timeout=120)
    assert made.returncode == 1, made.stderr
    assert time.perf_counter() - start < 60
    last = made.stderr.strip().splitlines()[-1]
    assert last.startswith("retold: Helsinki-NLP/opus-mt-nl-en ") and "Traceback" not in made.stderr
    listed = [sys.executable, "-m", "retold.cli", "models", "list"]
    there = subprocess.run(listed, env=os.environ | settings | {"HF_HUB_OFFLINE": "1"}, capture_output=True, text=True)
    [line] = [x for x in there.stdout.splitlines() if x.startswith("opus-mt-nl-en")]
    assert "missing: retold models get opus-mt-nl-en" in line


def test_offline_nothing_is_asked_of_a_hub(hub: str, capsys: pytest.CaptureFixture[str]) -> None:
    Hub.asked.clear()
    assert cli.main(["models", "get", "opus-mt-nl-en"]) == 1
    assert "HF_HUB_OFFLINE is set" in capsys.readouterr().err and Hub.asked == []
