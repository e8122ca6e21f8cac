"""The one guard of every address that is asked: what it never connects to, in any form."""

from __future__ import annotations

import socket

import pytest

from clinics.adapters.linked_file import LinkedFiles
from clinics.adapters.public_web import PublicWeb, is_outside, is_public
from clinics.domain.ports import LinkRefused
from scripts.demo_pages import Reply
from scripts.demo_sources import stand_in
from tests.sources import polite

FORBIDDEN = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0177.0.0.1 0x7f.0x0.0x0.0x1 127.255.255.254
localhost LOCALHOST localhost. sub.localhost printer.local db.internal nas.home.arpa intranet
0.0.0.0 0 10.0.0.1 172.16.0.1 172.31.255.255 192.168.1.1 169.254.169.254 100.64.0.1 192.0.2.1
198.18.0.1 192.0.0.192 168.63.129.16 203.0.113.9 224.0.0.1 240.0.0.1 255.255.255.255 192.88.99.1
[::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::ffff:169.254.169.254] [fe80::1] [fc00::1]
[fd00:ec2::254] [fec0::1] [ff02::1] [64:ff9b::7f00:1] [64:ff9b:1::1] [2002:7f00:1::]
[2001:0:4136:e378:8000:63bf:3fff:fdd2] [2001:db8::1] [3fff::1] [::127.0.0.1]
""".split()
"""Forms of addresses that are inside some network, or of no network at all."""


def as_libc_reads(host: str, _port: int) -> list[str]:
    """Return the address of a numeric host in any of its forms, as a look-up does."""
    if ":" in host:
        return [host]
    try:
        return [socket.inet_ntoa(socket.inet_aton(host))]
    except OSError:
        return ["127.0.0.1"] if "localhost" in host else ["8.8.8.8"]


def web() -> PublicWeb:
    return PublicWeb("made-up/1.0", 1000, accept="*/*", resolve=as_libc_reads, longest_seconds=2.0)


def nothing(*_: object) -> None:
    raise AssertionError("it must not get as far")


def test_there_are_forty_forms_and_more() -> None:
    assert len(FORBIDDEN) >= 40


@pytest.mark.parametrize("host", FORBIDDEN)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_form_of_an_inside_address_is_asked(scheme: str, host: str) -> None:
    with pytest.raises(LinkRefused) as refused:
        web().get(f"{scheme}://{host}/", nothing, nothing)
    assert "not on the open internet" in refused.value.what


@pytest.mark.parametrize("host", FORBIDDEN)
def test_a_link_that_somebody_typed_meets_the_same_guard(host: str) -> None:
    links = LinkedFiles("made-up/1.0", 1000, resolve=as_libc_reads, longest_seconds=2.0)
    with pytest.raises(LinkRefused, match="not on the open internet"):
        links.fetch(f"http://{host}/list.csv")


@pytest.mark.parametrize(
    "address",
    [
        "ftp://made-up.example/", "file:///etc/passwd", "gopher://made-up.example/", "//x/",
        "http://ana:pw@made-up.example/", "http://made-up.example\\@127.0.0.1/",
        "http://made-up.example:0/", "http://made-up.example:99999/", "http:///x", "",
        "http://made-up.example/\r\nHost: other",
    ],
)  # fmt: skip
def test_other_schemes_and_odd_addresses_are_refused(address: str) -> None:
    with pytest.raises(LinkRefused):
        web().get(address, nothing, nothing)


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
def test_other_ports_than_those_of_the_web_are_refused(port: int) -> None:
    with pytest.raises(LinkRefused, match=f"Port {port}"):
        web().get(f"http://made-up.example:{port}/", nothing, nothing)


@pytest.mark.parametrize("fault", ["bomb", "more than gzip", "gzip of nothing", "3 MB"])
def test_no_more_is_read_than_may_be_whatever_comes_of_it(fault: str) -> None:
    """What follows a packed answer, or is packed and gives nothing, would fill the memory."""
    with stand_in([], {}) as stand:
        stand.fault = fault
        asked = polite(stand)
        with pytest.raises(LinkRefused, match=r"larger than 2 MB"):
            asked.get(stand.address + "/exportsAsJson/v2")


def test_a_host_of_other_letters_is_asked_by_the_name_that_the_network_knows() -> None:
    page = Reply(b"made up", 200)
    with stand_in([], {("xn--mnchen-3ya.example", "/"): page}) as stand:
        asked = polite(stand, resolve=lambda *_: ("127.0.0.1",))
        port = stand.server_address[1]
        assert asked.get(f"http://m\u00fcnchen.example:{port}/").data == b"made up"


def test_addresses_of_the_open_internet_are_public() -> None:
    for address in ("8.8.8.8", "142.250.1.1", "2607:f8b0::1", "64:ff9b::808:808"):
        assert is_public(address)
    assert is_outside("findtreatment.gov")
