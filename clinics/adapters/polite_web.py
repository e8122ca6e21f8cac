"""Asks public sources as a guest does: by its own name, slowly, and only what robots.txt allows."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from urllib.parse import SplitResult

from clinics.adapters.public_web import Answer, Judge, Onward, PublicWeb
from clinics.adapters.sheet_addresses import host_of, parts_of
from clinics.domain.ports import LinkRefused

AGENT = "clinicdirectory"
"""What a robots.txt calls us."""

PAUSE_SECONDS = 1.0
"""Between two questions to one host."""

LONGEST_PAUSE = 10.0
"""Of a `Crawl-delay` at most so much is kept to."""

_READ = 500_000
"""Characters of a robots.txt that are looked at."""

_OPEN_YOURSELF = "Open it yourself in a browser."
_turns = threading.Lock()
_last_turn: dict[str, float] = {}
"""When each host was or will be asked last: the pause holds for the whole process."""


class NotWanted(LinkRefused):
    """A host does not want to be read by programs, or not by this one."""


class NotThere(LinkRefused):
    """A host says that there is nothing at an address."""


class SentOn(LinkRefused):
    """An address sends on to another host."""


Rule = tuple[str, bool]
"""The path of a line, and whether it allows."""


class PoliteWeb:
    """One round of questions; what robots.txt says is asked once a host."""

    def __init__(
        self,
        web: PublicWeb,
        token: str,
        *,
        pause: float = PAUSE_SECONDS,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._web = web
        self._token = token.casefold()
        self._pause = pause
        self._now = now
        self._sleep = sleep
        self._robots: dict[str, tuple[Sequence[Rule], float]] = {}

    def get(self, url: str) -> Answer:
        """Return what an address gives; raises LinkRefused."""
        parts = parts_of(url)
        if parts.netloc not in self._robots:
            self._robots[parts.netloc] = self._read_robots(parts)
        rules, _ = self._robots[parts.netloc]
        _hold_to_rules(rules, parts)

        def onward(first: SplitResult, here: SplitResult, there: SplitResult) -> None:
            _hold_to_host(first, here, there)
            _hold_to_rules(rules, there)
            self._wait(there.netloc, self._pause)

        return self._take_turn(parts, url, _hold_to_answer, onward)

    def get_again(self, url: str) -> Answer:
        """Return what an address gives; a fault of the site is asked about once more."""
        try:
            return self.get(url)
        except LinkRefused as refused:
            if refused.status < 500:
                raise
        return self.get(url)

    def _read_robots(self, parts: SplitResult) -> tuple[Sequence[Rule], float]:
        """Return the lines for us and the pause asked for; without a file all is allowed."""
        missing: list[int] = []

        def judge(status: int, _kind: str, host: str) -> None:
            if 400 <= status < 500 and status != 429:
                missing.append(status)
                raise LinkRefused(f"{host} has no robots.txt.", "")
            if status != 200:
                raise LinkRefused(f"{host} cannot say now what programs may read.", "Try later.")

        address = parts._replace(path="/robots.txt", query="", fragment="").geturl()
        try:
            answer = self._take_turn(parts, address, judge, _hold_to_host)
        except LinkRefused:
            if missing:
                return (), self._pause
            raise
        return rules_for(self._token, answer.data.decode("utf-8", "replace")[:_READ])

    def _take_turn(self, parts: SplitResult, url: str, judge: Judge, onward: Onward) -> Answer:
        _, asked_pause = self._robots.get(parts.netloc, ((), 0.0))
        self._wait(parts.netloc, max(self._pause, min(asked_pause, LONGEST_PAUSE)))
        return self._web.get(url, judge, onward)

    def _wait(self, host: str, pause: float) -> None:
        """Wait for the turn of a question to a host."""
        with _turns:
            now = self._now()
            turn = max(now, _last_turn.get(host, now - pause) + pause)
            _last_turn[host] = turn
        if turn > now:
            self._sleep(turn - now)


def rules_for(token: str, text: str) -> tuple[Sequence[Rule], float]:
    """Return the lines of a robots.txt that are for us, else those for all, and its pause."""
    groups: dict[str, list[Rule]] = {}
    pauses: dict[str, float] = {}
    names: list[str] = []
    is_naming = False
    for line in text.splitlines():
        key, _, value = line.partition("#")[0].partition(":")
        key, value = key.strip().casefold(), value.strip()
        if key == "user-agent":
            name = value.casefold().partition("/")[0].strip()  # some write a version
            names = [*names, name] if is_naming else [name]
            groups.setdefault(names[-1], [])
            is_naming = True
            continue
        is_naming = is_naming and not key
        if key in ("allow", "disallow") and value:
            for name in names:
                groups[name].append((value, key == "allow"))
        elif key == "crawl-delay" and re.fullmatch(r"\d{1,6}(\.\d{1,3})?", value):
            pauses |= dict.fromkeys(names, float(value))
    ours = token if token in groups else "*"
    return groups.get(ours, []), pauses.get(ours, 0.0)


def allows(rules: Sequence[Rule], path: str) -> bool:
    """Return True if the longest line that fits a path allows it; `*` and a last `$` are known."""
    best = max(
        ((len(rule), allowed) for rule, allowed in rules if _fits(rule, path)), default=(0, True)
    )
    return best[1]


def _fits(rule: str, path: str) -> bool:
    """Match without a regular expression of theirs: many stars would take it forever."""
    is_end = rule.endswith("$")
    first, *rest = rule.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, part in enumerate(rest, start=1):
        if is_end and number == len(rest):
            return path.endswith(part) and len(path) - len(part) >= at
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not is_end or at == len(path)


def _hold_to_rules(rules: Sequence[Rule], parts: SplitResult) -> None:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not allows(rules, path):
        raise NotWanted(f"{host_of(parts)} does not want programs to read this.", _OPEN_YOURSELF)


def _hold_to_host(first: SplitResult, _: SplitResult, there: SplitResult) -> None:
    """Follow only within the host that was asked, with or without www."""
    asked, then = host_of(first), host_of(there)
    if asked.removeprefix("www.") != then.removeprefix("www."):
        raise SentOn(f"{asked} sends on to {then}, which is not its own.", _OPEN_YOURSELF)


def _hold_to_answer(status: int, _kind: str, host: str) -> None:
    if status in (401, 403, 429):
        raise NotWanted(
            f"{host} does not want to be read by a program now (HTTP {status}).",
            _OPEN_YOURSELF,
            status,
        )
    if status in (404, 410):
        raise NotThere(f"{host} has nothing at this address.", "It may have moved.", status)
    if status != 200:
        raise LinkRefused(f"{host} cannot answer now (HTTP {status}).", "Try again later.", status)
