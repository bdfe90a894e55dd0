"""Training pairs from the message catalogues of free software: running text of manuals and games in today's Dutch.

    python -m training.catalogues nl OUT.tsv NAME=FILE.po NAME=FILE.mo ...

Writes the columns origin (NAME), source, English of every translated message that is a sentence of running text, with
its markup taken off. The training README tells where the catalogues come from.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

_MARKUP = [
    (re.compile(r"\b[BICFLSX]<+\s*([^<>]*?)\s*>+"), r"\1"),  # the letters of POD: B<bold>
    (re.compile(r"E<lt>|&lt;"), "<"), (re.compile(r"E<gt>|&gt;"), ">"),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), ""), (re.compile(r"\\f[BIRP]|\\(?=-)"), ""),
    (re.compile(r"&quot;"), '"'), (re.compile(r"&mdash;"), "—"),
]  # fmt: skip
_CODE = re.compile(r"[<>{}$|=\\@%*_]|&\w|//|--\w|\.\w{1,4}/|\w/\w+/|^\w+\^|#")


def plain(message: str) -> str:
    """A message without its markup, on one line."""
    message = message.replace("S<", "").rpartition("^")[2] if "^" in message[:30] else message
    for _ in range(2):  # markup within markup
        for pattern, new in _MARKUP:
            message = pattern.sub(new, message)
    return " ".join(message.split())


def sentences(source: str, english: str) -> bool:
    """Whether both texts are running text: 5 words or more, no code, closed like a sentence."""
    return all(
        len(t.split()) >= 5 and not _CODE.search(t) and t[-1] in '.!?”"' and t[0].isupper() and len(t) < 600
        for t in (source, english)
    )


def read_catalogue(path: Path) -> Iterator[tuple[str, str]]:
    """(translation, English) of a catalogue's messages; fuzzy and plural ones are left out."""
    if path.suffix == ".mo":
        import gettext

        with path.open("rb") as file:
            compiled: dict[object, str] = vars(gettext.GNUTranslations(file))["_catalog"]
        yield from (
            (string, key.rpartition("\4")[2])
            for key, string in compiled.items()
            if isinstance(key, str) and key and string
        )
        return
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        catalogue = read_po(file)
    for message in catalogue:
        if (
            isinstance(message.id, str)
            and isinstance(message.string, str)
            and message.id
            and message.string
            and not message.fuzzy
        ):
            yield message.string, message.id


def write(rows: dict[str, str], path: Path) -> None:
    """Write the lines of pairs by their source, and say how many there are."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(rows.values()), encoding="utf-8")
    print(len(rows), "pairs", path)


def main(argv: Sequence[str] | None = None) -> None:
    """The command line of the module's docstring."""
    parser = argparse.ArgumentParser(description="Make training pairs from message catalogues.")
    parser.add_argument("language", choices=("nl", "id"))
    parser.add_argument("out", type=Path)
    parser.add_argument("catalogues", nargs="+", help="NAME=FILE, .po or .mo")
    options = parser.parse_args(argv)
    rows: dict[str, str] = {}
    for item in options.catalogues:
        name, _, file = item.partition("=")
        for source, english in read_catalogue(Path(file)):
            source, english = plain(source), plain(english)
            if sentences(source, english) and source != english:
                rows.setdefault(source, f"{name}\t{source}\t{english}\n")
    write(rows, options.out)


if __name__ == "__main__":
    main()
