"""`retold corpus` on NTREX story versions: `python -m benchmarks.corpus [--versions N] [--kills N]`.

Two workers against one, the rows against `retold batch`'s, runs killed at random moments and resumed, the memory of
the workers over the run, and the cost of each stage of a story. Figures go to reports/bench/corpus.json.

There are 360 versions; more are made of them by leaving a seventh of a version's sentences out, another one each time.
"""

from __future__ import annotations

import argparse
import collections
import functools
import json
import platform
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import data
from retold import batch, corpus
from retold.compare import OpenStory
from retold.corpus import rows as rows_
from retold.corpus.sources import source
from retold.encode import encoder
from retold.records import Document
from retold.segment import segment
from retold.store import CachedEncoder, Store

OUT = data.ROOT / "reports" / "bench" / "corpus.json"


def as_batch(out: str) -> list[dict[str, Any]]:
    """The tables of a corpus of pairs as the lines that `retold batch` writes."""
    made = {
        row["story"]: {
            "id": row["story"],
            "links": [],
            "beads": collections.defaultdict(lambda: [[], []]),
            "changes": [],
        }
        for row in _records(out, "briefs")
    }
    for row in _records(out, "links"):
        made[row["story"]]["links"].append([row["original"], row["version"], row["probability"]])
    for row in _records(out, "statuses"):
        made[row["story"]]["beads"][row["bead"]][row["side"] == "version"].append(row["n"])
    for row in _records(out, "findings"):
        keys = ("facet", "type", "original", "version", "before", "after", "confidence")
        made[row["story"]]["changes"].append({key: row[key] for key in keys})
    return [row | {"beads": [row["beads"][n] for n in sorted(row["beads"])]} for row in made.values()]


def _records(out: str, name: str) -> list[dict[str, Any]]:
    """The rows of a table with None where there is nothing, and whole numbers where pandas made them broken ones."""
    table = corpus.table(out, name).astype(object)
    rows = table.where(table.notna(), None).to_dict("records")
    return [{str(k): int(v) if isinstance(v, float) and k in _WHOLE else v for k, v in row.items()} for row in rows]


_WHOLE = ("original", "version", "bead", "n")


def versions(number: int) -> Iterator[dict[str, Any]]:
    """`number` story versions, those of one story one after the other."""
    given = data.story_versions()
    copies = -(-number // len(given))
    for n in range(min(number, copies * len(given))):
        row, k = given[n // copies], n % copies
        kept = [text for v, text in enumerate(row["version"]) if not k or v % 7 != k]
        yield {"id": f"{row['id']}.{k}", "language": row["language"], "original": row["original"], "version": kept}


class Watch(threading.Thread):
    """What the largest worker weighs, in MB, with the number of parts written by then."""

    def __init__(self, pid: int, out: Path) -> None:
        super().__init__(daemon=True)
        self.pid, self.out, self.over = pid, out, threading.Event()
        self.seen: list[tuple[int, float]] = []

    def run(self) -> None:
        import psutil

        while not self.over.wait(0.5):
            sizes: list[float] = []
            for process in psutil.Process(self.pid).children(recursive=True) if psutil.pid_exists(self.pid) else []:
                try:
                    sizes.append(process.memory_info().rss / 1e6)
                except psutil.Error:
                    continue
            parts = len(list((self.out / "_done").glob("*.json")))
            self.seen.append((parts, max(sizes, default=0.0)))


def call(given: Path, out: Path, workers: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "retold.cli", "corpus", str(given), str(out), "--workers", str(workers)]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL)


def timed(given: Path, out: Path, workers: int) -> tuple[float, list[tuple[int, float]]]:
    """Seconds of a whole run, start of the cluster included, and what its workers weighed."""
    start = time.perf_counter()
    running = call(given, out, workers)
    watch = Watch(running.pid, out)
    watch.start()
    if running.wait():
        sys.exit(f"retold corpus ended with {running.returncode}")
    watch.over.set()
    return time.perf_counter() - start, watch.seen


def content(out: Path) -> dict[str, bytes]:
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}


