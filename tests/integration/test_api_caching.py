"""How answers travel: kept for a while, sent only when changed, compressed, open to other sites."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.types import ASGIApp

from clinics.directory import Directory
from clinics.web.http_cache import MIN_GZIP, Answer, Answers, accepts_gzip, is_known
from clinics.web.service import service_of
from tests.made_up import dataset_of, made_up_clinic

from .api import app_of, get, shipped
from .asking import Answer as Answered
from .asking import asked

HOST = ("host", "made-up.example")
ZIPPED = [HOST, ("accept-encoding", "gzip, br")]
PATHS = [
    "/api/v1/clinics?near=20912",
    "/api/v1/clinics?near=20912&format=csv",
    "/api/v1/clinics/rock-creek-therapy-washington",
    "/api/v1/conditions",
    "/api/v1/places?q=columbia",
    "/api/v1/openapi.json",
    "/data/clinics.csv",
    "/data/changes.csv",
    "/data/datapackage.json",
    "/assets/api.css",
]


@pytest.fixture(scope="module")
def app(directory: Directory) -> ASGIApp:
    return shipped(directory)


def known(app: ASGIApp, path: str, tag: str) -> Answered:
    return asked(app, path, headers=[HOST, ("if-none-match", tag)])


@pytest.mark.parametrize("path", PATHS)
def test_an_answer_has_an_etag_and_whoever_has_it_gets_304(app: ASGIApp, path: str) -> None:
    answer = asked(app, path)
    tag = answer.headers["etag"]
    assert tag.startswith('"')
    assert answer.headers["cache-control"] == "public, max-age=60"
    again = known(app, path, tag)
    assert (again.status, again.body) == (304, b"")
    for name in ("etag", "cache-control", "vary", "access-control-allow-origin"):
        assert again.headers[name] == answer.headers[name]
    assert known(app, path, f'"x", W/{tag}').status == 304
    assert known(app, path, "*").status == 304
    assert known(app, path, '"x"').status == 200


@pytest.mark.parametrize("path", PATHS)
def test_gzip_comes_where_it_is_asked_for_and_has_an_etag_of_its_own(
    app: ASGIApp, path: str
) -> None:
    plain, zipped = asked(app, path), asked(app, path, headers=ZIPPED)
    in_words = path.startswith("/api/") and not path.endswith("openapi.json")
    vary = "Accept-Encoding, Accept-Language" if in_words else "Accept-Encoding"
    assert plain.headers["vary"] == zipped.headers["vary"] == vary
    if len(plain.body) < MIN_GZIP:
        assert zipped.body == plain.body
        return
    assert zipped.headers["content-encoding"] == "gzip"
    assert gzip.decompress(zipped.body) == plain.body
    assert zipped.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        (None, False),
        ("", False),
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("gzip;q=0", False),
        ("gzip;q=0.0, br", False),
        ("*", True),
        ("*;q=0", False),
        ("*;q=1, gzip;q=0", False),
        ("identity", False),
        ("gzip;q=x;;", False),
        ("\x00", False),
    ],
)
def test_gzip_is_read_as_rfc_9110_says(header: str | None, wanted: bool) -> None:
    assert accepts_gzip(header) is wanted


def test_nothing_is_known_without_a_tag() -> None:
    assert not is_known(None, '"a"')
    assert not is_known("", '"a"')
    assert not is_known("a", '"a"')


@pytest.mark.parametrize("path", [*PATHS, "/api/v1/clinics?x=1", "/api/v1/nothing", "/data/x"])
def test_head_has_the_headers_of_get_and_no_body(app: ASGIApp, path: str) -> None:
    whole, head = asked(app, path), asked(app, path, method="HEAD")
    assert (head.status, head.body) == (whole.status, b"")
    assert head.headers == whole.headers
    assert head.headers["content-length"] == str(len(whole.body))


@pytest.mark.parametrize("path", [*PATHS, "/api/v1/nothing"])
def test_a_page_of_another_site_may_read(app: ASGIApp, path: str) -> None:
    headers = [HOST, ("origin", "https://other.example"), ("access-control-request-method", "GET")]
    answer = asked(app, path, method="OPTIONS", headers=headers)
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "If-None-Match" in answer.headers["access-control-allow-headers"]
    assert asked(app, path).headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", [*PATHS, "/api/v1/clinics?x=1"])
def test_no_cookie_is_set(app: ASGIApp, path: str) -> None:
    assert "set-cookie" not in asked(app, path).headers


# A new version of the data


def test_after_publishing_the_next_answer_and_its_etag_are_new(directory: Directory) -> None:
    versions = [
        replace(directory, dataset=dataset_of([made_up_clinic(number)])) for number in (1, 2)
    ]
    live = [versions[0]]
    app = app_of(service_of(lambda: live[0]))
    paths = ["/clinics", "/clinics?format=csv", "/conditions"]
    before = [get(app, path) for path in paths]
    live[0] = versions[1]
    after = [get(app, path) for path in paths]
    assert [c["id"] for c in json.loads(after[0].body)["clinics"]] == ["made-up-clinic-2"]
    tags = [
        (old.headers["etag"], new.headers["etag"]) for old, new in zip(before, after, strict=True)
    ]
    assert [old != new for old, new in tags] == [True, True, False]  # the words are the same


def counted() -> tuple[list[int], Callable[[], Answer]]:
    made: list[int] = []

    def make() -> Answer:
        made.append(1)
        return Answer(b"x", "text/plain")

    return made, make


def test_an_answer_is_made_once_for_one_version() -> None:
    answers, (made, make) = Answers(), counted()
    first, second = object(), object()
    assert answers.get(first, "a", make) is answers.get(first, "a", make)
    assert len(made) == 1
    answers.get(second, "a", make)
    assert (len(made), len(answers)) == (2, 1)


def test_only_the_last_answers_are_kept() -> None:
    answers, (made, make) = Answers(most=2), counted()
    of = object()
    for key in ("a", "b", "a", "c", "a", "b"):
        answers.get(of, key, make)
    assert len(answers) == 2
    assert len(made) == 4  # "b" was asked for too long ago
