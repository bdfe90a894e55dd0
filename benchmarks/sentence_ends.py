"""How many sentence ends are found: `python -m benchmarks.sentence_ends [--misses] [--cut-quotes]`.

FLORES lines and the lines of the NTREX story versions are joined with spaces in paragraphs of five; their seams are the
gold. Lines that plainly hold two sentences, and lines without a final mark, are left out. yasbd alone is the measure.
Quotes of up to 300 characters stay whole by design, and every seam inside one counts as missed: --cut-quotes tells how
many ends the rules find where that design is set aside.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable

from benchmarks import data
from retold import boundaries

_ENDED = re.compile(r"[.!?][\"”’')]*\Z")
_TWO = re.compile(r"[a-zà-ÿ]{3,}[.!?][\"”’')]* +[\"“‘'(]*[A-Z]")
_GROUP = 5


def paragraphs(texts: Iterable[list[str]]) -> list[tuple[str, set[int]]]:
    """Joined lines, and the offsets of their seams."""
    found = []
    for lines in texts:
        usable = [line for line in map(str.strip, lines) if _ENDED.search(line) and not _TWO.search(line)]
        for n in range(0, len(usable), _GROUP):
            seams, at = set(), 0
            for line in usable[n : n + _GROUP]:
                seams.add(at + len(line))
                at += len(line) + 1
            found.append((" ".join(usable[n : n + _GROUP]), seams - {at - 1}))
    return found


def measure(name: str, some: list[tuple[str, set[int]]], cut: Callable[[str], Iterable[int]], misses: bool) -> None:
    hits = found = gold = 0
    for text, seams in some:
        ends = set(cut(text)) - {len(text)}
        hits, found, gold = hits + len(ends & seams), found + len(ends), gold + len(seams)
        for at in sorted(ends ^ seams) if misses else ():
            print(f"  {'missed' if at in seams else 'wrong '} {text[max(0, at - 50) : at]} | {text[at : at + 30]}")
    precision, recall = hits / max(1, found), hits / max(1, gold)
    f1 = 2 * hits / max(1, found + gold)
    print(f"{name}: precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}  ({gold} ends)")


def texts(name: str, language: str) -> list[list[str]]:
    if name == "FLORES dev":
        return [data.flores(language)]
    versions = data.story_versions()
    if language == "en":  # every story stands in several versions
        return [list(some) for some in dict.fromkeys(tuple(v["original"]) for v in versions)]
    return [v["version"] for v in versions if v["language"] == language]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="show every end missed or wrongly found")
    parser.add_argument("--cut-quotes", action="store_true", help="cut inside quotes and brackets too")
    options = parser.parse_args()
    from yasbd import BoundaryDetector

    for name in ("FLORES dev", "NTREX stories"):
        for language in ("en", "id", "nl"):
            some = paragraphs(texts(name, language))
            if not some:
                continue
            measure(f"{name} {language}, yasbd", some, BoundaryDetector(lang=language).detect, False)

            def ours(text: str, language: str = language) -> list[int]:
                return boundaries.boundaries(text, language, quotes=not options.cut_quotes)

            measure(f"{name} {language}, ours ", some, ours, options.misses)


if __name__ == "__main__":
    main()