def killed(given: Path, out: Path, times: int, seconds: float) -> list[int]:
    """Kill a run `times` times, each at a random moment of its share of `seconds`; the parts there after each."""
    rng, there = random.Random(11), []
    for _ in range(times):
        running = call(given, out, 2)
        try:
            running.wait(4 + rng.random() * seconds / times)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
            running.wait()
        there.append(len(list((out / "_done").glob("*.json"))))
    timed(given, out, 2)
    return there


def stages(given: Path, number: int) -> dict[str, float]:
    """Milliseconds of this process's CPU a story, by stage; the first story, which loads the model, is left out."""
    spent: dict[str, float] = collections.defaultdict(float)

    def clock(stage: str, work: Callable[[], Any]) -> Any:
        start = time.process_time()
        made = work()
        spent[stage] += time.process_time() - start
        return made

    engine = encoder("bundled")
    opened = source(str(given))
    entries = list(opened.entries())[: number + 1]
    number = len(entries) - 1
    for n, opener in enumerate(opened.open(entries)):
        if n == 1:
            spent.clear()
        story, cut, _ = clock("read", opener().__enter__)
        plain = [Document(d.id, d.language, d.role, "", None, d.text.replace("\n", "\n\n")) for d in story.documents]
        clock("segment", functools.partial(list, map(segment, plain)))
        memo = CachedEncoder(engine, Store(":memory:"))
        texts = [s.text for d in story.documents for s in cut[d.id]]
        clock("encode", functools.partial(memo.encode, texts))
        work = OpenStory(story, None, memo, segments=cut)
        clock("align, facts, findings", functools.partial(getattr, work, "comparisons"))
        clock("brief, rows", functools.partial(rows_.of_story, story.id, work))
    return {stage: round(1000 * seconds / number, 1) for stage, seconds in spent.items()}


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--versions", type=int, default=1080, help="story versions (default: 1080)")
    ask.add_argument("--kills", type=int, default=5, help="how often a run is killed (default: 5)")
    args = ask.parse_args()
    if not data.story_versions():
        return
    with tempfile.TemporaryDirectory(prefix="retold-bench-") as made:
        folder = Path(made)
        given = folder / "pairs.jsonl"
        given.write_text("".join(json.dumps(row) + "\n" for row in versions(args.versions)), encoding="utf-8")
        result: dict[str, Any] = {"versions": args.versions, "python": platform.python_version()}
        result["milliseconds a story by stage"] = stages(given, 60)
        print(json.dumps(result), flush=True)
        one, memory = timed(given, folder / "one", 1)
        two, _ = timed(given, folder / "two", 2)
        result |= {"one worker, s": round(one, 1), "two workers, s": round(two, 1), "ratio": round(one / two, 2)}
        result["two workers, same files"] = content(folder / "one") == content(folder / "two")
        batch.run(given, folder / "batch.jsonl", CachedEncoder(encoder("bundled"), Store(folder / "vectors.sqlite")))
        lines = [json.loads(line) for line in (folder / "batch.jsonl").read_text(encoding="utf-8").splitlines()]
        result["equal to batch"] = as_batch(str(folder / "one")) == lines
        print(json.dumps(result), flush=True)
        if args.kills:
            result["parts there after each kill"] = killed(given, folder / "killed", args.kills, two)
            result["killed and resumed, same files"] = content(folder / "one") == content(folder / "killed")
        result["a worker's memory, MB, by parts written"] = _quarters(memory)
        tables = {
            p.name: sum(f.stat().st_size for f in p.iterdir()) for p in sorted((folder / "one").iterdir()) if p.is_dir()
        }
        result["bytes a story"] = {name: round(size / args.versions) for name, size in tables.items()}
        result["bytes a story"]["input"] = round(given.stat().st_size / args.versions)
        result["rows"] = corpus.manifest(str(folder / "one"))["rows"]
        result["made by"] = {k: corpus.manifest(str(folder / "one"))[k] for k in ("retold", "signatures", "versions")}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1), flush=True)


def _quarters(seen: list[tuple[int, float]]) -> dict[str, int]:
    """The most that a worker weighed in each quarter of the run."""
    last = max(n for n, _ in seen) or 1
    peaks = {f"to {q * last // 4}": [mb for n, mb in seen if (q - 1) * last <= 4 * n <= q * last] for q in (1, 2, 3, 4)}
    return {name: round(max(some, default=0)) for name, some in peaks.items()}


if __name__ == "__main__":
    main()
