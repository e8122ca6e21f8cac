"""An address service on this machine that answers as it is told: good, slow, refusing and lying."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from clinics.domain.ports import GeocodingUnavailable

AGENT = "clinic-directory-tests (tests@example.org)"


@dataclass
class Service:
    """A service that answers as told: status, body, headers and seconds of delay."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: bool = False
    requests: list[str] = field(default_factory=list)
    agents: list[str | None] = field(default_factory=list)
    url: str = ""

    def says(self, answer: Any, status: int = 200) -> None:
        self.body, self.status = json.dumps(answer).encode(), status


class Time:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0
        self.sleeps: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.now += seconds


def fails(act: Callable[[], object]) -> GeocodingUnavailable:
    with pytest.raises(GeocodingUnavailable) as caught:
        act()
    assert str(caught.value) == (
        "The address service is not answering. "
        "Give a town or a ZIP code instead, or try again in a minute."
    )
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    return caught.value
