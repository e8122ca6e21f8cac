"""Find a Chromium for the browser tests, and install one where the machine lets us."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
"""Where a browser may be, the best first: the one without a window takes half the time."""
PACKAGES = ("chromium-headless-shell", "chromium")
"""Debian's names; a system that has not the first may have the second."""
MISSING = (
    "The browser tests need Chromium, and there is none: install the package "
    "chromium-headless-shell or chromium, or Google Chrome, or set CHROMIUM to the path of one."
)


def main() -> None:
    """Install the quick Chromium if it is missing and we may; without any, say what is needed."""
    quick = shutil.which(NAMES[0]) or os.environ.get("CHROMIUM")
    if not quick and may_install():
        install()
    if not find_browser():
        print(MISSING)


def find_browser(environ: Mapping[str, str] = os.environ) -> str | None:
    """Return the path of a Chromium: the one that CHROMIUM names, else the first on the PATH."""
    chosen = environ.get("CHROMIUM")
    names = (chosen,) if chosen else NAMES
    paths = (shutil.which(name, path=environ.get("PATH")) for name in names)
    return next(filter(None, paths), None)


def may_install() -> bool:
    """Return True if this is a machine with apt-get on which we are root."""
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def install() -> bool:
    """Install Chromium quietly; tell whether that worked."""
    quietly = ["install", "--yes", "--no-install-recommends"]
    return _apt(["update"]) and any(_apt([*quietly, package]) for package in PACKAGES)


def _apt(arguments: list[str]) -> bool:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", "-qq", *arguments], env=environ, capture_output=True)
    return done.returncode == 0


if __name__ == "__main__":
    main()
