"""From the start of the process to the first answer and the first page; and what imports take."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

from lab.benchmarks.measure import Json, Times
from lab.benchmarks.servers import HELLO, OURS, ROOT, data_folder, running
from lab.benchmarks.streamlit_client import open_tab
from lab.benchmarks.visits import Visit, everyone

TARGET = 1.5
_IMPORTS = {
    OURS: "import streamlit, clinics.web.app, ui.frame, ui.resources, ui.start, "
    "ui.find.listing, ui.find.filters",
    HELLO: "import streamlit",
}


def run(number: int, times: int) -> list[Json]:
    """Start ours and the hello-world app in turn, so often; all in milliseconds."""
    with data_folder(number) as folder:
        visits = everyone(folder)
        figures = {
            who: {name: Times() for name in ("answer", "page", "imports")} for who in (OURS, HELLO)
        }
        for _ in range(times):
            for who, taken in figures.items():
                answer, page = _started(folder, visits[who])
                taken["answer"].milliseconds.append(answer)
                taken["page"].milliseconds.append(page)
                taken["imports"].milliseconds.append(_imported(who))
    started = {who: {n: t.as_json() for n, t in taken.items()} for who, taken in figures.items()}
    return [{"clinics": number, "started": started}]


def _started(folder: Path, visit: Visit) -> tuple[float, float]:
    """Return when the first answer came and when the first page was whole."""
    with running(visit.who, folder, waits=False) as server:
        answer = server.wait()
        asyncio.run(open_tab(server.port, visit.query_string))
        return answer * 1000, (time.perf_counter() - server.began) * 1000


def _imported(who: str) -> float:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", _IMPORTS[who]], cwd=ROOT, check=True, env=environment)
    return (time.perf_counter() - began) * 1000
