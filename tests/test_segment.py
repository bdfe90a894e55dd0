"""Segments: the five documents, the kinds, the laws of offsets, and texts that are odd, long or empty."""

from __future__ import annotations

import datetime
import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retold.records import Document, RetoldError, Segment
from retold.segment import SIGNATURE, segment
from retold.story import read

ROOT = Path(__file__).parent.parent
GOLD = Path(os.environ.get("RETOLD_GOLD", ROOT / "../shared/gold")) / "h200-nl.json"
STORY = read(ROOT / "data/stories/h200")


def of(text: str, language: str = "en") -> Document:
    return Document("test", language, "version", "", datetime.date(2025, 12, 10), text)


def kinds(text: str, language: str = "en") -> list[tuple[str, str]]:
    return [(s.kind, s.text) for s in segment(of(text, language))]


def only_kinds(text: str, language: str = "en") -> list[str]:
    return [kind for kind, _ in kinds(text, language)]


def check_laws(document: Document, segments: tuple[Segment, ...]) -> None:
    end = 0
    for n, s in enumerate(segments):
        assert s.n == n
        assert s.start >= end
        assert document.text[s.start : s.end] == s.text == s.text.strip() != ""
        assert not document.text[end : s.start].strip()
        end = s.end
    assert not document.text[end:].strip()


def named(id: str) -> tuple[Segment, ...]:
    return segment(next(d for d in STORY.documents if d.id == id))


# ---- the five documents


@pytest.mark.parametrize(
    ("id", "counts"),
    [
        ("reuters-en", {"sentence": 19, "heading": 1, "byline": 2}),
        ("crypto-id", {"sentence": 52, "boilerplate": 4}),
        ("tech-nl", {"sentence": 24, "heading": 1}),
        ("video-en", {"title": 1, "heading": 3, "sentence": 29, "boilerplate": 10}),
        ("blog-en", {"title": 1, "heading": 2, "sentence": 18, "list_item": 8, "boilerplate": 2}),
    ],
)
def test_the_five_documents(id: str, counts: dict[str, int]) -> None:
    document = next(d for d in STORY.documents if d.id == id)
    segments = segment(document)
    assert Counter(s.kind for s in segments) == counts
    check_laws(document, segments)


def test_the_indonesian_boilerplate_is_the_newsletter_plug() -> None:
    assert [s.text for s in named("crypto-id") if s.kind == "boilerplate"] == [
        "Jangan hanya membaca berita kripto.",
        "Pahami itu.",
        "Berlangganan newsletter kami.",
        "Ini gratis.",
    ]


def test_the_video_page() -> None:
    segments = named("video-en")
    assert segments[0].kind == "title"
    chrome = [s.text for s in segments if s.kind == "boilerplate"]
    assert chrome[0] == "Автор: WorldUnderTension!"
    assert segments[0].text in chrome  # the repeated title
    assert chrome[-5:] == [
        "Повторяем попытку...",
        "Доступные форматы для скачивания:",
        "Скачать видео",
        "-",
        "Информация по загрузке:",
    ]


def test_the_dateline_stays_in_its_sentence() -> None:
    assert named("reuters-en")[0].text.startswith("BEIJING/SINGAPORE, Dec 10 (Reuters) – ByteDance")


@pytest.mark.skipif(not GOLD.is_file(), reason=f"no gold at {GOLD}: set RETOLD_GOLD to its folder")
@pytest.mark.parametrize(("id", "side"), [("reuters-en", "original"), ("tech-nl", "version")])
def test_the_cut_is_the_gold_cut(id: str, side: str) -> None:
    gold = json.loads(GOLD.read_text(encoding="utf-8"))[side]
    assert [(s.kind, s.text) for s in named(id)] == [(row["kind"], row["text"]) for row in gold]


# ---- kinds

BODY = "The ban held for a year. It was lifted on Monday.\n"


