"""Reading a story folder: the five documents, and one clear sentence for everything that can be wrong."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from retold.records import RetoldError
from retold.story import read

H200 = Path(__file__).parent.parent / "data/stories/h200"

ENGLISH = "The Chinese companies are keen to place large orders for the chip, two of the people said. They wait.\n"
DUTCH = "De Chinese bedrijven willen grote orders plaatsen voor de chip, maar zij wachten nog op goedkeuring.\n"


def table(name: str, data: bytes, **changes: str) -> str:
    """One [[documents]] table as TOML; a change to an empty string leaves the key out."""
    row = {
        "id": f'"{name}"',
        "file": f'"{name}.txt"',
        "language": '"en"',
        "role": '"original"',
        "publisher": '"Reuters"',
        "date": "2025-12-10",
        "note": '""',
        "sha256": f'"{hashlib.sha256(data).hexdigest()}"',
    } | changes
    return "[[documents]]\n" + "".join(f"{k} = {v}\n" for k, v in row.items() if v)


def story(folder: Path, **changes: str) -> Path:
    """A folder with a sound story of two documents, except for `changes` to the second one's row."""
    (folder / "first.txt").write_bytes(ENGLISH.encode())
    (folder / "second.txt").write_bytes(DUTCH.encode())
    second = table("second", DUTCH.encode(), **({"language": '"nl"', "role": '"version"'} | changes))
    (folder / "story.toml").write_text(
        'id = "s"\ntitle = "A story"\n' + table("first", ENGLISH.encode()) + second, encoding="utf-8"
    )
    return folder


def put(folder: Path, data: bytes) -> Path:
    """The sound story with other bytes as its second document, and their checksum."""
    story(folder, sha256=f'"{hashlib.sha256(data).hexdigest()}"')
    (folder / "second.txt").write_bytes(data)
    return folder


def message(folder: Path | str) -> str:
    """What reading says is wrong: one sentence on one line."""
    with pytest.raises(RetoldError) as caught:
        read(folder)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_the_five_documents() -> None:
    read_story = read(str(H200))
    assert read_story.id == "h200"
    assert read_story.warnings == ()
    assert [(d.id, d.language, d.role) for d in read_story.documents] == [
        ("reuters-en", "en", "original"),
        ("crypto-id", "id", "version"),
        ("tech-nl", "nl", "version"),
        ("video-en", "en", "related"),
        ("blog-en", "en", "related"),
    ]
    assert str(read_story.original.date) == "2025-12-10"
    for document in read_story.documents:
        assert document.text.encode() == (H200 / document.file).read_bytes()


def test_a_sound_story(tmp_path: Path) -> None:
    assert [d.text for d in read(story(tmp_path)).documents] == [ENGLISH, DUTCH]


def test_line_ends_and_byte_order_marks_stay(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + DUTCH.replace("\n", "\r\n").encode() + b"\rslot"
    assert read(put(tmp_path, data)).documents[1].text.encode() == data


def test_reading_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    before = {p.name: p.read_bytes() for p in story(tmp_path).iterdir()}
    read(tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == before


def test_a_folder_that_does_not_exist() -> None:
    assert message("no/such/folder") == "story folder 'no/such/folder' does not exist; give one that holds story.toml"


def test_a_file_for_a_folder(tmp_path: Path) -> None:
    assert "is not a folder" in message(story(tmp_path) / "story.toml")


def test_no_manifest(tmp_path: Path) -> None:
    assert "has no story.toml" in message(tmp_path)


def test_broken_toml_names_the_line(tmp_path: Path) -> None:
    (tmp_path / "story.toml").write_text('id = "s"\ntitle = A story\n')
    assert re.search(r"story\.toml is not valid TOML: .*line 2", message(tmp_path))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"languag": '"nl"'}, "unknown key 'languag'; did you mean 'language'?"),
        ({"sha": '"x"'}, "unknown key 'sha'; did you mean 'sha256'?"),
        ({"zzz": '"x"'}, "unknown key 'zzz' (allowed: id, file, language"),
        ({"note": ""}, "lacks the key 'note' (needed: id, file"),
        ({"language": '"xx"'}, "document 'second': unknown language 'xx'; allowed are en, id, nl"),
        ({"role": '"copy"'}, "document 'second': unknown role 'copy'; allowed are original, version, related"),
        ({"role": "3"}, "role is 3; it has to be a non-empty string"),
        ({"date": '"2025-12-10"'}, "date is '2025-12-10'; it has to be a bare date like 2025-12-10"),
        ({"date": "2025-12-10T10:00:00"}, "it has to be a bare date"),
        ({"publisher": '" "'}, "publisher is ' '; it has to be a non-empty string"),
        ({"file": '"third.txt"'}, "file 'third.txt' is missing in"),
        ({"file": '"."'}, "file '.' is no file in"),
        ({"file": '"../second.txt"'}, "file '../second.txt' leaves the story folder"),
        ({"file": '"a/../../second.txt"'}, "leaves the story folder"),
        ({"file": "'..\\second.txt'"}, "leaves the story folder"),
        ({"file": '"/etc/hostname"'}, "file '/etc/hostname' leaves the story folder"),
        ({"file": "'C:\\second.txt'"}, "leaves the story folder"),
        (
            {"role": '"original"', "language": '"en"'},
            "2 documents have the role 'original' ('first', 'second'); a story has exactly one",
        ),
        ({"id": '"first"'}, "two documents have the id 'first'; each needs its own"),
    ],
)
def test_a_row_that_is_wrong(tmp_path: Path, change: dict[str, str], said: str) -> None:
    assert said in message(story(tmp_path, **change))


