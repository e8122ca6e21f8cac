"""The API by itself, without the pages of the app, and over made-up clinics where asked."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from starlette.applications import Starlette
from starlette.types import ASGIApp

from clinics.directory import Directory
from clinics.places.find import PlaceAnswer
from clinics.search.dataset import Dataset
from clinics.web.api import data_package, page, v1
from clinics.web.service import Service, service_of
from tests.folders import DATA
from tests.made_up import CENTER, TODAY

from .asking import Answer, asked


def app_of(service: Service) -> ASGIApp:
    """Return an app of the API's routes alone."""
    return Starlette(
        routes=[
            *page.routes(service),
            *v1.routes(service),
            *data_package.routes(service, DATA),
        ]
    )


def shipped(directory: Directory) -> ASGIApp:
    """Return the API over the directory as it is shipped."""
    return app_of(service_of(lambda: directory, today=lambda: TODAY))


def made_up(directory: Directory, dataset: Dataset) -> ASGIApp:
    """Return the API over these clinics; whatever place is named, it is the made-up town."""
    changed = replace(directory, dataset=dataset)
    return app_of(Service(lambda: changed, lambda: TODAY, lambda _: PlaceAnswer(CENTER)))


def get(app: ASGIApp, target: str, **how: object) -> Answer:
    """Ask for the path and query below /api/v1."""
    return asked(app, f"/api/v1{target}", **how)


def problem(app: ASGIApp, target: str, **how: object) -> dict[str, Any]:
    """Ask for something that is refused, and return the problem."""
    answer = get(app, target, **how)
    assert answer.headers["content-type"] == "application/problem+json"
    said: dict[str, Any] = json.loads(answer.body)
    assert said["status"] == answer.status
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cache-control"] == "no-store"
    assert "988" in said["help"]
    return said