@pytest.mark.parametrize(
    "line",
    [
        "Subscribe to our newsletter and never miss a story.",
        "Sign up for our free daily briefing.",
        "Follow us on X and Facebook",
        "Share this article",
        "We use cookies to improve your experience. By continuing to browse you agree.",
        "Read also: Nvidia sells more chips",
        "Advertisement",
        "Copyright: 2025 The Paper",
        "1,204 views",
        "Views: 27",
        "Uploaded: 2026-01-27",
        "0:00 / 3:45",
        "© 2025 The Paper. All rights reserved.",
        "https://example.com/a-story",
        "* * *",
        "—",
        "Abonneer je op onze nieuwsbrief.",
        "Lees ook: Nvidia verkoopt meer chips",
        "Tekst gaat verder onder de advertentie",
        "Deze website gebruikt cookies.",
        "Baca juga: Nvidia menjual lebih banyak chip",
        "Ikuti kami di Google News.",
        "Bagikan artikel ini",
        "Читайте также: новости",
        "Скачать видео",
        "Просмотров: 27",
        "Teilen",
        "Abonnieren Sie unseren Newsletter.",
        "Hochgeladen am: 27.1.2026",
        "Suivez-nous sur Facebook.",
        "Lire aussi : la suite",
        "Síguenos en Facebook.",
        "Leer más",
        "下载视频",
        "مشاركة",
    ],
)
@pytest.mark.parametrize("language", ["en", "id", "nl"])
def test_page_chrome_in_any_language(line: str, language: str) -> None:
    assert set(only_kinds(BODY + line + "\n" + BODY, language)[2:-2]) == {"boilerplate"}


@pytest.mark.parametrize(
    "line",
    [
        "The company said newsletters are dead and subscribers left.",
        "Comments by the minister angered Beijing.",
        "He shared the video with 27 viewers.",
        "“Subscribe to our newsletter,” he told the crowd, to laughter.",
        "Facebook, Twitter and WhatsApp were blocked in China on Monday.",
        "The date: no one knows when the ban will be lifted, because the ministry declined to comment on that or on "
        "anything else that it was asked about on Monday.",
        "Reporting from Beijing is hard, journalists say.",
        "By Monday the ban was lifted.",
        "Editing by hand takes an hour.",
        "Reporting by Reuters shows that the ban was lifted.",
        "Editor Jane Doe said that she would stay.",
        "Sources close to Nvidia confirmed it.",
        "Why?",
        "No.",
    ],
)
def test_news_is_not_chrome(line: str) -> None:
    assert only_kinds(BODY + line + "\n" + BODY) == ["sentence"] * 5


def test_a_plug_inside_a_long_paragraph_is_its_own_sentence() -> None:
    text = (
        "The ban held for a year, the ministry said on Monday in Beijing. " * 6
        + "Subscribe to our newsletter. It was lifted."
    )
    assert only_kinds(text) == ["sentence"] * 6 + ["boilerplate", "sentence"]


def test_a_comment_box_at_the_end_takes_what_follows() -> None:
    text = BODY * 4 + "2 Comments\nJohn: I told you so. It was clear.\nPost a Comment\n"
    assert only_kinds(text) == ["sentence"] * 8 + ["boilerplate"] * 4


def test_a_comments_link_at_the_top_takes_only_itself() -> None:
    assert only_kinds("Comments\n" + BODY * 4) == ["boilerplate"] + ["sentence"] * 8


def test_title_heading_and_repeated_title() -> None:
    title = "Nvidia sells its H200 chip to China"
    text = f"{title}\n\n{BODY}What comes next\n{BODY}{title} | The Paper\n{BODY}"
    assert [k for k in only_kinds(text) if k != "sentence"] == ["title", "heading", "boilerplate"]


def test_a_document_without_full_stops_is_sentences_and_not_headings() -> None:
    lines = [f"The ministry of country {n} lifted its ban today{' again' * (n % 3)}" for n in range(8)]
    assert only_kinds("\n".join(lines)).count("sentence") >= 7


def test_what_stands_above_a_title_is_chrome() -> None:
    text = "NEWS\nHome / Technology\nNvidia sells its H200 chip to China\nDec 10, 2025, 10:30 GMT\n" + BODY
    assert only_kinds(text) == ["boilerplate", "boilerplate", "title", "dateline", "sentence", "sentence"]


def test_teasers_below_the_text_are_chrome() -> None:
    text = BODY + "Related articles\nTrump eases the rules for chips\nBeijing waits for an answer\nShare this\n"
    assert only_kinds(text) == ["sentence"] * 2 + ["boilerplate"] * 4


def test_a_heading_between_paragraphs_is_no_teaser() -> None:
    text = BODY + "Read also: more\nTrump eases the rules for chips\n" + BODY
    assert only_kinds(text)[2:4] == ["boilerplate", "heading"]


@pytest.mark.parametrize(
    "line",
    [
        "Kompas.com - 10/12/2025, 14:30 WIB",
        "Published Dec 10, 2025 10:30 AM ET",
        "Gepubliceerd op 10 december 2025 om 14.30 uur",
        "27.01.2026",
    ],
)
def test_when_a_page_was_put_up_is_chrome(line: str) -> None:
    assert only_kinds(BODY + line + "\n" + BODY)[2:-2] == ["boilerplate"]


