"""Training pairs from manuals whose pages exist in two languages: prose of today, paragraph by paragraph.

    python -m training.manuals OUT.tsv NAME=FOLDER,ENGLISH_FOLDER ...

Pages of the same path are paired. Paragraphs are paired by their `id` where they carry one, else by their place, if
both pages have the same blocks. A paragraph is cut into sentences where both sides have as many. Written are the
columns origin (NAME), source, English. The training README tells where the manuals come from.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.catalogues import sentences, write

BLOCKS = ("p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "td")


def blocks(page: Path) -> list[tuple[str, str, str]]:
    """(tag, id, text) of a page's innermost blocks, in order."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(page.read_bytes(), "html.parser")
    for waste in soup(["script", "style", "pre", "nav"]):
        waste.decompose()
    return [
        (block.name, str(block.get("id") or ""), " ".join(block.get_text("").split()))
        for block in soup(BLOCKS)
        if not block.find(BLOCKS)
    ]


def paragraphs(page: Path, english: Path) -> Iterator[tuple[str, str]]:
    """(text, English) of the blocks that belong together; none if the two pages are built differently."""
    ours, theirs = blocks(page), blocks(english)
    by_id = {key: text for _, key, text in theirs if key.startswith("par_")}
    if by_id:
        yield from ((text, by_id[key]) for _, key, text in ours if key in by_id)
    elif [tag for tag, _, _ in ours] == [tag for tag, _, _ in theirs]:
        yield from ((text, other) for (_, _, text), (_, _, other) in zip(ours, theirs, strict=True))


def cut(text: str, english: str) -> list[tuple[str, str]]:
    """The pair sentence by sentence if both sides have as many, else whole."""
    ends = r"(?<=[.!?])\s+(?=[A-Z\"“„'‘])"
    ours, theirs = re.split(ends, text), re.split(ends, english)
    return list(zip(ours, theirs, strict=True)) if len(ours) == len(theirs) else [(text, english)]


def main(argv: Sequence[str] | None = None) -> None:
    """The command line of the module's docstring."""
    parser = argparse.ArgumentParser(description="Make training pairs from manuals in two languages.")
    parser.add_argument("out", type=Path)
    parser.add_argument("manuals", nargs="+", help="NAME=FOLDER,ENGLISH_FOLDER")
    options = parser.parse_args(argv)
    rows: dict[str, str] = {}
    for item in options.manuals:
        name, _, folders = item.partition("=")
        folder, _, english = folders.partition(",")
        for page in sorted(Path(folder).rglob("*.html")):
            other = Path(english) / page.relative_to(folder)
            if not other.exists():
                continue
            for pair in paragraphs(page, other):
                for source, target in cut(*pair):
                    if sentences(source, target) and source.casefold() != target.casefold():
                        rows.setdefault(source, f"{name}\t{source}\t{target}\n")
    write(rows, options.out)


if __name__ == "__main__":
    main()
