"""What the API refuses: each problem names the parameter, the trouble and what is allowed."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp

from clinics.directory import BrokenDataset, Directory
from clinics.domain.ports import StoreUnavailable
from clinics.web.service import service_of

from .api import app_of, get, problem, shipped
from .asking import asked

ALLOWED = {"GET, HEAD, OPTIONS"}


@pytest.fixture(scope="module")
def app(directory: Directory) -> ASGIApp:
    return shipped(directory)


SENTENCES = {
    "condition=ptds": (
        "condition",
        "We know no condition called “ptds”. Did you mean “PTSD”?",
    ),
    "radius=10": ("radius", "There is no parameter called “radius” here."),
    "conditions=ptsd": (
        "conditions",
        "There is no parameter called “conditions” here. Did you mean “condition”?",
    ),
    "clinic=x": ("clinic", "There is no parameter called “clinic” here."),
    "within=0": (
        "within",
        "The distance is a number of miles above 0, or “any”, not “0”.",
    ),
    "within=near": (
        "within",
        "The distance is a number of miles above 0, or “any”, not “near”.",
    ),
    "match=some": ("match", "“match” can be any or all, not “some”."),
    "format=xml": ("format", "“format” can be json, geojson or csv, not “xml”."),
    "limit=0": ("limit", "“limit” is a whole number from 1 to 1,000, not “0”."),
    "limit=1001": ("limit", "“limit” is a whole number from 1 to 1,000, not “1001”."),
    "limit=1.5": ("limit", "“limit” is a whole number from 1 to 1,000, not “1.5”."),
    "offset=-1": ("offset", "“offset” is a whole number from 0 to 1,000,000, not “-1”."),
    "near=": ("near", "“near” needs a value; it is empty. Leave it out to search without it."),
    "q=%20%20": ("q", "“q” needs a value; it is empty. Leave it out to search without it."),
    "q": ("q", "“q” needs a value; it is empty. Leave it out to search without it."),
    "near=20912&near=20850": ("near", "“near” can be given once; it is given 2 times."),
    "q=%FF": ("q", "“q” needs text in UTF-8; it has bytes that are none."),
    "q=a%00b": ("q", "“q” needs text on one line; it has control characters in it."),
    "sort=name%0d%0aX:1": (
        "sort",
        "“sort” needs text on one line; it has control characters in it.",
    ),
    f"q={'x' * 101}": ("q", "“q” can have at most 100 characters; it has 101."),
    f"near={'x' * 201}": ("near", "“near” can have at most 200 characters; it has 201."),
    "near=99999": (
        "near",
        "We know no ZIP code 99999. Check its five digits, or give a town instead.",
    ),
    "near=7700+Carroll+Avenue,+Takoma+Park,+MD+20912": (
        "near",
        "A street address is not looked up from a link, because links are kept in histories and "
        "logs. Give its town with the state, or its five-digit ZIP code.",
    ),
}


@pytest.mark.parametrize("query", SENTENCES, ids=lambda query: query[:30])
def test_what_cannot_be_used_is_named_in_a_sentence(app: ASGIApp, query: str) -> None:
    said = problem(app, f"/clinics?{query}")
    assert said["status"] == 400
    assert said["type"] == "/api#unusable-request"
    assert (said["parameter"], said["detail"]) == SENTENCES[query]
    (error,) = said["errors"]
    assert (error["parameter"], error["detail"]) == SENTENCES[query]


def test_a_problem_says_what_is_allowed_and_what_was_meant(app: ASGIApp) -> None:
    said = problem(app, "/clinics?payment=medicaids")
    assert said["did_you_mean"] == ["medicaid"]
    assert said["allowed"][:2] == ["medicaid", "medicare"]
    assert problem(app, "/clinics?format=geo")["allowed"] == ["json", "geojson", "csv"]
    assert problem(app, "/clinics?sort=Names")["allowed"] == ["distance", "name", "checked"]
    assert "near" in problem(app, "/clinics?neer=20912")["allowed"]


def test_a_name_of_many_towns_is_refused_with_all_of_them(app: ASGIApp) -> None:
    said = problem(app, "/clinics?near=philadelphia")
    assert said["did_you_mean"][0] == "Philadelphia, PA"
    assert said["detail"] == "There is more than one Philadelphia: choose one, or add the state."


def test_all_that_cannot_be_used_is_said_at_once(app: ASGIApp) -> None:
    said = problem(app, "/clinics?near=%ff&condition=x&condition=y&limit=0&color=red&sort=")
    named = sorted(error["parameter"] for error in said["errors"])
    assert named == ["color", "condition", "condition", "limit", "near", "sort"]


def test_a_flood_of_faults_is_answered_with_a_few(app: ASGIApp) -> None:
    query = "&".join(f"x{number}=1" for number in range(3000))
    assert len(problem(app, f"/clinics?{query}")["errors"]) == 20


def test_a_repeatable_parameter_can_be_repeated_and_not_without_end(app: ASGIApp) -> None:
    assert get(app, "/clinics?" + "&".join(["condition=ptsd"] * 100)).status == 200
    said = problem(app, "/clinics?" + "&".join(["condition=ptsd"] * 101))
    assert said["detail"] == "“condition” can be given 100 times; it is given 101 times."


@pytest.mark.parametrize("path", ["/conditions", "/treatments", "/categories", "/openapi.json"])
def test_where_there_is_nothing_to_choose_parameters_are_refused_too(
    app: ASGIApp, path: str
) -> None:
    assert get(app, f"{path}?format=json").status == 200
    assert problem(app, f"{path}?format=csv")["allowed"] == ["json"]
    lang = [] if path == "/openapi.json" else ["lang"]
    assert problem(app, f"{path}?near=20912")["allowed"] == ["format", *lang]


def test_places_need_a_text(app: ASGIApp) -> None:
    assert problem(app, "/places")["detail"] == "“q” is needed, and is not given."
    assert problem(app, "/places?q=")["errors"][0]["parameter"] == "q"
    assert len(problem(app, "/places?q=")["errors"]) == 1
    assert problem(app, "/places?q=Maryland")["status"] == 400


def test_a_place_that_nobody_knows_is_404_with_those_that_sound_like_it(app: ASGIApp) -> None:
    said = problem(app, "/places?q=Takoma+Prak")
    assert said["status"] == 404
    assert "Takoma Park, MD" in said["did_you_mean"]


@pytest.mark.parametrize("id", ["rock-creek-terapy-washington", "rock-creek-therapy-washingtn"])
def test_a_clinic_that_is_none_is_404_with_near_matches(app: ASGIApp, id: str) -> None:
    said = problem(app, f"/clinics/{id}")
    assert said["status"] == 404
    assert said["did_you_mean"][0] == "rock-creek-therapy-washington"


@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("/clinic", "/api/v1/clinics"),
        ("/clinic/", "/api/v1/clinics"),
        ("/condition", "/api/v1/conditions"),
        ("/../v2/clinics", "/api/v1/clinics"),
    ],
)
def test_an_address_that_is_none_is_404_with_near_matches(
    app: ASGIApp, path: str, near: str
) -> None:
    said = problem(app, path)
    assert said["status"] == 404
    assert near in said["did_you_mean"]


def test_a_last_slash_is_forgiven_and_what_was_asked_is_kept(app: ASGIApp) -> None:
    for path, led_to in (
        ("/api/", "/api"),
        ("/api/v1/clinics/?near=20912", "/api/v1/clinics?near=20912"),
    ):
        answer = asked(app, path)
        assert (answer.status, answer.headers["location"]) == (301, led_to)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get"])
@pytest.mark.parametrize("path", ["/clinics", "/clinics/x", "/places", "/nothing"])
def test_other_methods_are_405_and_told_which_there_are(
    app: ASGIApp, path: str, method: str
) -> None:
    answer = get(app, path, method=method, sent=(b"{}",))
    assert answer.status == 405
    assert answer.headers["allow"] in ALLOWED
    assert json.loads(answer.body)["title"] == "This service only answers questions"


# Our own troubles


@pytest.mark.parametrize("trouble", [BrokenDataset("The file is gone."), StoreUnavailable()])
@pytest.mark.parametrize(
    "path", ["/clinics?near=20912", "/clinics/x", "/conditions", "/places?q=a"]
)
def test_while_no_search_can_be_answered_it_is_503_and_when_to_come_back(
    trouble: Exception, path: str
) -> None:
    def broken() -> Directory:
        raise trouble

    app = app_of(service_of(broken))
    answer = get(app, path)
    assert answer.status == 503
    assert answer.headers["retry-after"] == "30"
    assert "Try again in half a minute." in problem(app, path)["detail"]
    assert "file" not in answer.text


def test_a_bug_is_500_with_an_id_and_the_log_has_nothing_of_the_search(
    directory: Directory, caplog: pytest.LogCaptureFixture
) -> None:
    def faulty(text: str) -> None:
        raise KeyError(text)

    service = replace(service_of(lambda: directory), find=faulty)
    with caplog.at_level(logging.DEBUG, logger="clinics"):
        said = problem(app_of(service), "/clinics?near=Takoma+Park&condition=ptsd")
    assert said["status"] == 500
    (line,) = caplog.messages
    id = line.removeprefix("Error ").partition(":")[0]
    assert f"(error {id})" in said["detail"]
    assert "KeyError" not in json.dumps(said)
    for word in ("Takoma", "ptsd"):
        assert word not in caplog.text


# Whatever the bytes


@settings(max_examples=300)
@example("near=%F0%9F%92%A9")
@example("near=%ED%A0%80")
@example("within=1e400")
@example("within=nan")
@example("limit=%D9%A1")
@example("&&=&=x&near")
@example("condition=%25%25&near=+")
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["near", "within", "q", "condition", "limit", "format", "sort", "x"]),
            st.one_of(
                st.text(max_size=20),
                st.sampled_from(["20912", "any", "ptsd", "%00", "%ff", "%", "1e-320", "+", "٣"]),
            ),
        ),
        max_size=5,
    ).map(lambda pairs: "&".join(f"{name}={value}" for name, value in pairs))
)
def test_whatever_is_asked_is_answered_or_refused_in_sentences(app: ASGIApp, query: str) -> None:
    raw = query.encode("utf-8", "surrogatepass").decode("latin-1")
    for path in ("/clinics", "/places", "/clinics/a"):
        answer = get(app, f"{path}?{raw}")
        assert answer.status in (200, 400, 404), answer.text
        if answer.status != 200:
            said = json.loads(answer.body)
            assert said["detail"][0].isupper() or said["detail"][0] in "“0"
            assert said["detail"].endswith((".", "?"))
