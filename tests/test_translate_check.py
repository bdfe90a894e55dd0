"""Warnings: what is lost is named, what is well is left in peace."""

import pytest

from retold.translate.check import problems


@pytest.mark.parametrize(
    ("source", "english", "language", "says"),
    [
        ("Lebih dari 100 tender militer.", "More than a dozen military tenders.", "id", ["number Lebih dari 100 lost"]),
        ("De H200 is krachtiger.", "The H20 is more powerful.", "nl", ["number 200 lost"]),
        ("De prijs steeg met 1.500 euro.", "The price rose by 1,500 euros.", "nl", []),
        ("De prijs steeg met 3,5 procent.", "The price rose 3.5 percent.", "nl", []),
        ("Nilainya 2 juta dolar.", "It is worth 2 million dollars.", "id", []),
        ("Het begon om 09.30 uur.", "It began at 9:30.", "nl", []),
        ("De H200 is zes keer zo krachtig.", "The H200 is twice as powerful.", "nl", ["number zes keer lost"]),
        ("Dat meldt persbureau Reuters vandaag.", "News agencies report this today.", "nl", ["name Reuters lost"]),
        ("Dat zei Trump in China.", "Trump said so in China.", "nl", []),
        ("Zij wonen in Duitsland.", "They live in Germany.", "nl", []),
        ("Dia tiba hari Senin.", "He arrived on Monday.", "id", []),
        ("Apakah Anda tahu?", "Do you know?", "id", []),
        ("China heeft nog geen antwoord gegeven.", "China has given an answer.", "nl", ["negation “nog geen” lost"]),
        ("China heeft nog geen antwoord gegeven.", "China has yet to give an answer.", "nl", []),
        ("Dat zei hij woensdag.", "He said so on Monday.", "nl", ["time woensdag lost"]),
        ("Pada 10 Desember 2025 ia tiba.", "He arrived on Dec. 10, 2025.", "id", []),
        ("Mereka tidak tahu.", "They are unaware.", "id", []),
        ("De prijs stijgt.", "The price is not rising.", "nl", ["negation “not” added"]),
        ("De aandelen daalden 5 procent.", "Shares rose by 5 percent.", "nl",
         ["direction turned round: “daalden” told as “rose”"]),
        ("De omzet steeg niet.", "Revenue did not rise.", "nl", []),
        ("De omzet steeg niet.", "Turnover was high.", "nl", ["negation “niet” lost", "direction “steeg” lost"]),
        ("De omzet steeg niet.", "Revenue rose.", "nl", ["negation “niet” lost"]),
        ("De omzet daalde.", "Revenue was lower.", "nl", []),
        ("Hij draaide gisteren het verbod gedeeltelijk terug.", "Yesterday he vetoed a partial ban.", "nl",
         ["direction turned round: “draaide gisteren het verbod gedeeltelijk terug” told as “vetoed”"]),
        ("Hij draaide het verbod terug.", "He lifted the ban.", "nl", []),
        ("Pendapatan menurun tahun ini.", "Income grew this year.", "id",
         ["direction turned round: “menurun” told as “grew”"]),
        ("Pemerintah mencabut aturan itu.", "The government imposed the rule.", "id",
         ["direction turned round: “mencabut” told as “imposed”"]),
        ("Ekspor anjlok.", "Exports slumped.", "id", []),
        ("Mereka bekerja di luar China.", "They work in China.", "id", ["“di luar” lost"]),
        ("Mereka bekerja di luar China.", "They work outside China.", "id", []),
        ("Het is nog in een vroege fase.", "It is still in a late phase.", "nl", ["“vroege” lost"]),
        ("De politie vroeg hem iets.", "The police asked him something.", "nl", []),
        ("Gisteren kwam hij aan.", "He arrived.", "nl", ["“Gisteren” lost"]),
        ("Het kan volgens bronnen.", "It is possible.", "nl", ["“volgens” lost"]),
        ("Dat is strafbaar volgens de federale wet.", "This is punishable by federal law.", "nl", []),
        ("Voor Trumps aankondiging was het strafbaar.", "For Trump's announcement it was a crime.", "nl",
         ["“Voor Trumps aankondiging” lost"]),
        ("Voor Trumps aankondiging was het strafbaar.", "Before Trump's announcement it was a crime.", "nl", []),
        ("Sumber mengatakan harga itu wajar.", "The price is fair.", "id", ["“mengatakan” lost"]),
        ("Lewat pasar abu-abu.", "Through the black market.", "id", ["“abu-abu” lost"]),
        ("Lewat pasar abu-abu.", "Through the grey market.", "id", []),
        ("Zij hebben bij de bank geïnformeerd naar een lening.", "They have informed the bank about a loan.", "nl",
         ["“geïnformeerd naar” lost"]),
        ("Zij hebben bij de bank geïnformeerd naar een lening.", "They asked the bank about a loan.", "nl", []),
        ("De beleidswijziging komt laat.", "The embargo comes late.", "nl", ["“beleidswijziging” lost"]),
        ("Het is gelieerd aan het leger.", "It is related to others.", "nl", ["“leger” lost"]),
        ("Dat doen datacenterbedrijven ook.", "The datacenterbedrijven do so too.", "nl",
         ["“datacenterbedrijven” left untranslated"]),
        ("Hun verantwoordelijkheid groeit.", "Their responsibility grows.", "nl", []),
        ("Ja, dat klopt.", "", "nl", ["the translation is empty"]),
        ("", "", "nl", []),
        ("zij maken nieuwe regels", "Zij maken nieuwe regels", "nl", ["the translation is the source itself"]),
        ("Zij kwamen pas laat in de avond thuis.", "They.", "nl", ["the translation is short: 0.1 times the source"]),
        ("Goed.", "Good and so on and so forth for ever.", "nl", ["the translation is long: 7.4 times the source"]),
        ("Zij gingen naar huis toe.", "They went went went home.", "nl", ["the translation repeats itself: “went”"]),
        ("Hij kwam daar net vandaan.", "He came " + "Bar" * 8, "nl", ["the translation repeats itself: “BarBarBar…”"]),
        (
            "De premier zei dat hij niet wist wat hij moest doen met de brief van de raad.",
            "He did not know what he did not know what he did not know what.",
            "nl",
            ["the translation repeats itself: “he did not know what”"],
        ),
    ],
)  # fmt: skip
def test_problems(source: str, english: str, language: str, says: list[str]) -> None:
    assert list(problems(source, english, language)) == says


def test_a_language_without_word_lists_is_still_looked_at() -> None:
    assert list(problems("Der Preis stieg um 250 Euro.", "The price rose by much.", "de")) == ["number 250 lost"]
