"""One target of `benchmarks.fuzz` under atheris: `python -m benchmarks.guided NAME INPUTS SECONDS SEED [FOLDER]`.

libFuzzer keeps the inputs that reach code of the package which no other reached, in FOLDER/NAME (`reports/fuzz`),
mutates them, and ends the process by itself. Needs requirements-fuzz.txt.
"""

from __future__ import annotations

import os
import random
import sys
import time
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["retold"]):  # branches and comparisons are counted in what is imported here
    from benchmarks import fuzz

CORPUS = Path(__file__).parent.parent / "reports" / "fuzz"
SEEDS = 100  # random inputs to begin with
HANGS = 600  # seconds by the clock, of a machine that may be busy, after which an input counts as hanging


def main(name: str, inputs: int, seconds: int, seed: int, *, corpus: Path) -> None:
    target = next(t for t in fuzz.TARGETS if t.__name__ == name)
    folder = corpus / name
    folder.mkdir(parents=True, exist_ok=True)
    chance, tally, begun = random.Random(f"{seed} {name}"), fuzz.Tally(), time.perf_counter()
    for n in range(SEEDS):
        (folder / f"seed{n}").write_bytes(fuzz.drawn_bytes(chance))

    def tell() -> None:
        kept = sum(1 for _ in folder.iterdir()) - SEEDS
        took = time.perf_counter() - begun
        print(f"{name:10} {tally}, {kept} kept for new coverage, {took:.0f} s", flush=True)

    def feed(data: bytes) -> None:
        try:
            fuzz.one(target, data, tally)
        except AssertionError:
            tell()
            raise
        if tally.inputs >= inputs or time.perf_counter() - begun > seconds:
            tell()
            os._exit(0)

    flags = [f"-max_len={fuzz.LONGEST}", f"-timeout={HANGS}", "-rss_limit_mb=4000", f"-seed={seed}", "-len_control=0"]
    flags += [f"-artifact_prefix={corpus}/crash-{name}-", "-verbosity=0", "-detect_leaks=0"]
    atheris.Setup([sys.argv[0], *flags, str(folder)], feed)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:5]), corpus=Path(sys.argv[5]) if sys.argv[5:] else CORPUS)
