"""What comparing finds, on small beads and on the bundled story; and its laws."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retold import findings
from retold.encode import encoder
from retold.facts import extract
from retold.records import Alignment, Bead, Finding, Link, RetoldError, Side, Translation

DATE = datetime.date(2025, 12, 10)
STORY = [
    "ByteDance and Alibaba have asked Nvidia about its H200 chip, four people briefed on the matter told Reuters.",
    "The H200 is almost six times as powerful as the H20.",
    "On Wednesday, Chinese regulators gathered more than 100 firms in Beijing.",
    "“I expect the leading companies to buy a lot,” said Zhang Yuchun.",
    "In theory, the A100 may not be sold to China.",
    "Tencent paid $2 billion, Reuters has reported.",
]


def found(original: str, version: str, language: str = "en") -> list[tuple[str, str, str, str]]:
    """The findings of one bead, as (type, facet, before, after)."""
    bead = Alignment((Bead((0,), (0,)),), (Link(0, 0, 1.0),))
    some, _ = findings.compare(
        Side.of_sentences([original], "en", DATE), Side.of_sentences([version], language, DATE), bead
    )
    return [(f.type, f.facet, f.before, f.after) for f in some]


def aligned(original: list[int], version: list[int]) -> Alignment:
    """Two selections of STORY, every sentence linked with itself."""
    beads = [Bead((i,), (version.index(n),)) for i, n in enumerate(original) if n in version]
    beads += [Bead((i,), ()) for i, n in enumerate(original) if n not in version]
    beads += [Bead((), (i,)) for i, n in enumerate(version) if n not in original]
    return Alignment(
        tuple(beads), tuple(Link(b.original[0], b.version[0], 1.0) for b in beads if b.original and b.version)
    )


CHANGED = [
    # original, version, language, what must be among the findings
    ("The fine was $2 billion.", "Dendanya $7 miliar.", "id", ("changed", "number", "$2 billion", "$7 miliar")),
    ("It killed 40 people.", "Er vielen 42 doden.", "nl", ("changed", "number", "40", "42")),
    ("Security footage showed Yuan entering the market.", "Beelden lieten zien dat Ejaria de markt betrad.", "nl",
     ("changed", "name", "Yuan", "Ejaria")),
    ("In theory, older chips fall under controls.", "Oudere chips vallen onder controles.", "nl",
     ("dropped", "hedge", "In theory", "")),
    ("Firms will buy, two of the people said.", "Bedrijven gaan kopen.", "nl",
     ("dropped", "source", "two of the people said", "")),
    ("Talks broke down, a court filing showed.", "De gesprekken liepen stuk.", "nl",
     ("dropped", "source", "a court filing showed", "")),
    ("Firms anticipate a review, the people said.", "Bedrijven verwachten een toets.", "nl",
     ("dropped", "source", "the people said", "")),
    ("Prices rose, traders said.", "Konon harga naik.", "id", ("changed", "source", "traders said", "Konon")),
    ("Two traders said prices rose.", "Drie handelaren zeggen dat prijzen stegen.", "nl",
     ("changed", "source", "Two traders said", "Drie handelaren zeggen")),
    ("Two people briefed on it said so.", "Aldus het ministerie.", "nl",
     ("changed", "source", "Two people briefed on it said", "Aldus het ministerie")),
    ("The letter, dated May and seen by Reuters, is long.", "De brief is lang.", "nl",
     ("dropped", "source", "seen by Reuters", "")),
    ("“The estimate is old, and I would bet a good dinner that it falls,” he said.", "“De schatting is oud”, zei hij.",
     "nl", ("changed", "quote", "“The estimate is old, and I would bet a good dinner that it falls,”",
            "“De schatting is oud”")),
    ("The chip is sold.", "De chip wordt niet verkocht.", "nl", ("added", "negation", "", "niet")),
    ("It was sold on Wednesday.", "Het werd verkocht op donderdag.", "nl",
     ("changed", "time", "Wednesday", "donderdag")),
    ("Shares fell 5 percent.", "De aandelen stegen 5 procent.", "nl", ("changed", "claim", "fell", "stegen")),
    ("Trump rolled back the rule.", "Trump memperketat aturan itu.", "id",
     ("changed", "claim", "rolled back", "memperketat")),
    ("Nvidia’s Taiwan-manufactured H200 is the best.", "De H200 van Nvidia is de beste.", "nl",
     ("dropped", "name", "Taiwan", "")),
    ("They met in the 1980s.", "They met in the 1960s.", "en", ("changed", "number", "1980s", "1960s")),
    ("It runs 80 km (50 miles) inland.", "It runs 80 km (45 miles) inland.", "en", ("changed", "number", "50", "45")),
    ("The A4 motorway is closed.", "The A3 motorway is closed.", "en", ("changed", "number", "A4", "A3")),
    ("The RTX5090 is sold out.", "De RTX4090 is uitverkocht.", "nl", ("changed", "number", "RTX5090", "RTX4090")),
    ("The BIS (NSA) said so.", "The BIS () said so.", "en", ("dropped", "name", "NSA", "")),
    ("Apple’s new phone sells.", "’s new phone sells.", "en", ("dropped", "name", "Apple", "")),
    ("Chambers had sued the firm.", "Had sued the firm.", "en", ("dropped", "name", "Chambers", "")),
    ("The offer was for Mexico and the Mexicans.", "The offer was for and the Mexicans.", "en",
     ("dropped", "name", "Mexico", "")),
    ("Analysts at ING said the port will grow.", "De haven groeit, zeggen analisten van ABN AMRO.", "nl",
     ("changed", "source", "Analysts at ING said", "zeggen analisten van ABN AMRO")),
    ("Analysts at Rabobank said the port will grow.", "Pelabuhan akan tumbuh, kata analis Goldman Sachs.", "id",
     ("changed", "source", "Analysts at Rabobank said", "kata analis Goldman Sachs")),
    ("The union FNV Havens said the strike goes on.", "De staking gaat door, zegt het havenbedrijf.", "nl",
     ("changed", "source", "FNV Havens said", "zegt het havenbedrijf")),
    ("“The strike goes on,” crane driver Niek Visser told Reuters.",
     "“De staking gaat door”, vertelt kraanmachinist Piet Bakker aan Reuters.", "nl",
     ("changed", "source", "Niek Visser told", "vertelt kraanmachinist Piet Bakker")),
    ("The crane was driven by Niek Visser.", "De kraan werd bestuurd door Piet Bakker.", "nl",
     ("changed", "name", "Niek Visser", "Piet Bakker")),
    ("Two popular models in China.", "Dua model yang paling umum di China.", "id",
     ("added", "intensity", "", "paling")),
    ("The bridge by Rabobank opened.", "De brug van Goldman Sachs ging open.", "nl",
     ("changed", "name", "Rabobank", "Goldman Sachs")),
    ("The chip beats its domestic rivals.", "De chip verslaat de H100.", "nl", ("added", "name", "", "H100")),
    ("The chip beats the H100.", "De chip verslaat zijn rivalen.", "nl", ("dropped", "name", "H100", "")),
    ("A nurse in Ambositra was infected.", "Een verpleegster raakte besmet.", "nl",
     ("dropped", "name", "Ambositra", "")),
    ("They met at Bank Lehmann.", "Mereka bertemu di sebuah bank.", "id", ("dropped", "name", "Bank Lehmann", "")),
    ("Its customer, a German truckmaker, left.", "Pelanggannya pergi.", "id", ("dropped", "name", "German", "")),
    ("The letter was signed by the Banking Policy Forum.", "De brief was van hun lobbyclub.", "nl",
     ("dropped", "name", "Banking Policy Forum", "")),
    ("Transfers to Belgium will halt.", "Pemulangan ke Belgia dan Italia terhenti.", "id",
     ("added", "name", "", "Italia")),
    ("Smelters in Indonesia cost less.", "Smelter di Sulawesi lebih murah.", "id",
     ("changed", "name", "Indonesia", "Sulawesi")),
    ("Shares fell to 38 rupees.", "Op de beurs in Mumbai daalde het aandeel naar 38 roepie.", "nl",
     ("added", "name", "", "Mumbai")),
    ("The chip is the most powerful one.", "De chip is krachtig.", "nl", ("dropped", "intensity", "most", "")),
    ("Tests found a fault.", "Researchers discovered no fault.", "en", ("added", "negation", "", "no")),
    ("The port may reopen on Friday.", "Pelabuhan akan dibuka lagi pada Jumat.", "id",
     ("changed", "hedge", "may", "akan")),
    ("Supplies could run out in May.", "De voorraden zullen in mei opraken.", "nl",
     ("changed", "hedge", "could", "zullen")),
    ("About 1,000 jobs will go.", "Seribu pekerjaan akan hilang.", "id",
     ("changed", "hedge", "About 1,000", "Seribu")),
    ("He faces a fine of up to 90 euros.", "Hij krijgt een boete van 90 euro.", "nl",
     ("changed", "hedge", "up to 90 euros", "90 euro")),
    ("The group is considering a second factory.", "Grup itu membangun pabrik kedua.", "id",
     ("dropped", "hedge", "is considering", "")),
    ("Some shops stayed closed.", "De winkels bleven dicht.", "nl", ("dropped", "hedge", "Some", "")),
    ("The firm owes taxes, which it denies.", "Perusahaan itu menunggak pajak.", "id",
     ("dropped", "negation", "denies", "")),
    ("The lira slipped against the dollar.", "Lira ambruk terhadap dolar.", "id",
     ("changed", "intensity", "slipped", "ambruk")),
    ("The share rose on Monday.", "Het aandeel schoot maandag omhoog.", "nl",
     ("changed", "intensity", "rose", "schoot maandag omhoog")),
    ("The team suspended him.", "Timnya memecatnya.", "id", ("changed", "intensity", "suspended", "memecatnya")),
    ("Unions oppose the plan.", "De bonden zijn ziedend over het plan.", "nl",
     ("changed", "intensity", "oppose", "ziedend")),
    ("Fees are among the highest in the world.", "Biayanya tertinggi di dunia.", "id",
     ("changed", "intensity", "among the", "tertinggi")),
]  # fmt: skip

SAME = [
    ("The batches were made in May.", "Vaksin itu dibuat pada Mei.", "id"),
    ("The party reportedly wants a day off.", "Partai itu dilaporkan ingin satu hari libur.", "id"),
    ("If you talk to him, he listens.", "Als je met hem praat, luistert hij.", "nl"),
    ("About 1,000 jobs go.", "Er verdwijnen zo’n 1000 banen.", "nl"),
    ("Some 1,000 people or more came.", "Datang 1.000 orang lebih.", "id"),
    ("Most shops were closed.", "Sebagian besar toko tutup.", "id"),
    ("The share jumped.", "Sahamnya melonjak.", "id"),
    ("It is one of the largest ports.", "Het is een van de grootste havens.", "nl"),
    ("The firm denies it.", "Het bedrijf ontkent dat.", "nl"),
    ("It cost $2 billion in 2019.", "Biayanya 2 miliar dolar pada tahun 2019.", "id"),
    ("More than 3,000 people came.", "Meer dan 3.000 mensen kwamen.", "nl"),
    ("Prices rose, traders said.", "De prijzen stegen, zeggen handelaren.", "nl"),
    ("Prices rose, a court filing showed.", "Harga naik, begitu menurut berkas pengadilan.", "id"),
    ("Prices rose, she said.", "De prijzen stegen.", "nl"),
    ("The court said it was fair.", "Dat is redelijk, vindt de rechter.", "nl"),
    ("China’s government said so in Beijing.", "De Chinese regering zei dat in Peking.", "nl"),
    ("The European Union and the U.S. agree.", "Uni Eropa dan Amerika Serikat setuju.", "id"),
    ("The Netherlands won.", "Nederland won.", "nl"),
    ("It lies 60 miles away.", "Het ligt 97 kilometer verderop.", "nl"),
    ("Trump’s plan failed at 8 p.m.", "Rencana Trump gagal pada pukul 20.00.", "id"),
    ("Sales fell while costs rose.", "Biaya meningkat saat penjualan menurun.", "id"),
    ("Shares fell on Friday.", "Vrijdag ging de koers omlaag.", "nl"),
    ("Two people came.", "Dua orang datang.", "id"),
    ("Macedonian leaders met.", "Para pemimpin Makedonia bertemu.", "id"),
    ("A day in the 80s, they say.", "Een dag rond de 30°C, zeggen ze.", "nl"),
    ("It lies half an inch away.", "Het ligt 1,5 cm verderop.", "nl"),
    ("It launched its Boutique range.", "Ini meluncurkan rangkaian butiknya.", "id"),
    ("The Spanish government will say so.", "Madrid zal dat zeggen.", "nl"),
    ("Pyongyang has denied it before.", "Noord-Korea heeft dat eerder tegengesproken.", "nl"),
    ("Hungarian and Finnish officials met.", "Hongaarse en Finse ambtenaren kwamen bijeen.", "nl"),
    ("Flights went to Munich.", "Penerbangan menuju Muenchen.", "id"),
    ("They asked the Federation for help.", "Mereka meminta bantuan serikat itu.", "id"),
    ("He paid about 500 shillings for it.", "Ia membayar sekitar 500 shilling untuk itu.", "id"),
    ("Over 2 1/2 million came.", "More than two and a half million came.", "en"),
    ("During Covid-19 he stayed.", "He stayed during covid-19.", "en"),
    ("Firefighting crews left.", "The fire crews left.", "en"),
    ("The National Highway was closed.", "The national road was closed.", "en"),
    ("It starts on July 17 and 22, officials say.", "It starts on July 17 and July 22, officials say.", "en"),
    ("It ends on the 28th (Tue).", "It ends on Tuesday, the 28th.", "en"),
    ("On November first he left.", "On November 1st he left.", "en"),
    ("They had no corn, nor potatoes.", "They had no corn or potatoes.", "en"),
    ("The region could see possible storms.", "Storms are possible in the region.", "en"),
    (
        "The deal will close soon, two people familiar with the matter said.",
        "De deal wordt snel gesloten, zeiden twee ingewijden.",
        "nl",
    ),
    ("Analysts at ING said the port will grow.", "De haven groeit, zeggen analisten van ING.", "nl"),
    (
        "They ordered Nvidia’s second most powerful artificial intelligence chip.",
        "Ze plaatsten een order bij Nvidia.",
        "nl",
    ),
    (
        "They ordered Nvidia’s second most powerful artificial intelligence chip.",
        "Kedua perusahaan memesan pada Nvidia.",
        "id",
    ),
    ("Associate Professor Vacker teaches.", "Adjunct Professor Vacker teaches.", "en"),
    (
        "Its power to train models is unmatched by local chips, which suit inference.",
        "Lokale chips zijn geschikt voor inference, maar niet om modellen te trainen.",
        "nl",
    ),
]


@pytest.mark.parametrize(("original", "version", "language", "expected"), CHANGED)
def test_finds_a_change(original: str, version: str, language: str, expected: tuple[str, str, str, str]) -> None:
    assert expected in found(original, version, language)


@pytest.mark.parametrize(("original", "version", "language"), SAME)
def test_a_faithful_rendering_gives_nothing(original: str, version: str, language: str) -> None:
    assert found(original, version, language) == []


@given(st.lists(st.integers(0, 5), unique=True, min_size=1))
@settings(max_examples=30, deadline=None)
def test_a_text_against_itself_gives_nothing(order: list[int]) -> None:
    side = Side.of_sentences([STORY[n] for n in order], "en", DATE)
    some, status = findings.compare(side, side, aligned(order, order))
    assert some == ()
    assert set(status.original) == {"kept"} and set(status.version) == {"carried"}


@given(st.lists(st.integers(0, 5), unique=True, min_size=1), st.lists(st.integers(0, 5), unique=True, min_size=1))
@settings(max_examples=60, deadline=None)
def test_swapping_the_sides_swaps_added_and_dropped(left: list[int], right: list[int]) -> None:
    one, other = (Side.of_sentences([STORY[n] for n in some], "en", DATE) for some in (left, right))
    forth, _ = findings.compare(one, other, aligned(left, right))
    back, _ = findings.compare(other, one, aligned(right, left))
    swap = {"added": "dropped", "dropped": "added"}

    def seen(f: Finding) -> tuple[object, ...]:
        return f.type, f.facet, f.original, f.version, f.before, f.after

    def mirrored(f: Finding) -> tuple[object, ...]:
        return swap.get(f.type, f.type), f.facet, f.version, f.original, f.after, f.before

    assert sorted(map(repr, map(seen, forth))) == sorted(map(repr, map(mirrored, back)))


def test_findings_have_spans_that_slice_back_and_ranks_from_one() -> None:
    order, other = [0, 1, 2, 3, 4, 5], [5, 1, 4]
    some, status = findings.compare(
        Side.of_sentences([STORY[n] for n in order], "en"),
        Side.of_sentences([STORY[n] for n in other], "en"),
        aligned(order, other),
    )
    assert [f.rank for f in some] == list(range(1, len(some) + 1))
    for f in some:
        assert 0 <= f.confidence <= 1
        if f.original_span and f.original is not None:
            assert STORY[order[f.original]][slice(*f.original_span)] == f.before
        if f.version_span and f.version is not None:
            assert STORY[other[f.version]][slice(*f.version_span)] == f.after
    assert status.original == ("dropped", "kept", "dropped", "dropped", "kept", "kept")
    assert {(f.facet, f.original) for f in some if f.facet in ("claim", "quote")} == {
        ("claim", 0),
        ("claim", 2),
        ("quote", 3),
    }


SPOKEN = [
    ("Analysts at ING said the port will grow.", "De haven groeit, zeggen analisten van Rabobank."),
    ("Analysts at Rabobank said the port will grow.", "De haven groeit, zeggen analisten van Goldman Sachs."),
    ("The union FNV Havens said the strike goes on.", "De staking gaat door, zegt havenbedrijf."),
    ("Niek Visser told reporters the strike goes on.", "De staking gaat door, zei Piet Bakker."),
]


@pytest.mark.parametrize(("original", "version"), SPOKEN)
def test_another_speaker_is_one_finding(original: str, version: str) -> None:
    assert [(t, facet) for t, facet, _, _ in found(original, version, "nl")] == [("changed", "source")]


def test_a_model_told_in_another_bead_is_not_added() -> None:
    original = Side.of_sentences(["The chip beats its rivals.", "The H100 is older."], "en")
    version = Side.of_sentences(["De chip verslaat de H100.", "De oude is een ander."], "nl")
    kept = Side.of_sentences(["De chip verslaat de H100.", "De H100 is ouder."], "nl")
    links = Alignment((Bead((0,), (0,)), Bead((1,), (1,))), (Link(0, 0, 1.0), Link(1, 1, 1.0)))
    names = [[f for f in findings.compare(original, v, links)[0] if f.facet == "name"] for v in (version, kept)]
    assert names[0] == []
    assert [(f.type, f.after, f.version) for f in names[1]] == [("added", "H100", 0)]


def test_a_denial_in_one_of_several_sentences_for_one_ranks_below_a_lost_source() -> None:
    original = ["Domestic chips are more suitable for inference.", "Sales rose, sources said."]
    version = [
        "De H200 is beter voor training.",
        "Chinese chips zijn geschikter voor inference, maar niet voor training.",
        "De verkoop steeg.",
    ]
    beads = (Bead((0,), (0, 1)), Bead((1,), (2,)))
    links = (Link(0, 0, 1.0), Link(0, 1, 1.0), Link(1, 2, 1.0))
    some, _ = findings.compare(
        Side.of_sentences(original, "en"), Side.of_sentences(version, "nl"), Alignment(beads, links)
    )
    ranks = {(f.type, f.facet): f.rank for f in some}
    assert ranks["dropped", "source"] < ranks["added", "negation"]


def test_a_name_missing_from_an_enumeration_is_dropped_though_it_stands_farther_away() -> None:
    original = Side.of_sentences(["Plants stand in Poland, Hungary and Belgium.", "One.", "Two.", "Belgium won."], "en")
    told = ["Pabrik ada di Polandia dan Hungaria.", "Satu.", "Dua.", "Belgia menang."]
    beads = Alignment(tuple(Bead((n,), (n,)) for n in range(4)), tuple(Link(n, n, 1.0) for n in range(4)))
    some, _ = findings.compare(original, Side.of_sentences(told, "id"), beads)
    assert [(f.type, f.facet, f.before, f.original) for f in some] == [("dropped", "name", "Belgium", 0)]
    near = [told[0], told[3], *told[1:3]]
    moved = Alignment(
        tuple(Bead((n,), (m,)) for n, m in ((0, 0), (1, 2), (2, 3), (3, 1))),
        tuple(Link(n, m, 1.0) for n, m in ((0, 0), (1, 2), (2, 3), (3, 1))),
    )
    some, _ = findings.compare(original, Side.of_sentences(near, "id"), moved)
    assert not [f for f in some if f.facet == "name"]


def test_a_speaker_who_loses_a_first_and_a_last_name_has_lost_a_name() -> None:
    said = found(
        "The talks failed, said Hisham Bakry.", "De onderhandelingen zijn mislukt, zegt een onderhandelaar.", "nl"
    )
    assert ("dropped", "name", "Hisham Bakry", "") in said


def test_a_moved_figure_is_not_dropped() -> None:
    original = Side.of_sentences(["It sold 250 chips in China.", "The firm is happy."], "en")
    version = Side.of_sentences(["Bedrijf verkocht chips in China.", "Blij is het met de 250."], "nl")
    links = Alignment((Bead((0,), (0,)), Bead((1,), (1,))), (Link(0, 0, 1.0), Link(1, 1, 1.0)))
    some, _ = findings.compare(original, version, links)
    assert not [f for f in some if f.facet == "number" and f.type in ("dropped", "added")]


def test_findings_do_not_depend_on_the_translator() -> None:
    original, version = (
        Side.of_sentences(["It killed 40 people."], "en"),
        Side.of_sentences(["Er vielen 42 doden."], "nl"),
    )
    bead = Alignment((Bead((0,), (0,)),), (Link(0, 0, 1.0),))
    plain, _ = findings.compare(original, version, bead)
    right, _ = findings.compare(original, version, bead, translations=[Translation(0, "42 died.", "t", "s")])
    wrong, _ = findings.compare(original, version, bead, translations=[Translation(0, "40 died.", "t", "s")])
    assert plain == right
    assert [f.suspect_translation for f in wrong] == [True]
    assert [(f.type, f.before, f.after) for f in wrong] == [(f.type, f.before, f.after) for f in plain]


@pytest.mark.parametrize(
    ("original", "version", "english", "suspect"),
    [
        ("The chip is sold.", "De chip wordt niet verkocht.", "The chip is sold.", True),
        ("The chip is sold.", "De chip wordt niet verkocht.", "The chip is not sold.", False),
        ("The chip is not sold.", "De chip wordt verkocht.", "The chip is not sold.", True),
        ("Shares fell sharply.", "De aandelen stegen flink.", "Shares fell sharply.", True),
        ("Shares fell sharply.", "De aandelen stegen flink.", "Shares rose sharply.", False),
    ],
)
def test_a_negation_or_direction_that_the_english_undoes_is_suspect(
    original: str, version: str, english: str, suspect: bool
) -> None:
    sides = Side.of_sentences([original], "en"), Side.of_sentences([version], "nl")
    bead = Alignment((Bead((0,), (0,)),), (Link(0, 0, 1.0),))
    some, _ = findings.compare(*sides, bead, translations=[Translation(0, english, "t", "s")])
    assert [f.suspect_translation for f in some if f.facet in ("negation", "claim")] == [suspect]


def test_what_was_turned_round_comes_first() -> None:
    original = ["Tencent paid $2 billion.", "Sales rose, sources said.", "The chip is sold."]
    version = ["Tencent paid $3 billion.", "Sales fell.", "The chip is not sold."]
    alignment = Alignment(tuple(Bead((n,), (n,)) for n in range(3)), tuple(Link(n, n, 1.0) for n in range(3)))
    some, _ = findings.compare(Side.of_sentences(original, "en"), Side.of_sentences(version, "en"), alignment)
    assert [(f.type, f.facet) for f in some] == [
        ("changed", "claim"), ("added", "negation"), ("dropped", "source"), ("changed", "number")
    ]  # fmt: skip


def test_a_bead_out_of_order_is_a_moved_statement_that_is_kept() -> None:
    original, version = (Side.of_sentences(some, "en") for some in (STORY[:3], [STORY[2], STORY[0], STORY[1]]))
    beads = (Bead((0,), (1,)), Bead((1,), (2,)), Bead((2,), (0,), 0.9, True))
    alignment = Alignment(beads, tuple(Link(b.original[0], b.version[0], b.probability) for b in beads))
    some, status = findings.compare(original, version, alignment)
    assert [(f.type, f.facet, f.original, f.version, f.confidence) for f in some] == [("moved", "claim", 2, 0, 0.9)]
    assert set(status.original) == {"kept"} and set(status.version) == {"carried"}


def test_a_hedge_told_in_a_sentence_of_its_own_is_not_lost() -> None:
    original = Side.of_sentences(["Authorities may review purchases."], "en")
    version = Side.of_sentences(["Pihak berwenang akan meminta rincian.", "Otoritas meninjau pembelian."], "id")
    some, _ = findings.compare(original, version, Alignment((Bead((0,), (1,)), Bead((), (0,))), (Link(0, 1, 1.0),)))
    assert not [f for f in some if f.facet == "hedge"]


def test_two_sentences_that_deny_the_same_deny_no_more_than_one() -> None:
    original = Side.of_sentences(["The plan is not clear."], "en")
    version = Side.of_sentences(["Rencana itu belum jelas.", "Jadwalnya tidak jelas."], "id")
    some, _ = findings.compare(original, version, Alignment((Bead((0,), (0, 1)),), (Link(0, 0, 1.0), Link(0, 1, 1.0))))
    assert not [f for f in some if f.facet == "negation"]


def test_a_segment_that_tells_who_told_is_no_claim_added() -> None:
    original = Side.of_sentences(["Firms asked about chips, four people briefed on the matter told Reuters."], "en")
    version = Side.of_sentences(["Bedrijven vroegen naar chips.", "Dat melden bronnen aan Reuters over de zaak."], "nl")
    alignment = Alignment((Bead((0,), (0,)), Bead((), (1,))), (Link(0, 0, 1.0),))
    some, status = findings.compare(original, version, alignment)
    assert [(f.type, f.facet, f.version) for f in some] == [("changed", "source", 1)]
    assert status.version[1] == "altered"


WHOLE = "The minister signed the contract with the chip maker in Rotterdam on behalf of the city council."
SHORT = "The minister signed the contract with the chip maker in Rotterdam."


def one_bead(original: str, version: str) -> list[tuple[str, str, str, str, float]]:
    sides = Side.of_sentences([original], "en"), Side.of_sentences([version], "en")
    some, _ = findings.compare(*sides, Alignment((Bead((0,), (0,)),), (Link(0, 0, 1.0),)), encoder=encoder("bundled"))
    return [(f.type, f.facet, f.before, f.after, round(f.confidence, 9)) for f in some]


def test_words_left_out_of_a_sentence_in_the_same_language_are_told_and_so_is_the_reverse() -> None:
    left_out = one_bead(WHOLE, SHORT)
    assert [(t, facet, after) for t, facet, _, after, _ in left_out] == [("dropped", "claim", "")]
    assert "behalf of the city council" in left_out[0][2]
    swap = {"added": "dropped", "dropped": "added"}
    assert [
        (swap[t], facet, after, before, sure) for t, facet, before, after, sure in one_bead(SHORT, WHOLE)
    ] == left_out


@pytest.mark.parametrize("version", [WHOLE, WHOLE.replace("signed", "inked").replace("chip maker", "chipmaker")])
def test_a_sentence_told_again_with_its_words_or_their_like_has_nothing_left_out(version: str) -> None:
    assert one_bead(WHOLE, version) == []


def test_a_document_that_retells_nothing_drops_nothing_and_is_read_link_by_link() -> None:
    original = Side.of_sentences(["Acme will buy chips, two people said.", "It paid $5 million.", "Shares fell."], "en")
    other = Side.of_sentences(["Acme will buy chips.", "Sources told of it.", "Globex waits."], "en")
    beads = (Bead((0,), (0,)), Bead((1,), ()), Bead((2,), ()), Bead((), (1,)), Bead((), (2,)))
    alignment = Alignment(beads, (Link(0, 0, 1.0),))
    version, _ = findings.compare(original, other, alignment)
    related, status = findings.compare(original, other, alignment, retold=False)
    assert {f.original for f in version if f.version is None} >= {1, 2}
    assert {f.original for f in related} == {0, None}
    assert {f.version for f in related if f.original == 0} == {0}
    assert {f.version for f in related if f.original is None} == {1, 2}
    assert [f.rank for f in related] == list(range(1, len(related) + 1))
    assert status.original[1:] == ("dropped", "dropped") and status.version[1:] == ("added", "added")


def test_headings_and_boilerplate_take_no_part() -> None:
    original = Side(("BIG NEWS 55", "It killed 40 people."), "en", ("heading", "sentence"))
    version = Side(("It killed 40 people.", "Subscribe, 99 cents"), "en", ("sentence", "boilerplate"))
    some, status = findings.compare(original, version, Alignment((Bead((1,), (0,)),), (Link(1, 0, 1.0),)))
    assert some == ()
    assert status.original == ("heading", "kept") and status.version == ("carried", "boilerplate")


def test_a_bead_beyond_the_text_is_refused() -> None:
    side = Side.of_sentences(["One."], "en")
    with pytest.raises(RetoldError, match="bead names version segment 3; there are 1"):
        findings.compare(side, side, Alignment((Bead((0,), (3,)),), ()))


def test_a_source_told_right_before_covers_what_follows() -> None:
    original = ["The plan is old, a court filing showed.", "It costs more, the filing said."]
    beads = [Bead((0,), (0,)), Bead((1,), (1,))]
    links = Alignment(tuple(beads), (Link(0, 0, 1.0), Link(1, 1, 1.0)))
    told = ["The plan is old, according to a court filing.", "It costs more."]
    silent = ["The plan is old.", "It costs more."]

    def sources(version: list[str]) -> list[str]:
        some, _ = findings.compare(Side.of_sentences(original, "en"), Side.of_sentences(version, "en"), links)
        return [f.before for f in some if f.facet == "source"]

    assert sources(told) == [] and len(sources(silent)) == 2


def test_a_speaker_told_in_words_that_describe_nobody_is_no_source_and_stops_no_comparison() -> None:
    sides = (
        Side.of_sentences(["The plant could open in 2028, one of them said."], "en"),
        Side.of_sentences(["Pabrik itu bisa jadi dibuka pada 2028, kata salah seorang dari mereka."], "id"),
    )
    beads = Alignment((Bead((0,), (0,)),), (Link(0, 0, 1.0),))
    assert [f for f in findings.compare(*sides, beads)[0] if f.facet == "source" and f.type == "added"] == []
    assert all(f.value.split(":")[1].strip() for f in extract(sides[1].texts[0], "id") if f.type == "source")


def test_who_told_a_passage_in_a_sentence_after_it_is_its_source() -> None:
    """And in a document that is no version a sentence tells nothing of another."""
    original = Side.of_sentences(["Acme will buy chips, two people said."], "en")
    version = Side.of_sentences(["Acme gaat chips kopen.", "Dat melden bronnen aan Reuters."], "nl")
    alignment = Alignment((Bead((0,), (0,)), Bead((), (1,))), (Link(0, 0, 1.0),))
    some, status = findings.compare(original, version, alignment)
    assert [(f.type, f.before, f.after) for f in some if f.facet == "source"] == [
        ("changed", "two people said", "melden bronnen aan Reuters")
    ]
    assert status.version[1] == "altered"
    related, _ = findings.compare(original, version, alignment, retold=False)
    assert all(f.version == 0 for f in related if f.facet == "source" and f.original == 0)


def test_people_who_told_a_medium_give_way_to_the_medium() -> None:
    expected = ("changed", "source", "four people briefed on the matter told Reuters", "menurut Reuters")
    assert expected in found(
        "Acme asked about chips, four people briefed on the matter told Reuters.",
        "Acme bertanya soal chip, menurut Reuters.",
        "id",
    )


def one_sided(version: list[str], kinds: tuple[str, ...], links: list[tuple[int, int]], last: float = 0.95) -> float:
    """How sure it is that the last segment of the version is added."""
    original = Side(
        ("PURCHASES EXPECTED TO BE LOW-KEY", "Supply of the chip is limited, two people said.", "The ministry waits."),
        "en", ("heading", "sentence", "sentence"),
    )  # fmt: skip
    linked = {v for _, v in links}
    beads = [Bead((o,), (v,)) for o, v in links] + [
        Bead((), (v,), last) for v in range(len(version)) if v not in linked
    ]
    beads += [Bead((o,), ()) for o in (1, 2) if o not in {o for o, _ in links}]
    alignment = Alignment(tuple(beads), tuple(Link(o, v, 1.0) for o, v in links))
    other = Side(tuple(version), "nl", kinds)  # type: ignore[arg-type]
    return next(
        f.confidence
        for f in findings.compare(original, other, alignment)[0]
        if (f.facet, f.type, f.version) == ("claim", "added", len(version) - 1)
    )


@pytest.mark.parametrize(
    ("last", "sure"),
    [
        ("Vissers demonstreren vandaag op het plein.", 0.95),
        ("Bedrijven verwachten dat de markt rustig blijft.", 0.95),  # two words of the heading are few
        ("Verwacht wordt dat zulke low-key aankopen doorgaan.", 0.4),  # the heading says so
        ("De chip is beperkt.", 0.7),  # and what stands beside is linked with a sentence that does
    ],
)
def test_an_addition_is_doubtful_where_a_heading_or_what_stands_beside_says_it(last: str, sure: float) -> None:
    version = ["Het ministerie wacht.", "De toevoer van de chip is klein, zeggen twee mensen.", last]
    assert one_sided(version, ("sentence",) * 3, [(2, 0), (1, 1)]) == sure


@pytest.mark.parametrize(
    ("second", "types"), [("Een analyse van aanbestedingen laat dat zien.", []), ("Dat kost geld.", ["changed"])]
)
def test_a_review_told_in_a_sentence_of_its_own_is_not_lost(second: str, types: list[str]) -> None:
    original = Side.of_sentences(["Schools sought chips in secret, according to a Reuters review of tenders."], "en")
    version = Side.of_sentences(["Scholen zochten volgens Reuters heimelijk chips.", second], "nl")
    alignment = Alignment((Bead((0,), (0, 1)),), (Link(0, 0, 1.0), Link(0, 1, 1.0)))
    some, _ = findings.compare(original, version, alignment)
    assert [f.type for f in some if f.facet == "source"] == types


def test_the_day_a_text_is_of_is_no_time_that_a_dropped_statement_takes_with_it() -> None:
    original = Side(("Acme waits.", "The ministry said nothing on Wednesday."), "en", ("sentence",) * 2, WIRE)
    other = Side(("Acme waits.", "The ministry said nothing on Tuesday."), "en", ("sentence",) * 2, WIRE)
    version = Side.of_sentences(["Acme wacht."], "nl")
    alignment = Alignment((Bead((0,), (0,)), Bead((1,), ())), (Link(0, 0, 1.0),))
    lost = [
        [f.before for f in findings.compare(o, version, alignment)[0] if f.facet == "time"] for o in (original, other)
    ]
    assert lost == [[], ["Tuesday"]]


WIRE = datetime.date(2025, 12, 10)