def test_a_sentence_of_credits_is_a_byline() -> None:
    assert only_kinds(BODY + "AP writers Zen Soo and Josh Boak contributed to this report.")[-1] == "byline"


def test_a_signature_at_the_end_of_a_paragraph_is_a_byline() -> None:
    assert kinds("Harga naik. Saham turun. (ANTARA)", "id")[-1] == ("byline", "(ANTARA)")
    assert only_kinds("Prices rose (slightly). (And fell.)") == ["sentence"] * 2


def test_markdown_headings_are_no_buttons() -> None:
    assert only_kinds(f"# Nvidia sells chips\n\n{BODY}\n## Next\n\n{BODY}")[3] == "heading"


def test_a_title_may_ask_where_an_empty_line_sets_it_off() -> None:
    assert only_kinds(f"Who buys the chip?\n\n{BODY}")[0] == "title"
    assert only_kinds(f"Who buys the chip?\n{BODY}")[0] == "sentence"


def test_a_menu_is_boilerplate() -> None:
    assert only_kinds("Business\nWorld news\nMarkets\n" + BODY) == ["boilerplate"] * 3 + ["sentence"] * 2


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("By Jane Doe and John van der Berg", "en"),
        ("(Reporting by Liam Mo; editing by Brenda Goh)", "en"),
        ("Additional reporting by Che Pan", "en"),
        ("Door Jan de Vries", "nl"),
        ("Redactie: Jan de Vries", "nl"),
        ("Oleh Budi Santoso", "id"),
        ("Pewarta: Budi Santoso", "id"),
        ("Editor: Siti Aminah", "id"),
        ("(Reuters)", "en"),
        ("(fdl/eds)", "id"),
        ("Source: Reuters", "en"),
        ("Bron: ANP", "nl"),
    ],
)
def test_bylines(line: str, language: str) -> None:
    assert set(only_kinds(BODY + line + "\n" + BODY, language)[2:-2]) == {"byline"}


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("JAKARTA, 10 Des (Antara)", "id"),
        ("BEIJING, Dec 10 (Reuters)", "en"),
        ("10 december 2025", "nl"),
        ("2025-12-10", "nl"),
    ],
)
def test_a_line_that_is_only_a_dateline(line: str, language: str) -> None:
    assert only_kinds(line + "\n" + BODY, language)[0] == "dateline"


def test_list_items_keep_their_marker_and_may_hold_two_sentences() -> None:
    text = f"{BODY}Key Points\n- Output: it rises.\n- Approval: it came. It was late.\n{BODY}"
    assert kinds(text)[2:6] == [
        ("heading", "Key Points"),
        ("list_item", "- Output: it rises."),
        ("list_item", "- Approval: it came."),
        ("list_item", "It was late."),
    ]


@pytest.mark.parametrize("marks", ["• •", "1. 2.", "a) b)", "* *", "– –"])
def test_bullets(marks: str) -> None:
    first, second = marks.split()
    assert only_kinds(f"{BODY}{first} Output rises.\n{second} Prices fall.\n")[2:] == ["list_item", "list_item"]


def test_one_dash_alone_is_no_list() -> None:
    assert only_kinds(f"{BODY}– He left the room.\n{BODY}") == ["sentence"] * 5


# ---- paragraphs


def test_lines_wrapped_by_hand_are_put_together() -> None:
    text = (
        "ByteDance and Alibaba have asked Nvidia about buying its H200 after U.S.\n"
        "President Trump said he would allow it to be exported to China, people\n"
        "told Reuters. They wait for a decision by Beijing, which has not said a\n"
        "word about it.\n"
    )
    first, second = segment(of(text))
    assert first.text.endswith(
        "after U.S.\nPresident Trump said he would allow it to be exported to China, people\ntold Reuters."
    )
    assert second.text == "They wait for a decision by Beijing, which has not said a\nword about it."


def test_a_line_broken_inside_a_sentence_is_put_together() -> None:
    text = "ByteDance and Alibaba have asked Nvidia about\nbuying its chip. They wait."
    assert kinds(text) == [
        ("sentence", "ByteDance and Alibaba have asked Nvidia about\nbuying its chip."),
        ("sentence", "They wait."),
    ]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\u2028"])
