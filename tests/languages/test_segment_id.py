"""Where Indonesian sentences end: `|` marks a cut, and there is none elsewhere."""

from __future__ import annotations

import pytest

from retold.boundaries import sentences

CUT = [
    "Produksi ketat. | Jadwal tidak jelas. | Kekhawatirannya sederhana.",
    "“Ya.” | Dia pergi.",
    '"Kami menunggu," kata Zhang. | "Kami berharap."',
    "Dia seorang ibu. | Dia pergi.",
    "Mereka menjual chip, kartu, dll. | Harganya naik.",
    "Harga PT Antam Tbk. | Saham itu naik.",
    "Harganya Rp5.000. | Menurut dia mahal.",
    "Apakah legal? | Tidak ada yang tahu!",
    "Ia tiba pada 26 November 2008. | Mereka menunggu.",
    "Dia menunggu… | Lalu pergi.",
    "Ia bekerja di A.S. | Dia pindah pada 2020.",
    "Jumlah korban di atas 800. | Sangat buruk.",
    "Bukan angka pemasaran. | Bukan impian jangka panjang.",
]

WHOLE = [
    "Harganya Rp. 5.000 di Jl. Sudirman No. 5.",
    "PT. Antam Tbk. naik 5,5 persen.",
    "Dr. Budi dkk. hadir bersama Prof. Siti dan H. Agus.",
    "Presiden A.S. Donald Trump mengizinkannya.",
    "Letjen. Prabowo dan Jend. Sudirman bertemu.",
    "Ir. H. Joko Widodo bertemu K.H. Ma'ruf Amin.",
    "Ia lahir tgl. 5 dan lihat hlm. 10.",
    "“Kami menunggu. Kami berharap,” kata Zhang.",
    "Chip itu (H200. Blackwell) mahal.",
    "Ia membayar 1.000.000 rupiah s.d. Desember.",
    "Sdr. Ahmad dan Ny. Tuti pergi ke Kab. Bogor.",
    "R. A. Kartini lahir di Jepara.",
]


@pytest.mark.parametrize("marked", CUT + WHOLE)
def test_cuts(marked: str) -> None:
    assert sentences(marked.replace(" | ", " "), "id") == marked.split(" | ")
