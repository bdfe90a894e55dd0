"""TMX 1.4b, the translators' exchange format (LISA OSCAR, 2005): translation units in and out.

English is the target throughout. An author and a date stand as `changeid` and `changedate` of the English variant; the
engine, its signature and its warnings as `prop` elements of types `x-engine`, `x-signature` and `x-warning`.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from retold import files
from retold.records import RetoldError

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# What XML 1.0 cannot hold at all, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Unit:
    """A source segment and its English."""

    source: str
    language: str  # ISO 639-1 of the source
    english: str
    author: str = ""
    date: str = ""  # ISO 8601, UTC
    engine: str = ""
    signature: str = ""
    warnings: tuple[str, ...] = ()


def read(path: str | Path) -> list[Unit]:
    """Every unit that has an English variant and one of another language, in the file's order.

    Inline markup is dropped, its text kept. Entities beyond XML's own are refused. Raises RetoldError, naming the
    file, where it is missing, no XML or no TMX.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, parse

    path = Path(path)
    try:
        root = parse(path).getroot()
    except (ParseError, DefusedXmlException, UnicodeDecodeError, LookupError, ValueError) as error:
        raise RetoldError(f"{path}: not a readable TMX file ({error or type(error).__name__})") from None
    except OSError as error:
        raise RetoldError(f"{path}: cannot be read ({error.strerror})") from None
    if root.tag != "tmx":
        raise RetoldError(f"{path}: its outermost element is <{root.tag}>; a TMX file's is <tmx>")
    units = []
    for number, unit in enumerate(root.iter("tu"), 1):
        try:
            units += _unit(unit, root.find("header"))
        except ValueError as error:
            raise RetoldError(f"{path}: unit {number}: {error}") from None
    return units


def write(path: str | Path, units: Iterable[Unit], *, tool_version: str = "0.1.0") -> Path:
    """Write the units as one TMX file, whole or not at all. Raises RetoldError where it cannot be written."""
    return files.put(Path(path), render(units, tool_version=tool_version))


def render(units: Iterable[Unit], *, tool_version: str = "0.1.0") -> bytes:
    """The units as TMX 1.4b. Characters that XML cannot hold become U+FFFD."""
    root = ElementTree.Element("tmx", version="1.4")
    header = {"creationtool": "retold", "creationtoolversion": tool_version, "segtype": "sentence", "o-tmf": "retold"}
    ElementTree.SubElement(
        root, "header", {**header, "adminlang": "en", "srclang": "*all*", "datatype": "plaintext"}
    )  # *all*: any variant may be the source
    body = ElementTree.SubElement(root, "body")
    for unit in units:
        tu = ElementTree.SubElement(body, "tu", srclang=unit.language)
        props = [("x-engine", unit.engine), ("x-signature", unit.signature)]
        for type_, value in [*props, *(("x-warning", w) for w in unit.warnings)]:
            if value:
                ElementTree.SubElement(tu, "prop", type=type_).text = _clean(value)
        ElementTree.SubElement(_variant(tu, unit.language), "seg").text = _clean(unit.source)
        english = _variant(tu, "en")
        if unit.author:
            english.set("changeid", _clean(unit.author))
        if unit.date:
            english.set("changedate", _to_tmx(unit.date))
        ElementTree.SubElement(english, "seg").text = _clean(unit.english)
    ElementTree.indent(root, " ")
    head = b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n'
    return head + bytes(ElementTree.tostring(root, encoding="utf-8")) + b"\n"


def _variant(tu: ElementTree.Element, language: str) -> ElementTree.Element:
    return ElementTree.SubElement(tu, "tuv", {_XML_LANG: language})


def _unit(unit: Any, header: Any) -> list[Unit]:
    """The unit, one for each foreign variant; none where English or another language is missing."""
    variants = []
    for tuv in unit.findall("tuv"):
        language = tuv.get(_XML_LANG) or tuv.get("lang")  # TMX 1.1 wrote `lang`
        seg = tuv.find("seg")
        if language is None or seg is None:
            raise ValueError("a <tuv> lacks its language or its <seg>")
        variants.append((re.split("[-_]", language.lower())[0], tuv, "".join(seg.itertext())))
    english = next(((tuv, text) for language, tuv, text in variants if language == "en"), None)
    if english is None:
        return []
    tuv, text = english

    def attribute(*names: str) -> str:
        places = [p for p in (tuv, unit, header) if p is not None]
        return next((p.get(n) for p in places for n in names if p.get(n)), "")

    props = [(p.get("type"), p.text or "") for p in [*unit.findall("prop"), *tuv.findall("prop")]]
    author, date = attribute("changeid", "creationid"), _from_tmx(attribute("changedate", "creationdate"))
    engine = next((v for k, v in props if k == "x-engine"), "")
    signature = next((v for k, v in props if k == "x-signature"), "")
    warnings = tuple(v for k, v in props if k == "x-warning")
    return [
        Unit(source, language, text, author, date, engine, signature, warnings)
        for language, _, source in variants
        if language != "en" and source.strip() and text.strip()
    ]


def _to_tmx(date: str) -> str:
    """ISO 8601 to TMX's YYYYMMDDThhmmssZ."""
    when = datetime.datetime.fromisoformat(date)
    when = when.replace(tzinfo=when.tzinfo or datetime.UTC).astimezone(datetime.UTC)
    return when.strftime("%Y%m%dT%H%M%SZ")


def _from_tmx(date: str) -> str:
    """TMX's YYYYMMDDThhmmssZ to ISO 8601. Raises ValueError for another form."""
    if not date:
        return ""
    try:
        when = datetime.datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
    except ValueError:
        raise ValueError(f"date {date!r} is not of TMX's form YYYYMMDDThhmmssZ") from None
    return when.isoformat(timespec="seconds")


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
