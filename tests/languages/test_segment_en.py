"""Where English sentences end: `|` marks a cut, and there is none elsewhere."""

from __future__ import annotations

import pytest

from retold.boundaries import sentences

CUT = [
    "He left. | She stayed.",
    "Is it legal? | Nobody knows! | They wait.",
    "“It is legal.” | He left.",
    "“It is legal,” he said. | “We wait.”",
    '"It is legal." | He left.',
    "He called it “a lottery.” | Nvidia declined to comment.",
    "He left (for Beijing). | She stayed.",
    "He left (she stayed). | They met.",
    "He lives in the U.S. | He moved there in 2020.",
    "The firm is Nvidia Inc. | The price rose.",
    "They met at 5 p.m. | The talks went on.",
    "He waited… | Then he left.",
    "He waited... | Then he left.",
    "The plan was B. | The other was A.",
    "He sells chips, cards, etc. | Nobody buys.",
    "Sales rose 5.5 percent. | Profit fell 3 percent.",
    "The toll rose above 800. | It is very bad.",
    "It was 2025. | Trump won.",
    "Exports stopped.[1] | The ban held.[2][3] | It was lifted.",
    "He signed the act. | U.S. President Trump smiled.",
    "He spoke of 'a trap.' | Beijing denied it.",
    "He is in the arts. | She is not.",
    "Shares of H200. | H20 fell.",
]

WHOLE = [
    "U.S. President Donald Trump allowed it.",
    "The U.S. Commerce Department and the U.K. Treasury agreed.",
    "Nvidia Inc. said on Dec. 10 that No. 5 is sold.",
    "Dr. Smith met Prof. Jones, Gen. Lee, Sen. Paul and Rep. Ocasio.",
    "Lt. Gen. John A. Smith commands it.",
    "J. K. Rowling and George W. Bush met.",
    "Apple Co. Chairman Tim Cook left.",
    "Tencent Holdings Ltd. and Cambricon Corp. Chief Wu met.",
    "It costs $3.5 million, i.e. 3.2 million euros, vs. 4.1 before.",
    "See Fig. 3, p. 5 and Vol. 2 of the report.",
    "He said ... well, nothing.",
    "“We wait. We hope. We buy,” he said.",
    "“It is legal.”",
    "(It is legal. He says so.)",
    "He visited St. Louis and Ft. Worth.",
    "The non-U.S. Asian firms agreed.",
    "At 10.30 a.m. Tuesday trading began on example.com and 3.14.159.",
    "Nvidia: the chip - and the card - is new.",
    "He asked “Why?” and left.",
    "Yahoo! Finance reported it.",
]


@pytest.mark.parametrize("marked", CUT + WHOLE)
def test_cuts(marked: str) -> None:
    assert sentences(marked.replace(" | ", " "), "en") == marked.split(" | ")


def test_a_missing_space_before_a_usual_first_word_is_an_end() -> None:
    assert sentences("Exports stopped.The ban held.", "en") == ["Exports stopped.", "The ban held."]
    assert sentences("He uses Node.Js daily.", "en") == ["He uses Node.Js daily."]
