"""The main job as a user starts it, timed from outside: cold, warm, changed; importing; a notebook's first answer."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

from benchmarks import data

STORY = data.ROOT / "data" / "stories" / "h200"
# A sentence of the Dutch version and one of the original, and what each is changed to.
DUTCH = ("tech-nl", "Toch blijft de levering onzeker.", "Toch blijft de levering van 200 chips onzeker.")
ENGLISH = ("reuters-en", "green light, two of the people said", "green light, three of the people said")
CELL = """
import sys, nbclient, nbformat
book = nbformat.read(sys.argv[1], as_version=4)
first = next(n for n, c in enumerate(book.cells) if c.cell_type == "code")
book.cells = book.cells[: first + 2]
nbclient.NotebookClient(book, resources={"metadata": {"path": sys.argv[2]}}).execute()
"""


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds from its start to its end, and the most memory that it and its children had, in MB."""

    seconds: float
    peak_mb: float


class Memory(threading.Thread):
    """The most memory that a process and its children had, in MB: their high-water marks, read while they live.

    What the system counts for a child that has ended begins with the parent's own size, and so says nothing.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0.0, threading.Event()
        self.start()

    def run(self) -> None:
        while not self.over.wait(0.02):
            self.peak = max(self.peak, sum(map(_marks, _family(self.pid))))


def _family(pid: int) -> list[int]:
    try:
        own = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return [pid]
    return [pid, *(p for child in own for p in _family(int(child)))]


def _marks(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def run(command: list[str], *, home: Path | None = None, limit: float | None = None) -> tuple[Run, str]:
    """Run a command to its end; what it took and its output. Raises RuntimeError with its last words where it fails.

    limit: seconds after which it is ended and fails.
    """
    settings = {**os.environ, "PYTHONPATH": str(data.ROOT), "TQDM_DISABLE": "1"}
    if home is not None:
        settings["RETOLD_HOME"] = str(home)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=said, env=settings, cwd=data.ROOT)
        memory = Memory(process.pid)
        try:
            process.wait(limit)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise RuntimeError(f"needs longer than {limit:.0f} s") from None
        finally:
            seconds = time.perf_counter() - start
            memory.over.set()
        out.seek(0)
        said.seek(0)
        if process.returncode:
            words = said.read().decode(errors="replace").strip().splitlines() or [f"ended with {process.returncode}"]
            raise RuntimeError(words[-1][:200])
        return Run(seconds, memory.peak), out.read().decode()


def job(story: Path, out: Path, home: Path) -> Run:
    return run([sys.executable, "-m", "retold.cli", "run", str(story), "--out", str(out)], home=home)[0]


def changed(story: Path, change: tuple[str, str, str], folder: Path) -> Path:
    """A copy of the story with one sentence of one document changed."""
    document, before, after = change
    copy = Path(shutil.copytree(story, folder, ignore=shutil.ignore_patterns("review.toml")))
    manifest = (copy / "story.toml").read_text(encoding="utf-8")
    [entry] = [d for d in tomllib.loads(manifest)["documents"] if d["id"] == document]
    path = copy / entry["file"]
    text = path.read_bytes().decode()
    if text.count(before) != 1:
        raise RuntimeError(f"{path}: {before!r} stands in it {text.count(before)} times, not once")
    path.write_bytes(text.replace(before, after).encode())
    sums = manifest.replace(entry["sha256"], hashlib.sha256(path.read_bytes()).hexdigest())
    (copy / "story.toml").write_text(sums, encoding="utf-8")
    return copy


def measure(folder: Path, *, times: int, cold: int, nothing: int) -> dict[str, list[Run]]:
    """Every figure of the main job. folder: an empty one to work in."""
    found: dict[str, list[Run]] = {}
    bare = [run([sys.executable, "-c", "pass"])[0].seconds for _ in range(times)]
    imports = [run([sys.executable, "-c", "import retold"])[0] for _ in range(times)]
    least = sorted(bare)[len(bare) // 2]
    found["import retold, less Python's own start"] = [Run(max(0.0, r.seconds - least), r.peak_mb) for r in imports]
    out, first = folder / "out", folder / "home0"
    for n in range(nothing):
        found.setdefault("job, nothing there", []).append(job(STORY, out, folder / f"home{n}"))
    if not nothing:
        job(STORY, out, first)
    for n in range(cold):
        home = _home(folder / f"cold{n}", first, store=False)
        found.setdefault("job, cold (model converted)", []).append(job(STORY, out, home))
    found["job, warm"] = [job(STORY, out, first) for _ in range(times)]
    for name, change in (("a Dutch sentence", DUTCH), ("an original sentence", ENGLISH)):
        story = changed(STORY, change, folder / name.replace(" ", "-") / "h200")
        for n in range(times):
            home = _home(folder / f"{change[0]}{n}", first, store=True)
            found.setdefault(f"job, {name} changed", []).append(job(story, out, home))
    notebook = [str(data.ROOT / "notebooks" / "0_tour.ipynb"), str(data.ROOT / "notebooks")]
    found["notebook, kernel start to the first table"] = [
        run([sys.executable, "-c", CELL, *notebook], home=first)[0] for _ in range(times)
    ]
    return found


def _home(folder: Path, first: Path, *, store: bool) -> Path:
    """A home with the converted model of another, and with its store or none."""
    folder.mkdir()
    (folder / "models").symlink_to(first / "models")
    if store:
        for path in first.glob("retold.sqlite*"):
            shutil.copy(path, folder)
    return folder
