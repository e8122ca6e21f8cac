"""Alive is not the same as able to answer, and a store that is down does not mean unable."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from starlette.routing import Router

from clinics.adapters.memory import MemoryStore
from clinics.directory import BrokenDataset, Directory
from clinics.publishing.live import LiveDirectory
from clinics.web import health
from clinics.web.health import StoreState
from clinics.web.service import Service
from tests.integration.asking import Answer, asked

SECRET = "postgresql://user:hunter2@server/name"


def answer(
    directory: Directory | Exception, path: str, store: StoreState = StoreState.NONE
) -> Answer:
    def newest() -> Directory:
        if isinstance(directory, Exception):
            raise directory
        return directory

    def find(_: str) -> None:
        raise AssertionError

    service = Service(newest, dt.date.today, find)  # type: ignore[arg-type]
    return asked(Router(health.routes(service, lambda: store)), path)


@pytest.mark.parametrize("store", StoreState)
def test_ready_says_the_live_version_and_how_the_store_is(
    directory: Directory, store: StoreState
) -> None:
    found = answer(directory, "/healthz", store)
    assert (found.status, found.headers["cache-control"]) == (200, "no-store")
    assert json.loads(found.body) == {
        "status": "ok",
        "version": {
            "id": directory.dataset.version.id,
            "clinics": directory.dataset.version.clinics,
        },
        "store": store.value,
    }
    assert store.value in ("answers", "does not answer", "none")


def test_a_store_that_goes_down_is_said_and_the_last_good_version_is_still_served(
    directory: Directory,
) -> None:
    store = MemoryStore()
    live = LiveDirectory(directory, store, look_every=0)
    assert (live.current(), live.store_is_down) == (directory, False)
    store.fail = True
    assert (live.current(), live.store_is_down) == (directory, True)
    store.fail = False
    assert (live.current(), live.store_is_down) == (directory, False)


@pytest.mark.parametrize("fault", [BrokenDataset(SECRET), RuntimeError(SECRET)])
def test_unready_is_503_without_a_word_of_why(fault: Exception) -> None:
    found = answer(fault, "/healthz")
    assert found.status == 503
    assert json.loads(found.body) == {
        "status": "unavailable",
        "detail": "No search can be answered at the moment.",
    }


def test_alive_is_200_whatever_the_data() -> None:
    found = answer(BrokenDataset("broken"), "/livez")
    assert (found.status, json.loads(found.body)) == (200, {"status": "alive"})
