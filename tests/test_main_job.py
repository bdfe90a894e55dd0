"""The whole way on stories that are not as they should be: a defined result, the files written, and in good time."""

import hashlib
import json
import time
from pathlib import Path

import pytest

import retold
from retold.compare import Comparison

ORIGINAL = """The city council voted on Monday to close the old harbour bridge, two officials told the Gazette.

The bridge, built in 1931, carries about 12,000 cars a day. Repairs would cost 40 million euros.

“We cannot wait any longer,” said Mayor Anna Berg. Work on a new bridge may begin in May.
"""
OTHER = """A rare orchid flowered in the botanical garden this week. Gardeners had waited nine years for it.

Visitors may see the plant until Sunday. Entry is free for children under twelve.
"""
PLUG = "Subscribe to our newsletter.\n\nShare this article\n\nComments\n\nPost a Comment\n"


def story(folder: Path, version: str, language: str = "en") -> Path:
    """A story folder of the original above and one version."""
    folder.mkdir()
    rows = ['id = "bridge"', 'title = "The bridge"']
    for id, role, text, code in (("gazette", "original", ORIGINAL, "en"), ("copy", "version", version, language)):
        (folder / f"{id}.txt").write_text(text, encoding="utf-8")
        rows += [
            "[[documents]]", f'id = "{id}"', f'file = "{id}.txt"', f'language = "{code}"', f'role = "{role}"',
            'publisher = "a paper"', "date = 2026-03-02", 'note = ""',
            f'sha256 = "{hashlib.sha256(text.encode()).hexdigest()}"',
        ]  # fmt: skip
    (folder / "story.toml").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def run(tmp_path: Path, version: str) -> Comparison:
    """Compare and write everything; the comparison."""
    opened = retold.load(story(tmp_path / "story", version), translator="bundled", encoder="bundled")
    written = opened.write(tmp_path / "out")
    names = ["brief.md", "comparison.json", "findings.csv", "findings.xlsx", "report.html", "translations.tmx"]
    assert sorted(p.name for p in written) == names and all(p.stat().st_size for p in written)
    saved = json.loads((tmp_path / "out" / "comparison.json").read_text(encoding="utf-8"))
    texts = {d.id: d.text for d in opened.story.documents}
    for d in saved["documents"]:
        assert all(texts[d["id"]][s["start"] : s["end"]] == s["text"] for s in d["segments"])
    found: Comparison = opened.compare("copy")
    return found


def test_a_version_identical_to_the_original(tmp_path: Path) -> None:
    c = run(tmp_path, ORIGINAL)
    assert c.found == ()
    assert set(c.status.original) == {"kept"} and set(c.status.version) == {"carried"}
    assert [(k.original, k.version) for k in c.alignment.links] == [(n, n) for n in range(5)]
    assert min(k.probability for k in c.alignment.links) > 0.99


def test_a_version_with_nothing_in_common(tmp_path: Path) -> None:
    c = run(tmp_path, OTHER)
    assert c.alignment.links == ()
    assert set(c.status.original) == {"dropped"} and set(c.status.version) == {"added"}
    assert {f.type for f in c.found} == {"dropped", "added"}


def test_a_version_of_boilerplate_only(tmp_path: Path) -> None:
    c = run(tmp_path, PLUG)
    assert {s.kind for s in c.version_segments} == {"boilerplate"}
    assert c.alignment.links == () and set(c.status.original) == {"dropped"}
    assert len(c.warnings) == 1 and c.warnings[0].startswith("copy: no sentence in it takes part")


def test_a_line_of_100_000_characters(tmp_path: Path) -> None:
    start = time.perf_counter()
    c = run(tmp_path, ORIGINAL.replace("\n\n", "\n\n" + "x" * 100_000 + "\n\n", 1))
    assert time.perf_counter() - start < 60
    assert {k.original for k in c.alignment.links} == set(range(5))


@pytest.mark.long
def test_a_document_of_two_megabytes(tmp_path: Path) -> None:
    sentence = "A rare orchid flowered in the garden, " + "where gardeners had waited for years, " * 10 + "at last. "
    start = time.perf_counter()
    c = run(tmp_path, ORIGINAL + "\n" + (sentence * 3 + "\n\n") * (2_000_000 // (3 * len(sentence))))
    assert time.perf_counter() - start < 300
    assert len(c.version.text) > 1_990_000 and len(c.version_segments) > 4_000
    assert {k.version for k in c.alignment.links} == set(range(5))


def test_a_failed_run_leaves_the_old_files(tmp_path: Path) -> None:
    run(tmp_path, ORIGINAL)
    before = {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()}
    (tmp_path / "story" / "copy.txt").write_text("Edited by hand.\n", encoding="utf-8")
    with pytest.raises(retold.RetoldError, match=r"copy\.txt"):
        retold.load(tmp_path / "story").write(tmp_path / "out")
    assert {p.name: p.read_bytes() for p in (tmp_path / "out").iterdir()} == before
