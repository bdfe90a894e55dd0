"""Golden table of Indonesian facts: what must be found with which value, and beside it what must not."""

from __future__ import annotations

import datetime

import pytest

from retold.facts import extract

DATE = datetime.date(2025, 12, 10)

MUST = [
    # text, type, the fact's words, its value
    ("lebih dari 100 tender", "number", "lebih dari 100", ">100"),
    ("hampir enam kali lipat dari H20", "number", "hampir enam kali lipat", "~6x"),
    ("senilai £2,8 miliar", "money", "£2,8 miliar", "2800000000GBP"),
    ("senilai £2.8 miliar", "money", "£2.8 miliar", "2800000000GBP"),
    ("Rp3 M", "money", "Rp3 M", "3000000000IDR"),
    ("Rp 3,5 triliun", "money", "Rp 3,5 triliun", "3500000000000IDR"),
    ("5 juta dolar AS", "money", "5 juta dolar AS", "5000000USD"),
    ("sekitar 12,5 persen", "number", "sekitar 12,5 persen", "~12.5%"),
    ("3.000 produk", "number", "3.000", "3000"),
    ("abad ke-19", "number", "ke-19", "19th"),
    ("dua puluh dua orang", "number", "dua puluh dua", "22"),
    ("sejuta orang", "number", "sejuta", "1000000"),
    ("tahun 1990-an", "number", "1990-an", "1990"),
    ("pada 30 September 2018", "time", "30 September 2018", "2018-09-30"),
    ("pada hari Rabu", "time", "Rabu", "2025-12-10"),
    ("hari Minggu", "time", "Minggu", "2025-12-07"),
    ("kemarin", "time", "kemarin", "2025-12-09"),
    ("pada awal minggu ini", "time", "pada awal minggu ini", "week:early"),
    ("Dalam beberapa bulan terakhir, Beijing", "time", "Dalam beberapa bulan terakhir", "months:recent"),
    ("pukul 19.30", "time", "pukul 19.30", "T19:30"),
    ("pemerintah China", "place", "China", "CN"),
    ("pemerintah Tiongkok", "place", "Tiongkok", "CN"),
    ("Presiden AS Donald Trump", "place", "AS", "US"),
    ("di Moskow", "place", "Moskow", "moscow"),
    ("kepada Uni Eropa", "place", "Uni Eropa", "EU"),
    ("manajer Zhang Yuchun", "name", "Zhang Yuchun", "zhang yuchun"),
    ("Dua orang mengatakan kedua perusahaan", "source", "Dua orang mengatakan", "anonymous:2:-:neutral"),
    ("Dua orang yang familiar dengan rantai produksi mengatakan", "source",
     "Dua orang yang familiar dengan rantai produksi mengatakan", "anonymous:2:familiar:neutral"),
    ("Sumber mengatakan perusahaan", "source", "Sumber mengatakan", "anonymous:some:-:neutral"),
    ("menurut tinjauan yang mencakup", "source", "tinjauan", "anonymous:some:review:-"),
    ("otoritas mungkin meminta", "hedge", "mungkin", "possible"),
    ("otoritas kemungkinan akan meminta", "hedge", "kemungkinan", "likely"),
    ("Saya berharap", "hedge", "berharap", "hope"),
    ("belum memberikan jawaban", "negation", "belum", "not"),
    ("Bukan angka", "negation", "Bukan", "not"),
]  # fmt: skip

MUST_NOT = [
    # text, type, words that are no fact of that type
    ("satu orang", "number", "satu"),
    ("chip H200 itu", "number", "200"),
    ("dua minggu lagi", "time", "minggu"),
    ("Perusahaan itu besar", "name", "Perusahaan"),
    ("Sejauh ini pemerintah", "name", "Sejauh"),
    ("orang China membeli", "source", "orang"),
    ("jika Beijing mengizinkan", "hedge", "jika"),
    ("setidaknya 5", "negation", "tidak"),
]


@pytest.mark.parametrize(("text", "type_", "words", "value"), MUST)
def test_finds(text: str, type_: str, words: str, value: str) -> None:
    found = {(f.type, f.text, f.value) for f in extract(text, "id", date=DATE)}
    assert (type_, words, value) in found


@pytest.mark.parametrize(("text", "type_", "words"), MUST_NOT)
def test_leaves(text: str, type_: str, words: str) -> None:
    start = text.index(words)
    end = start + len(words)
    assert not [f for f in extract(text, "id", date=DATE) if f.type == type_ and f.start < end and start < f.end]
