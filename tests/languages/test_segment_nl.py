"""Where Dutch sentences end: `|` marks a cut, and there is none elsewhere."""

from __future__ import annotations

import pytest

from retold.boundaries import sentences

CUT = [
    "Toch blijft de levering onzeker. | China heeft nog geen antwoord gegeven.",
    "“Ja.” | Hij ging.",
    "'Ja,' zei hij. | 'Wij wachten.'",
    "Hij ging weg. | 's Avonds regende het.",
    "Hij is arts. | Zij is ir. De Vries.",
    "Hij verkoopt chips, kaarten, enz. | Niemand koopt.",
    "Hij verkoopt chips e.d. | De prijs stijgt.",
    "Het bedrijf heet Philips N.V. | De koers steeg.",
    "Mag het? | Niemand weet het!",
    "In 2025 waren het er 800. | Het is heel erg.",
    "Hij wachtte… | Toen ging hij.",
    "Hij wachtte... | Toen ging hij.",
    "Hij woont in de V.S. | Hij verhuisde in 2020.",
    "Hij noemde het 'een loterij'. | Nvidia zweeg.",
    "Hij verborg het in auto's. | Ze reden weg.",
]

WHOLE = [
    "Dat is bijv. Jan of dr. De Vries.",
    "Maandag a.s. komt prof. dr. ir. J. de Boer.",
    "Zie blz. 5, nr. 7 en art. 3 van de wet.",
    "De Amerikaanse firma's, o.a. Nvidia, d.w.z. de grootste, groeien i.v.m. AI.",
    "De heer J.P. Balkenende en mevr. A. Jansen spraken.",
    "De omzet is ca. 5,5 mln. euro en 1.000 stuks.",
    "Philips N.V. Nederland groeit.",
    "“Wij wachten. Wij hopen,” zei hij.",
    "Het kost m.b.t. China t.o.v. Europa weinig.",
    "Op 10 dec. 2025 sprak mr. Pels.",
    "In 's-Hertogenbosch en 's-Gravenhage sprak min. Jansen.",
    "Hij vroeg 'Waarom?' en ging.",
]


@pytest.mark.parametrize("marked", CUT + WHOLE)
def test_cuts(marked: str) -> None:
    assert sentences(marked.replace(" | ", " "), "nl") == marked.split(" | ")
