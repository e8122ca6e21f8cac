"""Small directories are answered on the event loop; nobody waits for the store there."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest
from starlette.applications import Starlette

from clinics.directory import Directory
from clinics.web.api import v1
from clinics.web.guard import at_once
from clinics.web.guard.at_once import AtOnce
from clinics.web.plain import routes
from clinics.web.service import service_of
from tests.integration.asking import Answer, ask
from tests.made_up import dataset_of, made_up_clinic

PATHS = ("/api/v1/clinics?near=20912", "/conditions", "/plain?near=20912", "/api/v1/conditions")


class Site:
    """A directory whose clock tests move; it remembers which threads looked for a newer one."""

    def __init__(self, directory: Directory) -> None:
        self.seconds = 0.0
        self.live = directory
        self.looks: list[bool] = []
        self.has_served = True
        self.at_once = AtOnce(self.newest, self.served, lambda: self.seconds)
        service = service_of(self.at_once.directory, at_once=self.at_once.may)
        self.app = Starlette(routes=[*v1.routes(service), *routes.routes(service)])

    def newest(self) -> Directory:
        self.looks.append(threading.current_thread() is threading.main_thread())
        return self.live

    def served(self) -> Directory | None:
        return self.live if self.has_served else None

    def ask(self, *paths: str) -> list[Answer]:
        async def all_of_them() -> list[Answer]:
            return [await ask(self.app, path) for path in paths]

        return asyncio.run(all_of_them())


@pytest.fixture
def site(directory: Directory) -> Site:
    return Site(directory)


def test_the_store_is_looked_at_in_threads_once_a_second(site: Site) -> None:
    assert {answer.status for answer in site.ask(*PATHS)} == {200}
    looks = len(site.looks)
    assert looks > 0
    site.ask(*PATHS)
    assert len(site.looks) == looks
    site.seconds = at_once.LOOK_EVERY
    site.ask(PATHS[0])
    assert len(site.looks) > looks
    assert not any(site.looks)


def test_a_new_version_is_in_the_next_answer(site: Site) -> None:
    site.ask(*PATHS, *PATHS)
    dataset = dataset_of([made_up_clinic(1)])
    site.live = replace(site.live, dataset=dataset)
    found = site.ask("/api/v1/clinics", "/clinics/made-up-clinic-1", *PATHS)
    assert b"made-up-clinic-1" in found[0].body
    assert found[1].status == 200
    site.live = replace(site.live, dataset=dataset_of([made_up_clinic(2)]))
    assert [a.status for a in site.ask("/clinics/made-up-clinic-1")] == [404]


def test_answers_are_the_same_either_way(site: Site) -> None:
    once = site.ask(*PATHS, *PATHS)
    site.has_served = False
    threads = site.ask(*PATHS)
    assert [a.body for a in once[: len(PATHS)]] == [a.body for a in threads]
    assert [a.body for a in once[len(PATHS) :]] == [a.body for a in threads]


def test_a_large_directory_is_searched_in_threads(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(at_once, "SMALL", 1)
    site.ask(*PATHS)
    looks = len(site.looks)
    site.ask(*PATHS)
    assert len(site.looks) > looks


def test_what_somebody_searched_for_is_not_kept_as_a_page(site: Site) -> None:
    service = service_of(site.newest)
    app = Starlette(routes=routes.routes(service))
    for path in ("/plain?near=20912", "/plain?q=secret", "/near/nowhere", "/sitemap.xml"):
        asyncio.run(ask(app, path))
    assert len(service.pages) == 0
    for _ in range(2):
        asyncio.run(ask(app, "/near/takoma-park-md"))
    assert len(service.pages) == 1


def test_pages_are_kept_for_the_address_they_were_asked_at(site: Site) -> None:
    texts = []
    for host in ("one.example", "two.example", "one.example"):
        headers = (("host", host),)
        texts.append(asyncio.run(ask(site.app, "/near/takoma-park-md", headers=headers)).text)
    assert texts[0] == texts[2]
    assert "//one.example/" in texts[0]
    assert "//one.example/" not in texts[1]
