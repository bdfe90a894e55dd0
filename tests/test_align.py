"""The aligner's laws, on the real bundled encoder, and its behaviour where there is little to align."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retold.align import align, align_vectors, explain
from retold.align.decode import best_beads, mirror, totals
from retold.align.lattice import TYPES, read, scores
from retold.align.parallel import is_translation, weights
from retold.align.pieces import pieces
from retold.encode import encoder
from retold.records import Alignment, Kind, RetoldError, Side, Vectors

ORIGINAL = [
    "ByteDance and Alibaba have asked Nvidia about buying its powerful H200 AI chip.",
    "The H200 is almost six times as powerful as the H20.",
    "The Chinese government has yet to give a clear answer to Trump's announcement.",
    "Very limited quantities of H200 are currently in production, two people said.",
    "Asked about the H200, China's foreign ministry said the country values cooperation.",
    "The training of leading Chinese AI models still relies on Nvidia cards, said Zhang Yuchun.",
    "The Information reported that regulators gathered representatives from Tencent Holdings.",
    "The policy reversal leaves the A100 and H100 under U.S. export controls.",
]
DUTCH = [
    "China heeft nog geen duidelijk antwoord gegeven op Trumps aankondiging.",
    "ByteDance en Alibaba hebben bij Nvidia geïnformeerd naar de aankoop van krachtige H200 AI-chips.",
    "De H200 is bijna zes keer zo krachtig als de H20.",
    "Nvidia produceert momenteel maar beperkte aantallen van de H200, zeggen twee mensen.",
    "Morgen schijnt in het hele land de zon.",
]


class Remembering:
    """The bundled encoder, asked only once for each text."""

    name, signature = "bundled", encoder("bundled").signature

    def __init__(self) -> None:
        self.known: dict[str, Vectors] = {}

    def encode(self, texts: list[str]) -> Vectors:
        new = [t for t in dict.fromkeys(texts) if t not in self.known]
        self.known.update(zip(new, encoder("bundled").encode(new), strict=True))
        return np.array([self.known[t] for t in texts], np.float32).reshape(len(texts), 384)


ENGINE = Remembering()


def side(texts: list[str], language: str = "en") -> Side:
    return Side.of_sentences(texts, language)


def pairs(alignment: Alignment) -> set[tuple[int, int]]:
    return {(x.original, x.version) for x in alignment.links}


def check(alignment: Alignment, original: Side, version: Side) -> None:
    """What holds of every alignment."""
    for name, some in (("original", original), ("version", version)):
        assert sorted(n for b in alignment.beads for n in getattr(b, name)) == list(some.content)
    assert pairs(alignment) == {(o, v) for b in alignment.beads for o in b.original for v in b.version}
    sure = [b.probability for b in alignment.beads] + [x.probability for x in alignment.links]
    assert all(0 <= p <= 1 for p in sure)


def test_drops_additions_and_a_move_are_seen() -> None:
    found = align(side(ORIGINAL), side(DUTCH, "nl"), ENGINE)
    check(found, side(ORIGINAL), side(DUTCH, "nl"))
    assert pairs(found) == {(2, 0), (0, 1), (1, 2), (3, 3)}
    assert [b.version for b in found.beads if b.moved] == [(0,)]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(ORIGINAL), min_size=1, unique=True))
def test_a_text_against_itself_is_the_identity(texts: list[str]) -> None:
    found = align(side(texts), side(texts), ENGINE)
    assert pairs(found) == {(n, n) for n in range(len(texts))}
    assert all(x.probability > 0.99 for x in found.links)
    assert not any(b.moved for b in found.beads)


@pytest.mark.parametrize("empty", ["original", "version", "both"])
def test_an_empty_side_leaves_one_sided_beads(empty: str) -> None:
    original = side([] if empty != "version" else ORIGINAL)
    version = side([] if empty != "original" else DUTCH, "nl")
    found = align(original, version, ENGINE)
    check(found, original, version)
    assert found.links == () and all(b.probability == 1 for b in found.beads)


def test_segments_that_take_no_part_stand_in_no_bead() -> None:
    version = Side(tuple(DUTCH), "nl", ("boilerplate", "sentence", "heading", "list_item", "byline"))
    found = align(side(ORIGINAL), version, ENGINE)
    check(found, side(ORIGINAL), version)
    assert pairs(found) == {(0, 1), (3, 3)}


def test_all_boilerplate_is_an_empty_side() -> None:
    page: tuple[Kind, ...] = tuple("boilerplate" for _ in DUTCH)
    version = Side(tuple(DUTCH), "nl", page)
    assert {b.version for b in align(side(ORIGINAL), version, ENGINE).beads} == {()}


@pytest.mark.parametrize("many", [300, 1000])
def test_equal_segments_are_defined(many: int) -> None:
    same = side(["Het is zo."] * many, "nl")
    check(align(same, same, ENGINE), same, same)


def test_swapping_the_sides_mirrors_the_links() -> None:
    there = align(side(ORIGINAL), side(DUTCH, "nl"), ENGINE)
    back = align(side(DUTCH, "nl"), side(ORIGINAL), ENGINE)
    assert pairs(there) == {(v, o) for o, v in pairs(back)}


def test_an_unrelated_paragraph_at_the_end_changes_no_other_bead() -> None:
    before = align(side(ORIGINAL), side(DUTCH, "nl"), ENGINE)
    strangers = ["De bakker verkoopt verse broodjes.", "Zijn kat slaapt op de vensterbank."]
    after = align(side(ORIGINAL), side([*DUTCH, *strangers], "nl"), ENGINE)
    told = [(b.original, b.version) for b in before.beads]
    assert [(b.original, b.version) for b in after.beads] == [*told, ((), (5,)), ((), (6,))]


def test_the_order_of_stories_changes_nothing() -> None:
    first = align(side(ORIGINAL), side(DUTCH, "nl"), ENGINE)
    align(side(DUTCH, "nl"), side(DUTCH, "nl"), ENGINE)
    assert align(side(ORIGINAL), side(DUTCH, "nl"), ENGINE) == first


def a_long_text(n: int) -> tuple[Vectors, list[int]]:
    """Vectors far from one another, and lengths."""
    rng = np.random.default_rng(n)
    vectors = rng.normal(size=(n, 32)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True), [int(x) for x in rng.integers(40, 200, n)]


def test_a_long_text_against_itself_is_the_identity() -> None:
    vectors, lengths = a_long_text(700)
    found = align_vectors(vectors, vectors, lengths, lengths)
    assert [(b.original, b.version) for b in found] == [((n,), (n,)) for n in range(700)]
    assert min(b.probability for b in found) > 0.99


def test_a_long_text_finds_what_was_dropped_added_and_joined() -> None:
    vectors, lengths = a_long_text(600)
    added = a_long_text(3)[0]
    joined = vectors[300] * lengths[300] + vectors[301] * lengths[301]
    joined = (joined / np.linalg.norm(joined))[None]
    rows = [vectors[:100], vectors[103:300], joined, vectors[302:500], added, vectors[500:]]
    sizes = [
        *lengths[:100],
        *lengths[103:300],
        lengths[300] + lengths[301],
        *lengths[302:500],
        90,
        90,
        90,
        *lengths[500:],
    ]
    found = {(b.original, b.version) for b in align_vectors(vectors, np.concatenate(rows), lengths, sizes)}
    assert {((101,), ()), ((300, 301), (297,)), ((), (497,)), ((99,), (99,)), ((599,), (598,))} <= found


def test_a_passage_that_the_original_lacks_does_not_lose_the_thread() -> None:
    vectors, lengths = a_long_text(900)
    found = align_vectors(np.delete(vectors, slice(300, 600), axis=0), vectors, lengths[:300] + lengths[600:], lengths)
    links = {((n,), (n,)) for n in range(290)} | {((n,), (n + 300,)) for n in range(310, 600)}
    assert links <= {(b.original, b.version) for b in found}


def test_long_texts_of_very_different_lengths_are_defined() -> None:
    some, lengths = a_long_text(1)[0], [50]
    more, long = a_long_text(400)
    for beads in (align_vectors(some, more, lengths, long), align_vectors(more, some, long, lengths)):
        assert sum(len(b.original) + len(b.version) for b in beads) == 401
    assert [b.version for b in align_vectors(some[:0], some, [], lengths)] == [(0,)]


def test_sums_forward_and_backward_agree() -> None:
    vectors, lengths = a_long_text(60)
    band = read(vectors, vectors[::2].copy(), lengths, lengths[::2])
    table = scores(band, weights())
    n, m = band.shape
    turned, low = mirror(table, band.low, m)
    forward, backward = totals(table, band.low, m), totals(turned, low, m)
    assert forward[n, m - band.low[n]] == pytest.approx(backward[n, m - low[n]], rel=1e-6)
    beads = best_beads(band, table)
    assert all((len(b.original), len(b.version)) in TYPES and 0 <= b.probability <= 1 for b in beads)


def test_a_long_text_in_groups_keeps_its_links(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("retold.align.lattice.CELLS", 10_000)
    vectors, lengths = a_long_text(700)
    found = align_vectors(vectors, vectors[50:].copy(), lengths, lengths[50:])
    assert {((n,), (n - 50,)) for n in range(60, 700)} <= {(b.original, b.version) for b in found}


def test_segments_of_a_long_text_are_explained_from_those_around() -> None:
    texts = [f"Op pagina {n} staat {word} in hoofdstuk {n % 7}." for n in range(230) for word in ("brood", "water")]
    long = side(texts, "nl")
    assert explain(long, long, ENGINE, 400, 400).probability > 0.5


def test_an_explanation_adds_up_to_words_and_numbers() -> None:
    why = explain(side(ORIGINAL), side(DUTCH, "nl"), ENGINE, 1, 2)
    link = next(x for x in align(side(ORIGINAL), side(DUTCH, "nl"), ENGINE).links if x.original == 1)
    assert why.probability == link.probability
    assert {"margin", "words"} <= {r.kind for r in why.reasons}
    assert np.all(np.diff([abs(r.weight) for r in why.reasons]) <= 0)
    assert f"original 1 and version 2: probability {why.probability:.3f}" in str(why)


def test_an_explanation_of_a_segment_that_takes_no_part_is_refused() -> None:
    version = Side(tuple(DUTCH), "nl", ("boilerplate", "boilerplate", "boilerplate", "boilerplate", "sentence"))
    with pytest.raises(RetoldError, match=r"version segment 2 takes no part in aligning; \[4\] do"):
        explain(side(ORIGINAL), version, ENGINE, 1, 2)


def test_translations_must_be_as_many_as_segments() -> None:
    with pytest.raises(RetoldError, match="holds 1 translations; it must hold one for each of the version's 5"):
        align(side(ORIGINAL), side(DUTCH, "nl"), ENGINE, english=["one"])


def a_translation(n: int, seed: int = 0) -> tuple[Vectors, list[int], Vectors, list[int]]:
    """Vectors and lengths of n segments and of a version in the same order that splits every tenth in two."""
    vectors, lengths = a_long_text(n)
    source = [k for k in range(n) for _ in range(1 + (k % 10 == 5))]
    noise = np.random.default_rng(seed).normal(size=(len(source), vectors.shape[1]))
    version = vectors[source] + 0.05 * noise
    version = (version / np.linalg.norm(version, axis=1, keepdims=True)).astype(np.float32)
    return vectors, lengths, version, [lengths[k] // (1 + (k % 10 == 5)) for k in source]


def test_a_translation_is_told_from_a_retelling() -> None:
    vectors, lengths, version, sizes = a_translation(80)
    assert is_translation(vectors, version, lengths, sizes)
    assert not is_translation(vectors[:30], version[:33], lengths[:30], sizes[:33]), "too short to tell"
    assert not is_translation(vectors, version[::-1].copy(), lengths, sizes[::-1]), "out of order"
    kept = np.flatnonzero(np.random.default_rng(1).random(len(version)) < 0.6)
    assert not is_translation(vectors, version[kept], lengths, [sizes[k] for k in kept]), "much left out"
    same = np.repeat(vectors[:1], 50, axis=0)
    assert not is_translation(same, same, [50] * 50, [50] * 50), "nothing to hold on to"


def test_sentences_within_a_segment_are_told_apart() -> None:
    joined = (
        "De storm trekt naar het noorden. Hij verliest daarbij snel aan kracht; Mr. Jansen van het instituut zag het."
    )
    assert pieces(joined) == [
        "De storm trekt naar het noorden.",
        "Hij verliest daarbij snel aan kracht;",
        "Mr. Jansen van het instituut zag het.",
    ]
    assert pieces("De storm trekt naar het noorden. Echt.") == [], "too short to be told apart"
    assert pieces("") == []


def test_both_sentences_of_a_segment_that_joins_them_are_linked() -> None:
    joined = [DUTCH[2] + " " + DUTCH[3], DUTCH[4]]
    assert {(1, 0), (3, 0)} <= pairs(align(side(ORIGINAL), side(joined, "nl"), ENGINE))
