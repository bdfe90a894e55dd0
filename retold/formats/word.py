"""A Word document (.docx) to text, with limits on what an archive of a few kilobytes can unfold to."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from retold.formats import blocks
from retold.records import RetoldError

MOST_XML = 20_000_000  # bytes of XML, unpacked; a book has about five million
MOST_PARTS = 10_000
DEEPEST = 200  # elements inside each other; Word itself stays below fifty
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
"""


def text(data: bytes, file: Path) -> str:
    """Headings, paragraphs, list items, cells and notes in reading order; pictures and comments are left out.

    Changes that were tracked are read as accepted. Raises RetoldError for what is no .docx, is broken, is protected by
    a password, or is larger or deeper than the limits above.
    """
    _check(data, file)
    import mammoth

    try:
        made = mammoth.convert_to_html(io.BytesIO(data), convert_image=_no_picture, style_map=_STYLES)
    except RecursionError:
        raise RetoldError(f"{file} is nested too deeply to be read") from None
    except Exception as error:  # the library documents none of its own: whatever it meets, the file is broken
        raise RetoldError(f"{file} cannot be read as a Word document ({type(error).__name__}: {error})") from error
    if not made.value.strip():
        return ""
    root = blocks.tree(made.value, file)
    for back in root.xpath("//a[starts-with(@href, '#footnote-ref') or starts-with(@href, '#endnote-ref')]"):
        back.drop_tree()  # the arrow from a note back to its place
    return blocks.text(root)


def _no_picture(image: object) -> list[object]:
    return []


def _check(data: bytes, file: Path) -> None:
    """Refuse what would not fit, before anything is unpacked into memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            xml = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
            if "word/document.xml" not in archive.namelist() and not any("document" in p.filename for p in xml):
                raise RetoldError(f"{file} is no Word document; save it from Word as .docx")
            size = sum(part.file_size for part in xml)
            if size > MOST_XML or len(parts) > MOST_PARTS:
                raise RetoldError(
                    f"{file} unpacks to {size:,} bytes of text in {len(parts):,} parts; "
                    f"the most that is read is {MOST_XML:,} in {MOST_PARTS:,}"
                )
            for part in xml:
                _check_part(archive.read(part), file)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        protected = data.startswith(b"\xd0\xcf\x11\xe0")
        why = "an old .doc, or protected by a password" if protected else str(error)
        raise RetoldError(f"{file} is no Word document that can be read ({why}); save it from Word as .docx") from error


def _check_part(xml: bytes, file: Path) -> None:
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    depth = 0
    try:
        for event, element in iterparse(io.BytesIO(xml), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if depth > DEEPEST:
                raise RetoldError(f"{file} is nested too deeply; the most that is read is {DEEPEST} elements")
            if event == "end":
                element.clear()
    except (ParseError, DefusedXmlException) as error:
        raise RetoldError(f"{file} cannot be read as a Word document ({type(error).__name__}: {error})") from error
