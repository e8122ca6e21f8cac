"""Files behind links: what is fetched, from where it never is, and what is said of the rest."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator

import pytest

from clinics.adapters.linked_file import LinkedFiles
from clinics.adapters.public_web import is_public
from clinics.domain.ports import LinkRefused
from tests.linked_site import HERE, Stand, linked_site

SHEET = b"id,name\r\n1,A Made-up Clinic\r\n"


@pytest.fixture(scope="module")
def site() -> Iterator[Stand]:
    with linked_site(SHEET) as stand:
        yield stand


def refusal(links: LinkedFiles, address: str) -> str:
    with pytest.raises(LinkRefused) as refused:
        links.fetch(address)
    return str(refused.value)


def test_a_file_comes_as_it_is_with_its_name_and_without_the_query(site: Stand) -> None:
    found = site.links().fetch(site.url("/list.csv?key=secret"))
    assert (found.data, found.filename) == (SHEET, "list.csv")
    assert site.links().fetch(site.url("/named")).filename == "Our list.csv"


def test_three_times_it_may_be_sent_on_and_not_a_fourth_time(site: Stand) -> None:
    thrice = site.url("/to?/to?/to?/list.csv")
    assert site.links().fetch(thrice).data == SHEET
    assert "sends on and on" in refusal(site.links(), site.url("/to?/to?/to?/to?/list.csv"))
    assert "sends on and on" in refusal(site.links(), site.url("/loop"))


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/login", "made-up.example answers with a web page and not with a file."),
        ("/disguised.csv", "answers with a web page"),
        ("/status/404", "has no file at this address. Check the link"),
        ("/status/403", "does not give this file to everybody. Share it"),
        ("/status/500", "cannot give the file now. Try again"),
        ("/status/204", "gave no file (HTTP 204)"),
        ("/to?ftp://made-up.example/a", "not the address of a file on the web"),
        ("/to?https://accounts.google.com/ServiceLogin", "This sheet is not shared"),
        ("/to?http://127.0.0.2/list.csv", "not on the open internet"),
        ("/to?http://169.254.169.254/latest/meta-data", "not on the open internet"),
        ("/to?http://[::1]/list.csv", "not on the open internet"),
        ("/to?http://ana:pw@made-up.example/", "a name or a password"),
    ],
)
def test_everything_else_is_a_sentence_with_a_next_step(
    site: Stand, path: str, sentence: str
) -> None:
    assert sentence in refusal(site.links(), site.url(path))


def test_google_says_how_to_share_and_may_send_on_to_its_own_hosts_only(site: Stand) -> None:
    from clinics.adapters.sheet_addresses import may_send_on, share_it

    shared = share_it("accounts.google.com")
    assert shared is not None
    assert "Anyone with the link" in str(shared)
    assert may_send_on("docs.google.com", "doc-0s-sheets.googleusercontent.com")
    assert may_send_on("www.dropbox.com", "uc1.dl.dropboxusercontent.com")
    assert not may_send_on("docs.google.com", "made-up.example")
    assert not may_send_on("docs.google.com", "googleusercontent.com.made-up.example")
    assert may_send_on("a.example", "b.example")


def test_a_file_that_breaks_off_is_not_taken_for_the_whole(site: Stand) -> None:
    assert "did not answer as expected" in refusal(site.links(), site.url("/short"))


def test_a_file_that_is_too_large_is_not_read_to_its_end(site: Stand) -> None:
    assert "larger than 1e-05 MB" in refusal(site.links(most_bytes=10), site.url("/list.csv"))
    assert site.links(most_bytes=len(SHEET)).fetch(site.url("/list.csv")).data == SHEET


def test_what_drips_is_cut_off_when_time_is_up(site: Stand) -> None:
    links = site.links(longest_seconds=0.3)
    assert "takes too long" in refusal(links, site.url("/drip"))


def test_a_site_that_takes_the_call_and_says_nothing_is_too_slow() -> None:
    with socket.create_server((HERE, 0)) as silent:
        links = LinkedFiles(
            "x", 10, resolve=lambda *_: [HERE], may_ask=lambda _: True,
            may_use_port=lambda _: True, longest_seconds=0.2,
        )  # fmt: skip
        address = f"http://made-up.example:{silent.getsockname()[1]}/"
        assert "takes too long" in refusal(links, address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "192.0.2.1",
        "fe80::1%eth0", "not an address",
    ],
)  # fmt: skip
def test_addresses_inside_a_network_are_never_asked(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "142.250.1.1", "2607:f8b0::1", "64:ff9b::808:808"])
def test_addresses_of_the_open_internet_are_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_this_machine_is_refused_by_any_of_its_names(host: str) -> None:
    said = refusal(LinkedFiles("x", 10), f"http://{host}/list.csv?key=secret")
    assert "not on the open internet" in said
    assert "secret" not in said


def test_a_host_of_which_one_address_is_inside_is_refused_whole() -> None:
    links = LinkedFiles("x", 10, resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])
    assert "not on the open internet" in refusal(links, "https://made-up.example/")


def test_other_services_of_a_host_are_not_asked() -> None:
    links = LinkedFiles("x", 10, resolve=lambda *_: ["8.8.8.8"])
    assert "Port 6379" in refusal(links, "https://made-up.example:6379/")


def test_it_connects_to_the_address_that_was_checked_and_looks_up_no_second_time(
    site: Stand,
) -> None:
    answers = iter([[HERE]])
    links = LinkedFiles(
        "x", 1000, resolve=lambda *_: next(answers), may_ask=lambda a: a == HERE,
        may_use_port=lambda _: True,
    )  # fmt: skip
    assert links.fetch(site.url("/list.csv")).data == SHEET
    assert site.asked[-1] == "made-up.example/list.csv", "the host is asked by its name"


def test_a_host_that_there_is_not_is_said_so() -> None:
    def nowhere(*_: object) -> list[str]:
        raise socket.gaierror

    links = LinkedFiles("x", 10, resolve=nowhere)
    assert "There is no site made-up.example." in refusal(links, "https://made-up.example/a")


def test_no_link_is_logged(site: Stand, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    site.links().fetch(site.url("/list.csv?key=secret"))
    refusal(site.links(), site.url("/status/404?key=secret"))
    assert "A link to made-up.example gave a file of 29 bytes." in caplog.messages
    assert not [line for line in caplog.messages if "secret" in line or "list.csv" in line]


def test_only_so_many_are_fetched_at_once(site: Stand) -> None:
    links = site.links()
    links._web._workers = threading.BoundedSemaphore(1)
    links._web._workers.acquire()
    assert "Other files are being fetched." in refusal(links, site.url("/list.csv"))
