"""The report as PDF, printed by a Chromium that is there: the print style of the HTML says how it looks."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from retold.files import put
from retold.records import RetoldError
from retold.report import html

if TYPE_CHECKING:
    from retold.compare import OpenStory

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge", "msedge")
_SECONDS = 120
_QUIET = ("--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")


def browser() -> str:
    """The path of a Chromium: the variable `CHROMIUM`, else what is on the path. Raises RetoldError where none is."""
    given = os.environ.get("CHROMIUM")
    found = shutil.which(given) if given else next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        what = f"CHROMIUM is {given!r}, which is no program" if given else "no Chromium, Chrome or Edge was found"
        raise RetoldError(f"{what}; a PDF needs one: install chromium, or set CHROMIUM to its path")
    return found


def write_pdf(opened: OpenStory, path: str | Path) -> Path:
    """Print the report to a PDF; the file is replaced only once the new one is complete.

    Raises RetoldError where there is no browser, where it fails, and where the file cannot be written.
    """
    program = browser()
    with tempfile.TemporaryDirectory(prefix="retold-pdf-", ignore_cleanup_errors=True) as folder:
        page, made = Path(folder, "report.html"), Path(folder, "report.pdf")
        page.write_text(html.render(opened), encoding="utf-8")
        # Chromium's sandbox refuses to run as root, as in a container; the page is our own and asks for nothing.
        root = ["--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else []
        call = [program, *_QUIET, *root, f"--user-data-dir={folder}/profile", "--no-pdf-header-footer"]
        try:
            ended = subprocess.run(
                [*call, f"--print-to-pdf={made}", page.as_uri()],
                capture_output=True, text=True, errors="replace", timeout=_SECONDS, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RetoldError(f"{program} could not print the report ({type(error).__name__}); try another") from error
        if not made.exists() or not made.read_bytes().startswith(b"%PDF"):
            last = (ended.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise RetoldError(f"{program} could not print the report (exit code {ended.returncode}: {last})")
        return put(Path(path), made.read_bytes())
