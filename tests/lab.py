"""A JupyterLab of the tests' own, in a copy of the project's layout, and what a person does in it."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
# All cells stay on the page, and nothing greets or asks.
SETTINGS = {
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "apputils-extension/themes": {"theme": "JupyterLab Light"},
}
SETTLES = 1.5  # seconds that a kernel just started is left alone, as a person would
IDLE = 8  # seconds of an idle kernel with nothing run, after which a restart is taken as lost
TOKEN = secrets.token_hex(16)
PROMPTS = "[...document.querySelectorAll('.jp-Notebook .jp-CodeCell .jp-InputPrompt')].map(e => e.innerText.trim())"
FAILED = "!!document.querySelector('[data-mime-type=\"application/vnd.jupyter.error\"]')"


class Lab:
    """A running JupyterLab. home: its folder; address: where it answers."""

    def __init__(self, home: Path) -> None:
        self.home = home
        for name in ("data", "notebooks"):
            shutil.copytree(
                ROOT / name, home / name, ignore=shutil.ignore_patterns(".ipynb_checkpoints", "review.toml")
            )
        self.settings = home / "lab"
        for name, values in SETTINGS.items():
            path = self.settings / "@jupyterlab" / f"{name}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values), encoding="utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        own = {name: str(home / name.lower()) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
        paths = os.pathsep.join(p for p in (str(ROOT), os.environ.get("PYTHONPATH", "")) if p)
        own |= {"PYTHONPATH": paths, "JUPYTERLAB_SETTINGS_DIR": str(self.settings), "TQDM_DISABLE": "1"}
        own |= {"JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"), "RETOLD_AUTHOR": "Ana"}
        self.log = home / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
                 f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={home}",
                 f"--IdentityProvider.token={TOKEN}", "--LabApp.extension_manager=readonly",
                 # Messages kept from before a restart can jam the connection after it.
                 "--MappingKernelManager.buffer_offline_messages=False"],
                env=os.environ | own, stdout=log, stderr=subprocess.STDOUT, cwd=home,
            )  # fmt: skip
        self._await()

    def _await(self, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self._ask("status")
                return
            except OSError:
                time.sleep(0.2)
        self.close()
        raise RuntimeError(f"JupyterLab did not start: {self.log.read_text(encoding='utf-8')[-2000:]}")

    def close(self) -> None:
        """Stop the server and its kernels."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def theme(self, name: str) -> None:
        """Light or dark, for pages opened from now on."""
        path = self.settings / "@jupyterlab" / "apputils-extension" / "themes.jupyterlab-settings"
        path.write_text(json.dumps({"theme": f"JupyterLab {name}"}), encoding="utf-8")

    def open(self, page: Any, path: str) -> None:
        """A notebook in a workspace that holds nothing else, its kernel ready."""
        page.goto(
            f"{self.address}/lab/workspaces/{Path(path).stem}-{time.monotonic_ns()}/tree/{path}?reset&token={TOKEN}"
        )
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for(timeout=60_000)
        page.locator('.jp-NotebookPanel-toolbar [data-status="idle"]').wait_for(timeout=60_000)
        time.sleep(SETTLES)

    def run_all(self, page: Any, seconds: int = 180) -> None:
        """Restart & Run All, as its button does it, until the last cell is done or one has failed.

        The server can lose the line to a kernel that is restarted while it still starts; then the page is opened anew
        and the button pressed again, as a person would.
        """
        for _ in range(3):
            page.locator('[data-command="notebook:restart-run-all"]').first.click()
            page.locator(".jp-Dialog .jp-mod-accept").click()
            if self._runs(page, seconds):
                return
            self.open(page, page.url.split("/tree/")[1].split("?")[0])
        raise TimeoutError(f"three restarts ran nothing: {self.log.read_text(encoding='utf-8')[-2000:]}")

    def _runs(self, page: Any, seconds: int) -> bool:
        """Wait for all cells; False where the kernel sits idle while no cell runs."""
        end, idle, begun = time.monotonic() + seconds, 0, False
        while True:
            prompts = page.evaluate(PROMPTS)
            begun = begun or "[*]:" in prompts
            if page.evaluate(FAILED) or (begun and prompts == [f"[{n}]:" for n in range(1, len(prompts) + 1)]):
                return True
            if time.monotonic() > end:
                raise TimeoutError(f"after {seconds} s: {prompts}")
            waits = not begun or set(prompts) == {"[*]:"}
            idle = idle + 1 if waits and self._kernels() == ["idle"] else 0
            if idle > IDLE / 0.2:
                return False
            time.sleep(0.2)

    def _kernels(self) -> list[str]:
        try:
            return [kernel["execution_state"] for kernel in self._ask("kernels")]
        except TimeoutError:  # a busy machine; asked again
            return []

    def _ask(self, what: str, method: str = "GET") -> Any:
        """The server's own word on something."""
        url, head = f"{self.address}/api/{what}", {"Authorization": f"token {TOKEN}"}
        with urllib.request.urlopen(urllib.request.Request(url, headers=head, method=method), timeout=20) as answer:
            return json.loads(answer.read() or b"null")

    def until(self, page: Any, condition: str, seconds: float = 20) -> None:
        """Wait for a JavaScript condition to hold on the page."""
        end = time.monotonic() + seconds
        while not page.evaluate(condition):
            if time.monotonic() > end:
                raise TimeoutError(f"after {seconds} s still not: {condition}; prompts {page.evaluate(PROMPTS)}")
            time.sleep(0.1)

    def shut(self, page: Any) -> None:
        """Close the page and stop every kernel."""
        page.close()
        for session in self._ask("sessions"):
            self._ask(f"sessions/{session['id']}", "DELETE")
