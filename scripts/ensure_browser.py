"""Find a Chromium for the browser tests, and install one where the machine lets us.

Owns where a browser may be; must not know what is tested with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = (
    "The browser tests need Chromium, and there is none: install the package chromium or Google "
    "Chrome, or set CHROMIUM to the path of one."
)


def main() -> None:
    """Install Chromium if it is missing and we may; otherwise say what is needed."""
    if find_browser() or (may_install() and install() and find_browser()):
        return
    print(MISSING)


def find_browser(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the path of a Chromium: the one that CHROMIUM names, else the first on the PATH."""
    chosen = environ.get("CHROMIUM")
    names = (chosen,) if chosen else NAMES
    paths = (shutil.which(name, path=environ.get("PATH")) for name in names)
    return next(filter(None, paths), None)


def may_install() -> bool:
    """Tell whether this is a machine with apt-get on which we are root."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install() -> bool:
    """Install Chromium quietly; tell whether that worked."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(["apt-get", "-qq", *command], env=environ, capture_output=True)
        if done.returncode:
            return False
    return True


if __name__ == "__main__":
    main()
