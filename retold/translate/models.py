"""The hub's models: which, where pinned, what they need; what is in the local cache; fetching and verifying it.

Nothing here downloads but `get`. Only safetensors are ever fetched or read, and no code of a repository is run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from retold.records import RetoldError

# What a model folder may hold: weights as safetensors, settings, tokenizers.
PATTERNS = ("*.safetensors", "*.safetensors.index.json", "*.json", "*.spm", "*.model", "*.txt")
WAIT = 15.0  # seconds for the hub's first answer
PATTERNS_NOT = ("onnx/*", "openvino/*", "*/*.safetensors.bin", "*.bin", "*.h5", "*.ot", "*.msgpack")


@dataclass(frozen=True, slots=True)
class Model:
    """A model of the hub. revision: a commit, or a ref where the commit is not known to us; docs/models.md says why."""

    name: str
    engine: str  # the name it is used under: "marian", "nllb", "madlad", or an encoder's own
    repository: str
    revision: str
    languages: str
    licence: str
    size: str  # to download

    @property
    def folder(self) -> Path | None:
        """Where it lies in the hub's local cache, at its revision; None where it does not, wholly or in part."""
        folder = _snapshot(self)
        return folder if folder is not None and fault(folder) is None else None

    @property
    def present(self) -> bool:
        return self.folder is not None


@dataclass(frozen=True, slots=True)
class Engine:
    """One line of `retold engines`. fetch: the command that makes a missing one present, "" if it is here."""

    name: str
    languages: str
    licence: str
    present: bool
    fetch: str


# The OPUS-MT repositories hold no safetensors on main; the conversion bot's proposal does (pull request 2 of each).
MODELS = {
    m.name: m
    for m in (
        Model("opus-mt-id-en", "marian", "Helsinki-NLP/opus-mt-id-en", "refs/pr/2", "id", "Apache-2.0", "0.3 GB"),
        Model("opus-mt-nl-en", "marian", "Helsinki-NLP/opus-mt-nl-en", "refs/pr/2", "nl", "CC BY 4.0", "0.3 GB"),
        Model("nllb", "nllb", "facebook/nllb-200-distilled-600M", "main", "id nl", "CC BY-NC 4.0", "2.5 GB"),
        Model("madlad", "madlad", "google/madlad400-3b-mt", "main", "id nl", "Apache-2.0", "11.8 GB"),
    )
}


# Its main holds no safetensors either; pull request 7 does (commit 403d8ec as read in November 2026).
SUMMARISERS = {
    m.name: m
    for m in (
        Model("xlsum", "xlsum", "csebuetnlp/mT5_multilingual_XLSum", "refs/pr/7", "en id", "CC BY-NC-SA 4.0", "2.3 GB"),
    )
}


def list_models() -> list[Model]:
    """Every model retold knows, translators first."""
    return [*MODELS.values(), *_encoders().values(), *SUMMARISERS.values()]


def model(name: str) -> Model:
    """A model by name. Raises RetoldError, listing the names, for an unknown one."""
    known = {m.name: m for m in list_models()}
    if name not in known:
        raise RetoldError(f"model {name!r} is not known; known are {', '.join(known)}")
    return known[name]


def engines() -> list[Engine]:
    """The translators: what is here, and the command that fetches what is not."""
    from retold.translate.bundled import Bundled

    why = Bundled().missing()
    install = why.rsplit(": ", 1)[-1] if why else ""
    rows = [Engine("bundled", "id nl", "Gemma terms of use", why is None, install)]
    for name in dict.fromkeys(m.engine for m in MODELS.values()):
        some = [m for m in MODELS.values() if m.engine == name]
        absent = [m for m in some if not m.present]
        fetch = " && ".join(f"retold models get {m.name}" for m in absent)
        languages = " ".join(dict.fromkeys(m.languages for m in some))
        rows.append(Engine(name, languages, " / ".join(dict.fromkeys(m.licence for m in some)), not absent, fetch))
    return rows


def summarisers() -> list[Engine]:
    """The summarising models: what is here, and the command that fetches what is not."""
    return [
        Engine(m.name, m.languages, m.licence, m.present, "" if m.present else f"retold models get {m.name}")
        for m in SUMMARISERS.values()
    ]