def test_line_ends(newline: str) -> None:
    document = of(f"He left. She stayed.{newline}{newline}\tThey\u00a0met. \u200bThey\u200b left")
    segments = segment(document)
    check_laws(document, segments)
    assert [s.text.strip("\u200b") for s in segments] == [
        "He left.",
        "She stayed.",
        "They\u00a0met.",
        "They\u200b left",
    ]


# ---- odd, long and empty texts


@pytest.mark.parametrize(
    ("text", "expected"),
    [("", []), (" \n\t\r\n", []), ("Hello", ["sentence"]), (".", ["boilerplate"]), ("\ufeff", ["boilerplate"])],
)
def test_next_to_nothing(text: str, expected: list[str]) -> None:
    assert only_kinds(text) == expected


def test_a_document_of_boilerplate_only() -> None:
    assert set(only_kinds("Share\nTweet\nSubscribe to our newsletter.\nСкачать видео\n-\n0 Comments\n")) == {
        "boilerplate"
    }


def test_an_unknown_language() -> None:
    with pytest.raises(RetoldError, match="'xx' is not supported; supported are en, id, nl"):
        segment(of("He left. She stayed.", "xx"))


def test_the_signature_names_rules_and_yasbd() -> None:
    assert SIGNATURE.endswith("yasbd-lib 1.0.4")


SENTENCE = "The Chinese companies are keen to place large orders, Mr. Smith of the U.S. Army said on Dec. 10. "
NASTY = [
    "a",
    ".",
    "…",
    ". ",
    '"',
    "“",
    " 'a",
    " (a",
    "A. ",
    "a.",
    " - ",
    "1. ",
    "中国。",
    "a\u00a0",
    "\u200ba",
    ".[1] A",
    "a: ",
    "?A ",
    "\t.",
    "A/",
]


def seconds(text: str) -> float:
    start = time.process_time()
    segment(of(text))
    return time.process_time() - start


@pytest.mark.long
@pytest.mark.parametrize(
    "unit", ["a", ". ", " 'a", "1. ", "a\u00a0", SENTENCE, SENTENCE + "\n", "A heading here\n", "\n"]
)
def test_time_grows_linearly(unit: str) -> None:
    seconds(SENTENCE)  # patterns compiled
    texts = [(unit * (n // len(unit) + 1))[:n] for n in (200_000, 400_000)]
    half, whole = map(seconds, texts)
    # Twice the text may take thrice the time, to leave room for a busy machine; a quadratic step would take four times.
    # A machine that became busier in between is asked again.
    assert whole < 3 * half + 0.5 or seconds(texts[1]) < 3 * max(half, seconds(texts[0])) + 0.5


@pytest.mark.long
@pytest.mark.parametrize("unit", [*NASTY, SENTENCE])
def test_a_line_of_100_000_characters(unit: str) -> None:
    document = of((unit * (100_000 // len(unit) + 1))[:100_000])
    check_laws(document, segment(document))


@pytest.mark.long
def test_two_megabytes_and_a_million_blank_lines() -> None:
    document = of((SENTENCE * 5 + "\r\n") * 4_000)
    segments = segment(document)
    check_laws(document, segments)
    assert len(segments) == 4_000 * 5
    assert kinds("\n" * 1_000_000 + "The end.") == [("sentence", "The end.")]


def test_a_long_paragraph_is_cut_as_short_ones_are() -> None:
    # 8,000 characters is the measure of a window: the seams must not show.
    assert len(segment(of(SENTENCE * 500))) == 500


# ---- laws

ALPHABET = (
    st.sampled_from(list("aAbZéИ中.!?…\"“”‘’'«»()[]-–—:;,/#*•0123 \t\n\r\u00a0\u200b\u2028\ufeff")) | st.characters()
)


@given(st.text(ALPHABET, max_size=300), st.sampled_from(["en", "id", "nl"]))
@settings(max_examples=300, deadline=None)
def test_laws_on_any_text(text: str, language: str) -> None:
    document = of(text, language)
    segments = segment(document)
    check_laws(document, segments)
    assert segments == segment(document)


NEWS = ["U.S.", "President", "Dr.", "Smith", "said.", "“It", "is.”", "(No.", "5)", "left…", "Rp.", "dll.", "a.s.", "By"]
WORDS = st.lists(st.sampled_from([*NEWS, "\n", "-", "\n\n", "Comments", "Share"]), max_size=60)


@given(WORDS, st.sampled_from(["en", "id", "nl"]))
@settings(max_examples=200, deadline=None)
def test_laws_on_words_of_news(words: list[str], language: str) -> None:
    document = of(" ".join(words), language)
    check_laws(document, segment(document))
