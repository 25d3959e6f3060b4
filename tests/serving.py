"""`shequtong serve` in a process of its own, for what only a running server can show."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import httpx2 as httpx
from tests.cast import KEY

ROOT = Path(__file__).resolve().parents[1]


def environment(**settings: str) -> dict[str, str]:
    """What a command of ours is started with: `base_url="…"` is SHEQUTONG_BASE_URL."""
    ours = {f"SHEQUTONG_{name.upper()}": value for name, value in settings.items()}
    return {**os.environ, "PYTHONPATH": str(ROOT / "src"), "SHEQUTONG_SECRET_KEY": KEY, **ours}


class Serving:
    """A server on a free port, ready; `stop()` it."""

    def __init__(self, folder: Path, *arguments: str, **settings: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.log = folder / "log"
        self.address = f"http://127.0.0.1:{port}"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "shequtong", "serve", "--port", str(port), *arguments],
                cwd=folder,
                env=environment(base_url=self.address, **settings),
                stderr=log,
                start_new_session=True,
            )
        try:
            self.wait_for(200)
        except AssertionError:
            self.stop()
            raise

    def wait_for(self, status: int, path: str = "/readyz", seconds: float = 120) -> None:
        """Ask until this status is answered. Raises AssertionError with the log when it never is."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if httpx.get(self.address + path).status_code == status:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(self.log.read_text())

    def stop(self) -> None:
        """End it with every process it started: a server that is killed leaves its workers behind."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
