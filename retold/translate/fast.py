"""CTranslate2 in eight-bit integers for Marian and NLLB models: several times as fast as transformers, where installed.

A model's safetensors are converted once into the model cache, checked at every start. Where the package is absent, or
the model cannot be converted or loaded, transformers translates instead; all but the first is said once.
"""

from __future__ import annotations

import functools
import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from retold.cores import patient, threads
from retold.records import RetoldError
from retold.translate import convert

KINDS = frozenset({"marian", "m2m_100"})  # by config.json's model_type
PRECISION = "int8"
_FORM = "1"  # raise it when the converted form changes
# Settings of a model's generation_config.json that both libraries know, by one name and with one meaning.
_SETTINGS = ("length_penalty", "repetition_penalty", "no_repeat_ngram_size")


def release() -> str | None:
    """The version of ctranslate2; None where it is not installed."""
    try:
        return version("ctranslate2")
    except PackageNotFoundError:
        return None


@functools.cache
def converted(folder: Path, key: str, precision: str = PRECISION) -> Path | None:
    """The folder of a model in CTranslate2's form, made if it is not there; None where it cannot be had.

    key: what tells this model from others. A word is said where the package is there and the model cannot be converted.
    """
    if release() is None or _kind(folder) not in KINDS:
        return None
    name = f"ctranslate2-{_FORM}-{release()}-{precision}-{key}"
    why = f"preparing {folder} for CTranslate2 once, in {{folder}}"
    try:
        return convert.kept(name, lambda made: _convert(folder, made, precision), why)
    except RetoldError as error:
        _say(f"{error}; transformers is used instead, which is slower")
    return None


def _convert(folder: Path, made: Path, precision: str) -> None:
    import ctranslate2
    from ctranslate2.converters import TransformersConverter

    try:
        with convert.quiet():
            TransformersConverter(str(folder)).convert(str(made), quantization=precision, force=True)
        ctranslate2.Translator(str(made))
    except Exception as error:  # it raises what transformers' loaders and its own checks raise
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise RetoldError(f"{folder}: CTranslate2 cannot take this model ({reason})") from None


class Fast:
    """A converted model. folder: in CTranslate2's form; source: the model it was made of, for its settings."""

    def __init__(self, folder: Path, source: Path) -> None:
        patient()
        import ctranslate2

        self._engine = ctranslate2.Translator(str(folder), compute_type="default", intra_threads=threads())
        config, generation = (_json(source / f"{name}.json") for name in ("config", "generation_config"))
        self._settings = {name: generation[name] for name in _SETTINGS if generation.get(name) is not None}
        # Where a model is forced to an end token, transformers' last place is that token's.
        self._end = int((generation.get("forced_eos_token_id") or config.get("forced_eos_token_id")) is not None)

    def search(
        self, sources: list[list[str]], *, beams: int, limit: int, first: str | None = None
    ) -> list[tuple[list[str], bool]]:
        """(tokens, whether it came to its end) of each source, itself tokens with those that mark language and end.

        limit: the most tokens made, as transformers counts them; first: the token that every translation begins with.
        """
        most = limit - self._end
        found = self._engine.translate_batch(
            sources,
            [[first]] * len(sources) if first else None,
            beam_size=beams,
            max_decoding_length=most,
            min_decoding_length=0,
            max_input_length=0,
            return_end_token=True,
            **self._settings,
        )
        results = []
        for one in found:
            tokens = list(one.hypotheses[0])
            ended = bool(tokens) and tokens[-1] == "</s>"
            results.append((tokens[:-1] if ended else tokens, ended))
        return results


@functools.lru_cache(maxsize=2)
def loaded(folder: Path, key: str) -> Fast | None:
    """The model of a folder, kept for the next call; None where it cannot be had."""
    made = converted(folder, key)
    return Fast(made, folder) if made is not None else None


def _kind(folder: Path) -> Any:
    return _json(folder / "config.json").get("model_type")


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _say(sentence: str) -> None:
    print(f"retold: {sentence}", file=sys.stderr)
