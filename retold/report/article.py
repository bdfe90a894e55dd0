"""A story's results as an article with pictures: `python -m retold.report.article STORY OUT.md`.

The words that lead in are the template's; every statement is an item of a brief, with the segments it rests on.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from retold.brief import Brief, Item, plain
from retold.files import put
from retold.kinship import kinship
from retold.naming import day, label, language_name, slug, the, what, who
from retold.records import CONTENT_KINDS, RetoldError
from retold.report.picture import Picture
from retold.report.tables import counts
from retold.summarise import body, brief, story_brief

if TYPE_CHECKING:
    from retold.compare import Comparison, OpenStory


def write(opened: OpenStory, path: str | Path) -> tuple[Path, ...]:
    """Write the article, and its pictures into `img/` beside it; returns their paths. Equal results give equal files.

    Raises RetoldError where they cannot be written.
    """
    path = Path(path)
    text, pictures = render(opened)
    made = [put(path.parent / name, picture.png) for name, picture in pictures.items()]
    return (put(path, text.encode()), *made)


def render(opened: OpenStory) -> tuple[str, dict[str, Picture]]:
    """The article as Markdown, and its pictures by the paths that it names them by."""
    from retold.report.html import environment

    story, id = opened.story, slug(opened.story.id)
    pictures = {f"img/{id}-kept.png": opened.matrix(), f"img/{id}-when.png": opened.timeline()}
    sections = []
    for c in opened.comparisons:
        picture = f"img/{id}-{slug(c.version.id)}.png"
        if c.version.role == "version":
            pictures[picture] = c.ribbon()
        sections.append(_section(opened, c, picture))
    text: str = environment().get_template("article.md").render(
        story=story, wire=who(opened.original, story), original=opened.original,
        total=sum(s.kind in CONTENT_KINDS for s in opened.segments[opened.original.id]),
        documents=[_row(opened, c) for c in opened.comparisons],
        glance=_lines(story_brief(opened)), sections=sections, kept=f"img/{id}-kept.png", when=f"img/{id}-when.png",
        notes=[plain(note) for note in story_brief(opened).notes],
        gist=[(label("original", s.n), plain(body(s, opened.original))) for s in opened.extract(opened.original.id)],
        translator=plain(opened.translator.signature), encoder=plain(opened.encoder.signature),
        day=day, plain=plain, language_name=language_name,
    )  # fmt: skip
    return text, pictures


def _row(opened: OpenStory, c: Comparison) -> dict[str, Any]:
    related = c.version.role == "related"
    return {
        "name": plain(who(c.version, opened.story)), "what": what(c.version), "id": c.version.id,
        "day": day(c.version), "verdict": kinship(c).verdict, "related": related, "counts": counts(c),
    }  # fmt: skip


def _section(opened: OpenStory, c: Comparison, picture: str) -> dict[str, Any]:
    made, name = brief(c), the(who(c.version, opened.story))
    return {
        "heading": plain(name.replace("the ", "The ", 1) if name.startswith("the ") else name), "name": plain(name),
        "related": c.version.role == "related", "note": plain(c.version.note), "picture": picture,
        "opening": [plain(item.text) for line in made.lines if not line.lead for item in line.items],
        "lines": _lines(made),
    }  # fmt: skip


def _lines(made: Brief) -> list[tuple[str, list[str]]]:
    """(lead, statements) of every line that has a lead; each statement with its citation."""
    return [(plain(line.lead), [_said(made, item) for item in line.items]) for line in made.lines if line.lead]


def _said(made: Brief, item: Item) -> str:
    cite = f" [{made.cite(item.refs)}]" if item.refs else ""
    return plain(item.text + cite)


def main(argv: list[str] | None = None) -> int:
    """Write the article of a story folder; returns the exit code."""
    from retold.compare import load

    call = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    call.add_argument("story", metavar="STORY", help="a story folder")
    call.add_argument("out", metavar="OUT.md", help="the article; its pictures go into img/ beside it")
    call.add_argument("--translator", default="auto", help="an engine's name (default: auto)")
    args = call.parse_args(argv)
    try:
        for path in write(load(args.story, translator=args.translator), args.out):
            print(path)
    except RetoldError as error:
        print(f"retold: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
