"""The scores that Lighthouse gives to ours, our plain page and hello-world, by its own settings."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from statistics import median

from lab.benchmarks.first_look import PLAIN
from lab.benchmarks.measure import Json
from lab.benchmarks.servers import DATA, HELLO, NEAR, OURS, running
from scripts.ensure_browser import find_browser

PACKAGE = "lighthouse@12.8.2"
"""The newest that runs on Node.js 20."""
MISSING = "Not measured: Lighthouse needs Node.js with npx, and Chromium, and one is missing."
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
SCREENS = {"mobile": (), "desktop": ("--preset=desktop",)}
_FLAGS = "--headless=new --no-sandbox --disable-gpu"
_LIMIT_S = 180


def run(times: int) -> list[Json]:
    """Have each page scored so many times; in one sentence why not, without Node.js or Chromium."""
    npx, chromium = shutil.which("npx"), find_browser()
    if npx is None or chromium is None:
        return [{"missing": MISSING}]
    with running(OURS, DATA) as ours, running(HELLO, DATA) as hello:
        pages = {
            OURS: f"{ours.url}/?near={NEAR}",
            PLAIN: f"{ours.url}/plain?near={NEAR}",
            HELLO: hello.url,
        }
        found: dict[tuple[str, str], list[dict[str, float]]] = {}
        for _ in range(times):
            for screen, options in SCREENS.items():
                for who, url in pages.items():
                    scores = _scored(npx, chromium, url, options)
                    found.setdefault((screen, who), []).append(scores)
    return [
        {"screen": screen, "who": who, "times": times,
         "scores": {name: median(each[name] for each in scores) for name in CATEGORIES}}
        for (screen, who), scores in found.items()
    ]  # fmt: skip


def _scored(npx: str, chromium: str, url: str, options: tuple[str, ...]) -> dict[str, float]:
    """Return the scores of 0 to 100 by category; raises RuntimeError where there are none."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [
            npx, "--yes", PACKAGE, url, "--quiet", "--output=json", f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={_FLAGS}", *options,
        ]  # fmt: skip
        environment = {**os.environ, "CHROME_PATH": str(chromium)}
        done = subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, timeout=_LIMIT_S, check=False
        )
        if not report.is_file():
            raise RuntimeError(done.stderr.decode(errors="replace")[-2000:])
        categories = json.loads(report.read_text(encoding="utf-8"))["categories"]
        return {name: round(100 * (categories[name]["score"] or 0)) for name in CATEGORIES}
