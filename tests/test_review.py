"""The review: what a person decides is saved at once, lasts, is applied to every result, and is never lost."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import retold
from retold.compare import OpenStory
from retold.encode import encoder
from retold.records import Alignment, Bead, Finding, Link, RetoldError, Translation
from retold.report import exports
from retold.review.decision import Decision, standing
from retold.review.file import HEAD, ReviewFile, block, parse
from retold.review.relink import relink
from retold.story import read
from retold.translate import tmx

ORIGINAL = (
    "Two people familiar with the matter said China may buy 200,000 chips from Nvidia.\n\n"
    "The ministry of commerce did not respond to a request for comment on Monday.\n\n"
    "Shares of the company fell 3 percent in early trading in New York.\n\n"
    "Alibaba and ByteDance have asked about the price of the new chip.\n"
)
DUTCH = (
    "China koopt 300.000 chips van Nvidia.\n\n"
    "Het aandeel van het bedrijf daalde 3 procent in de vroege handel in New York.\n\n"
    "Alibaba en ByteDance hebben naar de prijs van de nieuwe chip gevraagd.\n\n"
    "Analisten noemen dat een keerpunt voor de hele Europese industrie.\n"
)


class Shouter:
    """Stands in for a translator: the text in capitals."""

    name = "shouter"

    def __init__(self, mark: str = "") -> None:
        self.mark = mark
        self.signature = f"shouter {mark}"

    def translate(self, texts: list[str], language: str) -> list[Translation]:
        return [Translation(n, t.upper() + self.mark, "shouter", self.signature) for n, t in enumerate(texts)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "toy", DUTCH)


def write(folder: Path, dutch: str) -> Path:
    folder.mkdir(exist_ok=True)
    rows = ['id = "toy"\ntitle = "Toy"\n']
    for id, language, role, text in (("wire", "en", "original", ORIGINAL), ("nl", "nl", "version", dutch)):
        (folder / f"{id}.txt").write_text(text, encoding="utf-8")
        sum = hashlib.sha256(text.encode()).hexdigest()
        rows.append(f'[[documents]]\nid = "{id}"\nfile = "{id}.txt"\nlanguage = "{language}"\nrole = "{role}"\n'
                    f'publisher = "{id}"\ndate = 2026-01-02\nnote = ""\nsha256 = "{sum}"\n')  # fmt: skip
    (folder / "story.toml").write_text("\n".join(rows), encoding="utf-8")
    return folder


def opened(folder: Path, mark: str = "") -> OpenStory:
    """The story as a fresh kernel would open it."""
    return OpenStory(read(folder), Shouter(mark), encoder("bundled"), review=folder / "review.toml")


def number(story: OpenStory) -> Finding:
    [f] = [f for f in story.compare("nl").all_found if f.facet == "number"]
    return f


def test_the_toy_is_as_the_tests_take_it(folder: Path) -> None:
    c = opened(folder).compare("nl")
    assert [(k.original, k.version) for k in c.alignment.links] == [(0, 0), (2, 1), (3, 2)]
    assert c.status.original[1] == "dropped" and c.status.version[3] == "added"
    assert (number(opened(folder)).before, number(opened(folder)).after) == ("200,000", "300.000")
    assert not (folder / "review.toml").exists()  # looking decides nothing


def test_a_rejected_finding_leaves_the_brief_and_stays_in_the_tables(folder: Path) -> None:
    story = opened(folder)
    c = story.compare("nl")
    assert "300.000" in c.brief.text
    c.review.reject(number(story), comment="both say so")
    for found in (c, opened(folder).compare("nl")):  # in place, and in a fresh kernel
        assert "300.000" not in found.brief.text and "rejected in review" in found.brief.text
        assert number(story) not in found.found and len(found.rejected) == 1
        last = found.findings.iloc[-1]
        assert (last.decision, last.comment, last.after) == ("rejected", "both say so", "300.000")
        assert found.findings.index.tolist() == list(range(1, len(found.all_found) + 1))


def test_rejecting_that_a_sentence_is_new_makes_it_carried(folder: Path) -> None:
    story = opened(folder)
    c = story.compare("nl")
    [f] = [f for f in c.found if f.version == 3 and f.facet == "claim"]
    c.review.reject(f)
    assert c.status.version[3] == "carried"
    assert "Analisten" not in c.brief.text
    [f] = [f for f in c.found if f.original == 1 and f.facet == "claim"]
    also = [g for g in c.found if g.original == 1]
    c.review.reject(f)
    assert c.status.original[1] == "kept"
    assert [g for g in c.found if g.original == 1] == [] and len(c.rejected) == 1 + len(also)


def test_an_accepted_finding_is_sure_and_an_edited_one_says_what_the_person_said(folder: Path) -> None:
    story = opened(folder)
    c = story.compare("nl")
    key = c.findings.set_index("facet").key["number"]
    c.review.accept(number(story))
    assert (number(story).decision, number(story).confidence) == ("accept", 1.0)
    c.review.edit(key, after="300,000 or so", facet="money", comment="as the source has it")
    [f] = [f for f in c.found if f.decision]
    assert (f.decision, f.facet, f.after, f.before) == ("edit", "money", "300,000 or so", "200,000")
    assert "300,000 or so" in c.brief.text and "(note: as the source has it)" in c.brief.text
    assert c.findings.set_index("facet").key["money"] == key  # the permalink stays
    c.review.reject(f)  # the edited finding is still the same thing
    assert len(c.review.decisions) == 1 and c.rejected[0].after == "300.000"


def test_a_rejected_link_is_not_used(folder: Path) -> None:
    c = opened(folder).compare("nl")
    c.review.reject(c.alignment.links[1])
    for found in (c, opened(folder).compare("nl")):
        assert [(k.original, k.version) for k in found.alignment.links] == [(0, 0), (3, 2)]
        assert (found.status.original[2], found.status.version[1]) == ("dropped", "added")


def test_an_added_link_is_used_and_can_be_led_elsewhere(folder: Path) -> None:
    c = opened(folder).compare("nl")
    before = c.signature
    c.review.link(original="R2", version="V4")
    assert Link(1, 3, 1.0) in c.alignment.links
    assert (c.status.original[1] != "dropped", c.status.version[3] != "added") == (True, True)
    assert c.links.set_index("original").decision["R2"] == "accepted"
    assert c.signature != before
    c.review.edit(original=1, version=3, to="V2", comment="rather this one")
    assert (1, 3) not in [(k.original, k.version) for k in c.alignment.links]
    assert (1, 1) in [(k.original, k.version) for k in c.alignment.links]


def test_an_edited_translation_is_shown_and_goes_to_tmx_as_reviewed(folder: Path) -> None:
    story = opened(folder)
    c = story.compare("nl")
    c.review.edit(version=0, english="China is buying 300,000 Nvidia chips.")
    c.review.accept(version="V2")
    c.review.reject(version=2, comment="nonsense")
    for found in (story, opened(folder)):
        english = found.translate("nl")
        assert (english[0].text, english[0].engine) == ("China is buying 300,000 Nvidia chips.", "reviewed")
        assert (english[1].text, english[1].by_person) == (DUTCH.split("\n\n")[1].upper(), True)
        assert english[2].warnings == ("rejected in review",) and english[3].engine == "shouter"
        assert found.compare("nl").translations == english
    story.review.author = "bo"
    c.review.edit(version=0, english="China buys 300,000 chips.")
    units = tmx.read(story.to_tmx(folder / "all.tmx"))
    assert (units[0].english, units[0].author, units[0].engine) == ("China buys 300,000 chips.", "bo", "reviewed")
    assert units[0].date and len(units) == 3  # the rejected one is left out
    assert len(tmx.read(c.to_tmx(folder / "mine.tmx", reviewed=True))) == 2


def test_a_comment_keeps_the_verdict_and_a_verdict_keeps_the_comment(folder: Path) -> None:
    c = opened(folder).compare("nl")
    key = c.findings.key.iloc[0]
    c.review.comment(key, "look again")
    assert (c.found[0].decision, c.found[0].comment) == ("comment", "look again")
    c.review.reject(key)
    assert (c.rejected[0].decision, c.rejected[0].comment) == ("reject", "look again")
    c.review.comment(key, "no, really")
    assert (c.rejected[0].decision, c.rejected[0].comment) == ("reject", "no, really")
    c.review.accept(key, comment="")
    assert (c.found[0].decision, c.found[0].comment) == ("accept", "")


def test_undo_brings_back_what_stood_before(folder: Path) -> None:
    c = opened(folder).compare("nl")
    c.review.reject(c.found[0])
    after_one = (folder / "review.toml").read_text()
    c.review.accept(c.rejected[0])
    assert c.rejected == () and "accept" in c.review.undo().decision
    assert (folder / "review.toml").read_text() == after_one and len(c.rejected) == 1
    c.review.withdraw(c.rejected[0])
    assert c.reviewed == () and c.rejected == ()
    c.review.undo()
    assert len(c.rejected) == 1
    c.review.undo()
    assert c.reviewed == ()
    with pytest.raises(RetoldError, match="nothing was decided in this session"):
        c.review.undo()


def test_another_kernel_is_followed_and_loses_nothing(folder: Path) -> None:
    mine, theirs = opened(folder), opened(folder)
    a, b = mine.compare("nl"), theirs.compare("nl")
    a.review.reject(a.found[0])
    b.review.edit(version=0, english="Mine.")
    assert len(b.rejected) == 1
    assert mine.compare("nl") is a and a.translations[0].text == "Mine."
    assert len(mine.review.decisions) == 2


def test_many_processes_at_once_lose_no_decision(folder: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from retold.review.file import ReviewFile;"
        "from retold.review.decision import Decision; f = ReviewFile(Path(sys.argv[1]))\n"
        "for n in range(25): f.add([Decision('translation', 'comment', 'nl', version=f'{sys.argv[2]} {n}')])"
    )
    path = folder / "review.toml"
    running = [subprocess.Popen([sys.executable, "-c", code, str(path), who]) for who in ("a", "b", "c")]
    assert [p.wait() for p in running] == [0, 0, 0]
    assert len(ReviewFile(path).read()) == 75
    assert sorted(p.name for p in folder.iterdir() if "part" in p.name) == []


def test_a_changed_text_makes_decisions_stale_and_says_what_it_became(folder: Path) -> None:
    story = opened(folder)
    c = story.compare("nl")
    c.review.reject(number(story))
    c.review.edit(version=0, english="Mine.")
    c.review.reject(c.alignment.links[1])
    write(folder, DUTCH.replace("300.000 chips van", "400.000 chips van"))
    again = opened(folder)
    assert [o.decision.on for o in again.review.stale] == ["finding", "translation"]
    assert "China koopt 400.000 chips van Nvidia." in again.review.stale[0].why
    assert again.review.summary == "1 decision applies (1 made under other engines or rules), 2 stale"
    assert number(again).decision == "" and again.translate("nl")[0].engine == "shouter"
    write(folder, DUTCH)  # nothing was thrown away
    assert opened(folder).review.summary == "3 decisions apply, 0 stale"


def test_a_sentence_before_them_moves_no_decision(folder: Path) -> None:
    story = opened(folder)
    c = story.compare("nl")
    c.review.reject(number(story))
    c.review.edit(version=2, english="Mine.")
    write(folder, "De beurs sloot gisteren hoger.\n\n" + DUTCH)
    again = opened(folder).compare("nl")
    assert again.review.stale == () and again.translations[3].text == "Mine." and len(again.rejected) == 1


def test_another_engine_keeps_reviewed_english_and_says_that_it_differs(folder: Path) -> None:
    c = opened(folder).compare("nl")
    c.review.accept(version=0)
    c.review.reject(version=1)
    again = opened(folder, "!").compare("nl")
    kept, stale = again.reviewed
    assert again.translations[0].text == "CHINA KOOPT 300.000 CHIPS VAN NVIDIA."
    assert (kept.state, kept.why) == ("applies", "shouter now says “CHINA KOOPT 300.000 CHIPS VAN NVIDIA.!”")
    assert (stale.state, again.translations[1].warnings) == ("stale", ())  # the new English was not the one rejected


def test_equal_sentences_are_told_apart(folder: Path) -> None:
    twice = DUTCH.split("\n\n")[1]
    write(folder, DUTCH + "\n" + twice + "\n")
    c = opened(folder).compare("nl")
    c.review.link(original=2, version=4)
    c.review.reject(original=2, version=1)
    pairs = [(k.original, k.version) for k in opened(folder).compare("nl").alignment.links]
    assert (2, 4) in pairs and (2, 1) not in pairs


def test_every_export_shows_the_decisions(folder: Path, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    story = opened(folder)
    c = story.compare("nl")
    c.review.reject(number(story), comment="same <figure>")
    c.review.edit(version=0, english="China buys chips.")
    c.review.accept(c.found[0])
    names = {p.name: p for p in story.write(tmp_path / "out")}
    page = names["report.html"].read_text(encoding="utf-8")
    assert "1 rejected in review" in page and "same &lt;figure&gt;" in page and "What was decided in review" in page
    made = json.loads(names["comparison.json"].read_text(encoding="utf-8"))["comparisons"][0]
    assert [(r["on"], r["decision"], r["state"]) for r in made["review"]] == [
        ("finding", "reject", "applies"), ("translation", "edit", "applies"), ("finding", "accept", "applies"),
    ]  # fmt: skip
    assert len(made["findings"]) == len(c.found) and made["translations"][0]["engine"] == "reviewed"
    assert "rejected,same <figure>" in names["findings.csv"].read_text(encoding="utf-8-sig")
    book = openpyxl.load_workbook(names["findings.xlsx"])
    assert [r[2].value for r in book["Review"].iter_rows(min_row=2)] == ["rejected", "edited", "accepted"]
    brief = names["brief.md"].read_text(encoding="utf-8")
    assert "## Review" in brief and "China buys chips." in brief
    again = opened(folder)
    exports.write_all(again, tmp_path / "again")
    for name, path in names.items():
        assert (tmp_path / "again" / name).read_bytes() == path.read_bytes(), name
    c.to_html(tmp_path / "one.html")
    assert "What was decided in review" in (tmp_path / "one.html").read_text(encoding="utf-8")


def test_what_is_asked_wrongly_is_said_in_one_sentence_and_saves_nothing(folder: Path) -> None:
    c = opened(folder).compare("nl")
    other = dataclasses.replace(c.found[0], before="something else")
    for call, says in (
        (lambda: c.review.reject(), "what is decided on"),
        (lambda: c.review.reject(other), "none of nl's"),
        (lambda: c.review.reject("nl-000000"), "no finding with the key"),
        (lambda: c.review.edit(version=9, english="x"), "0 to 3, or V1 to V4"),
        (lambda: c.review.edit(version="R1", english="x"), "version 'R1' is no segment"),
        (lambda: c.review.edit(version=0, english="  "), "the English is empty"),
        (lambda: c.review.edit(version=0), "gives english="),
        (lambda: c.review.edit(c.found[0]), "some of type, facet, before and after"),
        (lambda: c.review.edit(c.found[0], facet="colour"), "facet 'colour' is unknown"),
        (lambda: c.review.edit(original=0, version=0, to=0), "leads already"),
        (lambda: c.review.withdraw(c.found[0]), "nothing was decided on this finding"),
        (lambda: c.review.comment(c.found[0]), "the comment is empty"),
        (lambda: c.review.reject(3.5), "no finding, link or translation"),  # type: ignore[arg-type]
    ):
        with pytest.raises(RetoldError, match=says):
            call()  # type: ignore[no-untyped-call]
    assert not (folder / "review.toml").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "[[decisions]]\non = 'finding'\ndecision = 'rejct'\n",
            r"line 3: unknown decision 'rejct'; allowed are accept",
        ),
        ("\n[[decisions]]\non = \n", "line 3: not valid TOML"),
        ("[[decisions]]\non = 'link'\ndecision = 'accept'\ndocument='nl'\n", "line 1: the decision on a link lacks"),
        ("# x\n\n[[decisions]]\nonn = 'link'\n", "line 4: unknown key 'onn'; did you mean 'on'"),
        ("x = 1\n", "line 1: unknown key 'x'"),
        ("[[decisions]]\non = 'finding'\ndecision = 'edit'\ndocument = 3\n", "line 4: document is 3"),
        ("<<<<<<< HEAD\n", "line 1: not valid TOML"),
        (b"\n\n\xff\n", "line 3: not valid UTF-8"),
    ],
)
def test_a_malformed_file_is_named_with_its_line_and_left_alone(folder: Path, text: str | bytes, says: str) -> None:
    path = folder / "review.toml"
    story = opened(folder)
    c = story.compare("nl")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    before = path.read_bytes()
    with pytest.raises(RetoldError, match=rf"review\.toml, {says}"):
        c.review.reject(c.found[0])
    with pytest.raises(RetoldError, match=says):
        retold.load(folder, store=folder / "s.sqlite")
    assert path.read_bytes() == before


def test_what_a_person_wrote_around_the_decisions_stays(folder: Path) -> None:
    path = folder / "review.toml"
    c = opened(folder).compare("nl")
    c.review.reject(c.found[0])
    by_hand = path.read_text() + "\n# Ana: checked with the desk\n"
    path.write_text(by_hand)
    c.review.accept(c.found[0])
    assert path.read_text().startswith(by_hand)
    c.review.undo()
    assert path.read_text() == by_hand


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_named(folder: Path) -> None:
    c = opened(folder).compare("nl")
    folder.chmod(0o555)
    with pytest.raises(RetoldError, match="the decision was not saved"):
        c.review.reject(c.found[0])


def test_a_failed_write_leaves_the_old_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    c = opened(folder).compare("nl")
    c.review.reject(c.found[0])
    before = (folder / "review.toml").read_bytes()

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RetoldError, match="No space left on device"):
        c.review.accept(c.found[0])
    assert (folder / "review.toml").read_bytes() == before
    assert [p.name for p in folder.iterdir() if p.name.endswith(".part")] == []


_words = st.text(st.characters(codec="utf-8"), max_size=20)


@given(st.lists(st.builds(
    Decision, st.just("finding"), st.sampled_from(["accept", "reject", "comment"]), _words.filter(bool), _words, _words,
    st.integers(1, 3), st.integers(1, 3), st.just("changed"), st.just("number"), _words, _words, comment=_words,
    author=_words,
), max_size=4))  # fmt: skip
def test_any_words_survive_the_file(some: list[Decision]) -> None:
    text = HEAD + "".join("\n" + block(d) for d in some)
    assert list(parse(text, Path("review.toml"))) == some
    assert {d.key for d in standing(some)} == {d.key for d in some}


def test_relinking_touches_only_what_is_decided_on() -> None:
    beads = (Bead((0, 1), (0,), 0.8), Bead((2,), (1,), 0.9), Bead((3,), ()), Bead((), (2,)))
    made = Alignment(beads, (Link(0, 0, 0.9), Link(1, 0, 0.7), Link(2, 1, 0.9)))
    assert relink(made, [], []) == made
    assert relink(made, [], [(3, 2)]) == made  # nothing there to reject
    cut = relink(made, [], [(1, 0)])
    assert [(b.original, b.version) for b in cut.beads] == [
        ((0,), (0,)),
        ((1,), ()),
        ((2,), (1,)),
        ((3,), ()),
        ((), (2,)),
    ]
    assert cut.links == (Link(0, 0, 0.9), Link(2, 1, 0.9))
    joined = relink(made, [(3, 2)], [])
    assert Bead((3,), (2,), 1.0) in joined.beads and Link(3, 2, 1.0) in joined.links
    assert relink(made, [(2, 1)], []).links[2] == Link(2, 1, 1.0)
    crossed = relink(made, [(3, 0)], [(0, 0), (1, 0)])
    assert [b.moved for b in crossed.beads if b.original and b.version].count(True) == 1
