"""The least a web server can do here: Starlette under uvicorn, with one answer it never changes.

Started as a process: `python -m lab.benchmarks.constant_app PORT BYTES MEDIA_TYPE`.
"""

from __future__ import annotations

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def app_of(size: int, media_type: str) -> Starlette:
    """Return an app that answers every path with so many bytes."""
    body = b"x" * size

    async def answer(_: Request) -> Response:
        return Response(body, media_type=media_type)

    return Starlette(routes=[Route("/{path:path}", answer)])


def main() -> None:
    """Serve with the settings that Streamlit gives uvicorn."""
    app = app_of(int(sys.argv[2]), sys.argv[3])
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        access_log=False,
        use_colors=False,
        ws="websockets-sansio",
    )


if __name__ == "__main__":
    main()
