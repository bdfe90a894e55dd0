"""Bytes to characters: UTF-8, UTF-16 with its mark, or what a page says of itself; never a guess."""

from __future__ import annotations

import codecs
from pathlib import Path

from retold.records import RetoldError

_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def text(data: bytes, file: Path) -> str:
    """Plain text: the file's characters as they stand, line ends and a UTF-8 mark among them.

    UTF-8, or UTF-16 where the file begins with its mark. Raises RetoldError at the first byte that is neither.
    """
    if data.startswith(_WIDE):
        return decoded(data, "utf-16", file, "begins with the mark of UTF-16")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RetoldError(
            f"{file} is not valid UTF-8: byte 0x{data[error.start]:02x} at offset {error.start}; save the file as UTF-8"
        ) from error


def decoded(data: bytes, encoding: str, file: Path, ground: str) -> str:
    """The bytes in the encoding that something about the file names; RetoldError where that is not true."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise RetoldError(
            f"{file} {ground}, but the byte 0x{data[error.start]:02x} at offset {error.start} is none of that; "
            "save the file as UTF-8"
        ) from error
