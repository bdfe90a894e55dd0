"""No code path opens a socket that the caller did not ask for, nor loads what could run code out of a model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from test_main_job import story

# Watches a command from inside (PEP 578): every socket, name look-up, connection, and every unpickling.
WATCHED = """
import sys
seen = []
DATA = ("babel.plural", "babel.dates", "babel.localedata", "babel.numbers")  # the locales of an installed package
def watch(event, args):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.")) or event == "pickle.find_class":
        # A socket that is only made, or of this machine's own files, reaches nobody.
        if event in ("socket.__new__", "socket.gethostname") or (event == "socket.bind" and isinstance(args[1], str)):
            return
        if event == "pickle.find_class":
            if args[0] in DATA:
                return
            args = (None, *args)
        seen.append(f"{event} {args[1:]!r}"[:200])
sys.addaudithook(watch)
import json
from retold import cli
code = cli.main(sys.argv[2:])
open(sys.argv[1], "w").write(json.dumps({"code": code, "seen": seen}))
"""
# urllib3, which trafilatura imports, asks whether there is IPv6 by binding a port of its own: nobody is reached.
URLLIB3 = "socket.bind (('::1', 0),)"
PAIR = {"id": "a", "language": "nl", "original": ["It rose 12 percent."], "version": ["Het steeg 13 procent."]}


def watched(tmp_path: Path, *call: str, given: str = "") -> list[str]:
    """What a command did of all that, with no setting that keeps it offline."""
    settings = {k: v for k, v in os.environ.items() if k not in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")}
    log = tmp_path / "seen.json"
    subprocess.run([sys.executable, "-c", WATCHED, str(log), *call], input=given.encode(), env=settings, check=True,
                   capture_output=True)  # fmt: skip
    found = json.loads(log.read_text())
    assert found["code"] == 0
    return [str(event) for event in found["seen"]]


@pytest.mark.long
def test_no_command_reaches_for_the_network(tmp_path: Path) -> None:
    """The whole job with the translator and the encoder for real, then the other commands."""
    folder = story(tmp_path / "story", "De burgemeester sluit de brug.\n\nDe reparatie kost 50 miljoen euro.\n", "nl")
    (tmp_path / "in.jsonl").write_text(json.dumps(PAIR) + "\n", encoding="utf-8")
    store = str(tmp_path / "s.sqlite")
    assert watched(tmp_path, "run", str(folder), "--out", str(tmp_path / "out"), "--store", store) == []
    assert watched(tmp_path, "batch", str(tmp_path / "in.jsonl"), str(tmp_path / "o.jsonl"), "--store", store) == []
    assert watched(tmp_path, "translate", "--from", "nl", "--store", store, given="De brug is dicht.\n") == []
    assert watched(tmp_path, "text", str(folder / "gazette.txt")) == []
    page = tmp_path / "page.html"
    page.write_text("<link rel=stylesheet href='http://x.example/'><p>The mayor said 12 came on Monday.</p>")
    new = [str(tmp_path / "new"), "--original", str(folder / "gazette.txt"), "--version", str(page), "--language", "en"]
    seen = watched(tmp_path, "new", *new)
    assert seen in ([], [URLLIB3])
    assert watched(tmp_path, "engines") == []
    assert watched(tmp_path, "models", "list") == []
    assert watched(tmp_path, "models", "verify") == []


# The same in every process that a command starts: Python runs a sitecustomize.py that it finds.
EVERYWHERE = """
import os, sys
def watch(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.bind") and not isinstance(args[1], (str, bytes)):
        host = args[1][0]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = args[0]
    else:
        return
    log = os.open(os.environ["SEEN"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(log, f"{os.getpid()} {event} {host}\\n".encode())
    os.close(log)
sys.addaudithook(watch)
"""


def everywhere(tmp_path: Path, *call: str) -> set[tuple[str, str, str]]:
    """(process, event, host) of every address used or asked for, in all processes of a command."""
    (tmp_path / "sitecustomize.py").write_text(EVERYWHERE)
    seen = tmp_path / "hosts"
    settings = {**os.environ, "PYTHONPATH": str(tmp_path), "SEEN": str(seen)}
    subprocess.run([sys.executable, *call], env=settings, check=True, capture_output=True, timeout=300)
    lines = seen.read_text().splitlines() if seen.exists() else []
    return {(process, event, host) for process, event, host in (line.split(" ", 2) for line in lines)}


@pytest.mark.long
def test_a_corpus_speaks_to_its_own_workers_alone(tmp_path: Path) -> None:
    """Two workers and the scheduler, over the machine's own address and no other."""
    (tmp_path / "in.jsonl").write_text("".join(json.dumps({**PAIR, "id": f"a{n}"}) + "\n" for n in range(4)))
    out = tmp_path / "out"
    call = ("-m", "retold.cli", "corpus", str(tmp_path / "in.jsonl"), str(out), "--workers", "2", "--part", "2")
    seen = everywhere(tmp_path, *call)
    assert (out / "manifest.json").exists()
    assert len({process for process, _, _ in seen}) > 2  # the workers are watched too
    assert {host for _, _, host in seen} <= {"127.0.0.1", "localhost", "::1"}
    outside = ("-c", "import socket; s = socket.socket(); s.settimeout(1); s.connect_ex(('192.0.2.1', 9))")
    assert "192.0.2.1" in {host for _, _, host in everywhere(tmp_path, *outside)}


def test_the_watch_sees_a_connection_and_an_unpickling(tmp_path: Path) -> None:
    """The test above can fail: asked to, the same watch reports both."""
    code = WATCHED.replace(
        "code = cli.main(sys.argv[2:])",
        "import pickle, socket, collections; pickle.loads(pickle.dumps(collections.Counter()))\n"
        "s = socket.socket(); s.settimeout(1); s.connect_ex(('127.0.0.1', 9)); code = 0",
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "log")], check=True)
    seen = json.loads((tmp_path / "log").read_text())["seen"]
    assert any(e.startswith("socket.connect") for e in seen) and any(e.startswith("pickle.find_class") for e in seen)


def test_no_code_of_a_model_is_trusted_and_no_pickle_read() -> None:
    """In the package's own source."""
    package = Path(__file__).parent.parent / "retold"
    for file in package.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for word in ("trust_remote_code=True", "import pickle", "torch.load(", "yaml.load(", "allow_pickle=True"):
            assert word not in text, (file.name, word)
        if "from_pretrained(" in text and "hub" in file.name:
            assert "trust_remote_code=False" in text or "local_files_only=True" in text, file.name
