"""Find an nginx for the tests of `deploy/`; with apt-get, fetch one and install nothing."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "build" / "nginx"
MISSING = "The tests of deploy/nginx need nginx, and there is none: install the package nginx."


def main() -> None:
    """Fetch nginx if it is missing; where that does not work, say what is needed."""
    if not find_nginx():
        fetch()
    if not find_nginx():
        print(MISSING)


def find_nginx() -> str | None:
    """Return the path of an nginx that runs here, or None."""
    for path in (shutil.which("nginx"), "/usr/sbin/nginx", str(FOLDER / "usr/sbin/nginx")):
        if path and Path(path).exists() and _works([path, "-v"]):
            return path
    return None


def fetch() -> None:
    """Unpack the system's package into `build/`: installed, it would start with the machine."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    _works(["apt-get", "-qq", "download", "nginx"])
    for package in FOLDER.glob("nginx_*.deb"):
        _works(["dpkg-deb", "--extract", str(package), "."])


def _works(command: list[str]) -> bool:
    folder = FOLDER if FOLDER.is_dir() else None
    return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


if __name__ == "__main__":
    main()
