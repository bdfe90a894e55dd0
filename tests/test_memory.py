"""The reviewed memory: TMX in and out, what a correction does, what bad files say."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retold.records import RetoldError
from retold.translate import tmx
from retold.translate.memory import Memory
from retold.translate.tmx import Unit

UNIT = Unit(
    "“Ja,” zei hij.", "nl", '"Yes," he said.', "ana", "2026-11-02T09:30:00+00:00", "bundled", "b 1", ("x lost",)
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    tmx.write(tmp_path / "a.tmx", [UNIT, Unit("Ja & <nee>", "id", "")])
    assert tmx.read(tmp_path / "a.tmx") == [UNIT]  # without English there is nothing to recall
    assert [p.name for p in tmp_path.iterdir()] == ["a.tmx"]


@given(st.lists(st.tuples(st.text(min_size=1), st.text(min_size=1), st.lists(st.text(min_size=1), max_size=2))))
def test_any_text_survives_the_round_trip_as_far_as_xml_can_hold_it(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, list[str]]]
) -> None:
    path = tmp_path_factory.mktemp("tmx") / "a.tmx"
    units = [Unit(tmx._clean(s).replace("\r", " "), "nl", tmx._clean(e).replace("\r", " ")) for s, e, _ in rows]
    tmx.write(path, units)
    assert tmx.read(path) == [u for u in units if u.source.strip() and u.english.strip()]


def test_the_export_is_tmx_14b(tmp_path: Path) -> None:
    """The DTD's rules for what we use: root, version, the header's required attributes, order inside <tu>."""
    from defusedxml.ElementTree import parse

    tmx.write(tmp_path / "a.tmx", [UNIT])
    root = parse(tmp_path / "a.tmx").getroot()
    assert root.tag == "tmx" and root.get("version") == "1.4" and [c.tag for c in root] == ["header", "body"]
    required = {"creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype"}
    assert required <= set(root[0].attrib) and root[0].get("segtype") in {"block", "paragraph", "sentence", "phrase"}
    [tu] = root[1]
    assert [c.tag for c in tu] == ["prop", "prop", "prop", "tuv", "tuv"]
    assert [[c.tag for c in tuv] for tuv in tu.findall("tuv")] == [["seg"], ["seg"]]
    assert tu[4].get("changedate") == "20261102T093000Z" and tu[4].get("changeid") == "ana"


def test_files_of_other_tools_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.tmx").write_text(
        """<?xml version="1.0"?><!DOCTYPE tmx SYSTEM "tmx14.dtd"><tmx version="1.4"><header creationid="bo"/><body>
        <tu><tuv xml:lang="EN-us"><seg>Good <bpt i="1">b</bpt>day</seg></tuv>
        <tuv lang="nl-NL"><seg>Goedendag</seg></tuv><tuv xml:lang="id"><seg>Selamat siang</seg></tuv></tu>
        <tu><tuv xml:lang="fr"><seg>Bonjour</seg></tuv></tu></body></tmx>"""
    )
    found = tmx.read(tmp_path / "a.tmx")
    assert [(u.source, u.language, u.english, u.author) for u in found] == [
        ("Goedendag", "nl", "Good bday", "bo"),
        ("Selamat siang", "id", "Good bday", "bo"),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("<tmx><body>", "not a readable TMX file"),
        ("", "not a readable TMX file"),
        ("<html/>", "<html>"),
        ('<!DOCTYPE t [<!ENTITY x "y">]><tmx><body/></tmx>', "not a readable TMX file"),
        ("<tmx><body><tu><tuv><seg>a</seg></tuv></tu></body></tmx>", "unit 1: a <tuv> lacks"),
        (
            '<tmx><body><tu changedate="yesterday"><tuv lang="nl"><seg>a</seg></tuv><tuv lang="en"><seg>b</seg></tuv>'
            "</tu></body></tmx>",
            "unit 1: date 'yesterday'",
        ),
    ],
)
def test_a_bad_file_is_named_in_one_sentence(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "bad.tmx").write_text(content)
    with pytest.raises(RetoldError) as error:
        tmx.read(tmp_path / "bad.tmx")
    assert says in str(error.value) and "bad.tmx" in str(error.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(RetoldError, match=r"no\.tmx: cannot be read"):
        tmx.read(tmp_path / "no.tmx")


def test_an_empty_memory_recalls_nothing_and_makes_nothing(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "nowhere")
    assert memory.recall(["Ja."], "nl") == {}
    assert memory.signature == "memory empty"
    assert list(tmp_path.iterdir()) == []


def test_exact_before_normalised_and_later_files_before_earlier(tmp_path: Path) -> None:
    tmx.write(
        tmp_path / "a.tmx",
        [
            Unit("“Ja.”", "nl", "From file.", "ana", UNIT.date),
            Unit('"JA."', "nl", "Shouted."),
            Unit("Ja.", "id", "No."),
        ],
    )
    memory = Memory(tmp_path)
    found = memory.recall(["“Ja.”", '"JA."', '"Ja."', "Nee.", ""], "nl")
    assert {n: t.text for n, t in found.items()} == {0: "From file.", 1: "Shouted.", 2: "Shouted."}
    assert (found[0].engine, found[0].signature, found[0].warnings) == ("memory", f"memory ana {UNIT.date}", ())
    assert "memory match up to" in found[2].warnings[0]
    before = memory.signature
    tmx.write(tmp_path / "b.tmx", [Unit("“Ja.”", "nl", "Yes.", "bo")])
    assert memory.recall(["“Ja.”"], "nl")[0].text == "Yes."
    assert memory.signature != before