def test_a_file_named_twice(tmp_path: Path) -> None:
    sha = hashlib.sha256(ENGLISH.encode()).hexdigest()
    assert "two documents have the file 'first.txt'" in message(story(tmp_path, file='"first.txt"', sha256=f'"{sha}"'))


def test_a_wrong_checksum_shows_both_shortened(tmp_path: Path) -> None:
    found = hashlib.sha256(DUTCH.encode()).hexdigest()
    text = message(story(tmp_path, sha256=f'"{"0" * 64}"'))
    assert f"has the sha256 {found[:12]}…, the manifest says {'0' * 12}…" in text
    assert found not in text


def test_no_original(tmp_path: Path) -> None:
    manifest = story(tmp_path) / "story.toml"
    manifest.write_text(manifest.read_text().replace('"original"', '"related"'))
    assert "0 documents have the role 'original'; a story has exactly one" in message(tmp_path)


def test_an_original_that_is_not_english(tmp_path: Path) -> None:
    manifest = story(tmp_path) / "story.toml"
    manifest.write_text(manifest.read_text().replace('language = "en"', 'language = "id"'))
    assert "the original 'first' is in 'id'; it has to be English ('en')" in message(tmp_path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('titel = "A"', "unknown key 'titel'; did you mean 'title'?"),
        ("", "lacks the key 'title'"),
        ("title = 3", "title is 3"),
    ],
)
def test_a_wrong_key_of_the_story(tmp_path: Path, line: str, said: str) -> None:
    manifest = story(tmp_path) / "story.toml"
    manifest.write_text(manifest.read_text().replace('title = "A story"', line))
    assert said in message(tmp_path)


@pytest.mark.parametrize("rows", ["documents = []", "documents = 3", "documents = [1]"])
def test_no_documents(tmp_path: Path, rows: str) -> None:
    (tmp_path / "story.toml").write_text(f'id = "s"\ntitle = "t"\n{rows}\n')
    assert "it has to be one or more [[documents]] tables" in message(tmp_path)


def test_another_encoding_names_the_byte(tmp_path: Path) -> None:
    text = message(put(tmp_path, "Het officiële beleid.".encode("latin-1")))
    assert "second.txt is not valid UTF-8: byte 0xeb at offset 10; save the file as UTF-8" in text


def test_a_manifest_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "story.toml").write_bytes(b'title = "\xff"')
    assert "story.toml is not valid UTF-8: byte 0xff at offset 9" in message(tmp_path)


@pytest.mark.parametrize("data", [b"", b" \r\n\t\n", b"\xef\xbb\xbf\n"])
def test_an_empty_document(tmp_path: Path, data: bytes) -> None:
    assert "second.txt is empty; a document needs some text" in message(put(tmp_path, data))


def test_a_link_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    story(inside)
    (tmp_path / "outside.txt").write_bytes(DUTCH.encode())
    (inside / "second.txt").unlink()
    (inside / "second.txt").symlink_to(tmp_path / "outside.txt")
    assert "file 'second.txt' leaves the story folder" in message(inside)


def test_another_language_is_a_warning(tmp_path: Path) -> None:
    (warning,) = read(put(tmp_path, ENGLISH.encode() * 3)).warnings
    assert re.fullmatch(
        r"document 'second' \(second.txt\) is said to be in 'nl' but looks like 'en' \(probability [01]\.\d\d\)",
        warning,
    )


def test_chrome_in_another_script_is_no_warning(tmp_path: Path) -> None:
    chrome = "Скачать видео\nПовторяем попытку...\nДоступные форматы для скачивания:\n" * 20
    assert read(put(tmp_path, (chrome + DUTCH + chrome).encode())).warnings == ()


def test_too_little_text_to_tell_is_no_warning(tmp_path: Path) -> None:
    assert read(put(tmp_path, b"Yes.\n")).warnings == ()


def test_a_date_may_be_the_earliest_possible(tmp_path: Path) -> None:
    assert [d.dated for d in read(story(tmp_path, dated='"earliest"')).documents] == ["exact", "earliest"]
    assert "unknown dated 'about'; allowed are exact, earliest" in message(story(tmp_path, dated='"about"'))
