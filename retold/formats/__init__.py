"""A document's file to its text: plain text as it stands; web pages, Markdown and Word documents as their blocks."""

from __future__ import annotations

from pathlib import Path

from retold.formats import markdown, page, plain, word
from retold.records import RetoldError

_WORD = (".docx",)
_MARKDOWN = (".md", ".markdown")
_OTHERS = {".doc", ".docm", ".epub", ".mhtml", ".odt", ".pages", ".pdf", ".rtf", ".webarchive"}
MOST_BYTES = 50_000_000  # a long article with its pictures has a tenth of this; a text of it would take hours


def text_of(data: bytes, file: Path) -> str:
    """The text that a file of these bytes holds; a document's offsets count its characters.

    The name's ending says how it is read: `.md`, `.html` and `.docx` as paragraphs with a blank line between, list
    items with a bullet or a number; anything else as plain text, character for character. Equal bytes give equal text.
    Raises RetoldError, naming the file, for another format, another encoding, a file that is broken, and one that is
    too large or nested too deeply.
    """
    ending = file.suffix.lower()
    if ending in _OTHERS:
        raise RetoldError(f"{file}: {ending} files are not read; save it as .txt, .md, .html or .docx")
    if len(data) > MOST_BYTES:
        raise RetoldError(f"{file} has {len(data):,} bytes; the most that is read is {MOST_BYTES:,}")
    if ending in _WORD:
        return word.text(data, file)
    if ending in page.ENDINGS:
        return page.text(data, file)
    if ending in _MARKDOWN:
        return markdown.text(data, file)
    return plain.text(data, file)