def get(name: str) -> Path:
    """Download one model at its revision, with a progress bar; the folder it lies in.

    Raises RetoldError where it is not known, the hub cannot be reached or refuses, or holds no safetensors.
    """
    wanted = model(name)
    if find_spec("huggingface_hub") is None:
        raise RetoldError("fetching a model needs huggingface-hub, which is not installed: pip install huggingface-hub")
    from huggingface_hub import HfApi, constants, snapshot_download
    from huggingface_hub.errors import RevisionNotFoundError

    if constants.HF_HUB_OFFLINE:
        raise RetoldError(f"HF_HUB_OFFLINE is set, so {name} was not fetched; unset it to allow downloads")
    try:
        # The download asks the same first and would wait for an answer without end.
        HfApi().model_info(wanted.repository, revision=wanted.revision, timeout=WAIT)
        folder = Path(
            snapshot_download(
                wanted.repository,
                revision=wanted.revision,
                allow_patterns=list(PATTERNS),
                ignore_patterns=list(PATTERNS_NOT),
            )
        )
    except RevisionNotFoundError:
        raise RetoldError(
            f"{wanted.repository} has no revision {wanted.revision!r} any more; {name} was not fetched"
        ) from None
    except Exception as error:  # the hub's library lets through what its own libraries raise on a bad answer
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise RetoldError(f"{wanted.repository} could not be fetched ({reason})") from None
    wrong = fault(folder, thorough=True)
    if wrong is not None:
        for weights in folder.glob("*.safetensors"):  # else the next try would take the same bytes from the cache
            weights.resolve().unlink(missing_ok=True)
            weights.unlink(missing_ok=True)
        raise RetoldError(f"{wanted.repository} at {wanted.revision!r} cannot be used: {wrong}")
    return folder


def verify() -> dict[str, str | None]:
    """What is wrong with each model of which something lies in the local cache, by name; None if nothing is."""
    found = {}
    for one in list_models():
        folder = _snapshot(one)
        if folder is not None:
            wrong = fault(folder, thorough=True)
            found[one.name] = f"{wrong}: retold models get {one.name}" if wrong else None
    return found


def fault(folder: Path, *, thorough: bool = False) -> str | None:
    """Why a model folder cannot be loaded, in words; None if it can as far as is seen from outside.

    thorough: read every weights file's header and length too, which finds half a download.
    """
    config = folder / "config.json"
    try:
        json.loads(config.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return "config.json is missing"
    except (ValueError, OSError) as error:
        return f"config.json cannot be read ({error})"
    files = sorted(folder.glob("*.safetensors"))
    index = folder / "model.safetensors.index.json"
    if index.exists():
        try:
            wanted = sorted(set(json.loads(index.read_text(encoding="utf-8"))["weight_map"].values()))
        except (ValueError, KeyError, OSError) as error:
            return f"{index.name} cannot be read ({error})"
        lacking = [name for name in wanted if not (folder / name).exists()]
        if lacking:
            return f"{lacking[0]} is missing"
        files = [folder / name for name in wanted]
    if not files:
        return "it has no safetensors weights, and no other kind is read"
    for path in files if thorough else []:
        from safetensors import SafetensorError, safe_open

        try:
            with safe_open(path, framework="np"):
                pass
        except (SafetensorError, OSError) as error:
            return f"{path.name} is damaged or half downloaded ({error})"
    return None


def _snapshot(wanted: Model) -> Path | None:
    """The model's folder in the hub's cache, complete or not; None where nothing of it is there."""
    if find_spec("huggingface_hub") is None:
        return None
    from huggingface_hub import constants

    # Most have none of them, and are spared the import of what downloads.
    if not (Path(constants.HF_HUB_CACHE) / f"models--{wanted.repository.replace('/', '--')}").is_dir():
        return None
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    try:
        return Path(snapshot_download(wanted.repository, revision=wanted.revision, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, OSError, ValueError):
        return None


def _encoders() -> dict[str, Model]:
    from retold.encode.hub import MODELS as ENCODERS

    return {
        name: Model(name, name, one.repository, one.revision, "many", one.licence, "") for name, one in ENCODERS.items()
    }
