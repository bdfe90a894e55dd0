"""The browser that the tests look at pages with: Debian's chromium, or another; without one they are skipped."""

from __future__ import annotations

import os
import shutil

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome") or ""
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
NEEDED = [
    pytest.mark.long,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium here: apt-get install chromium, or set CHROMIUM to a browser"),
]
