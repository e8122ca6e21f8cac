"""Who may publish: a door that is closed unless a token or a signed-in address opens it."""

from __future__ import annotations

import hashlib
import hmac
import logging
import math
import secrets
import threading
import time
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from clinics.domain.words import counted
from clinics.publishing.slowdown import Slowdown
from clinics.settings import Settings

PASS_SECONDS = 8 * 3600.0
MAX_NAME = 80
MAX_TOKEN = 500
MAX_PASSES = 500
TOKEN, OPENID, COMMAND_LINE = "token", "openid", "command line"
_log = logging.getLogger("clinics.access")
_NO_NAME = (
    f"Your name is needed, in 1 to {MAX_NAME} characters on one line: the history of versions "
    "says who published what."
)


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who may publish; `how` they came in, and the pass that the Door knows."""

    name: str
    how: str
    pass_id: str


class Refused(Exception):
    """Somebody may not come in; the message is one sentence for them, `why` is for the log."""

    def __init__(self, sentence: str, why: str = "") -> None:
        super().__init__(sentence)
        self.why = why


class SlowDown(Exception):
    """There were too many failures: `seconds` to wait; the message is one sentence."""

    def __init__(self, seconds: float) -> None:
        self.seconds = math.ceil(seconds)
        super().__init__(
            "There were too many tries with a wrong token. "
            f"Wait {counted(self.seconds, 'second')}, then try again; "
            "what is typed before that does not count."
        )


@dataclass(frozen=True, slots=True)
class _Pass:
    keeper: Keeper
    ends: float
    browser: str
    proof: str = ""
    """What OpenID Connect let in: one sign-in has one proof, in however many tabs."""


class Door:
    """Lets keepers in and out. One for each process; safe to use from many threads.

    A pass ends 8 hours after it was given, or when its keeper leaves. `now` counts seconds and
    `clock` is the time of day as seconds since 1970, which identity providers write.
    """

    def __init__(
        self,
        token_sha256: str,
        keepers: tuple[str, ...],
        now: Callable[[], float] = time.monotonic,
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._token_sha256 = token_sha256.lower()
        self._keepers = frozenset(address.casefold() for address in keepers)
        self._now, self._clock = now, clock
        self._slowdown = Slowdown(now)
        self._passes: dict[str, _Pass] = {}
        self._ended: dict[str, float] = {}
        self._greeted: OrderedDict[str, None] = OrderedDict()
        self._refused: deque[str] = deque(maxlen=MAX_PASSES)
        self._lock = threading.Lock()

    def enter_with_token(
        self, token: str, name: str, source: str, browser: str = "", session: str = ""
    ) -> Keeper:
        """Let in who has the token; `source` is where they come from, kept only as a hash.

        `session` tells those apart who come from one place, and `browser` is what `is_from` knows
        them by. Raises Refused, or SlowDown when that source or all together failed too often.
        """
        name = checked_name(name)
        if not self._token_sha256:
            raise Refused("This site takes no token. Sign in with your organization's account.")
        if not token.strip():
            raise Refused("The publishing token is needed; its box is empty.")
        with self._lock:
            seconds = self._slowdown.wait(source, session)
            if seconds > 0:
                raise SlowDown(seconds)
            if not self._is_token(token.strip()):
                self._slowdown.failed(source, session)
                _log.warning("A sign-in by token was refused: wrong token.")
                raise Refused(
                    "This is not the publishing token of this site. It needs every letter and "
                    "digit as they were given."
                )
            self._slowdown.succeeded(source, session)
            return self._give_pass(name, TOKEN, self._now() + PASS_SECONDS, browser)

    def _is_token(self, token: str) -> bool:
        given = sha256_of(token) if len(token) <= MAX_TOKEN else ""
        return hmac.compare_digest(given.encode(), self._token_sha256.encode())

    def enter_with_openid(self, claims: Mapping[str, object], browser: str = "") -> Keeper:
        """Let in whom an identity provider vouches for, when the address is on the list.

        `claims` are those of a checked identity token (OpenID Connect Core 1.0, sections 2 and
        5.1): `email` on the list, `email_verified` true, `iat` within 8 hours. `browser` is what
        `is_from` knows them by. Raises Refused.
        """
        if claims.get("is_logged_in") is not True:
            raise Refused("You are not signed in with your organization's account.")
        left, proof = self._seconds_left(claims), _proof_of(claims)
        try:
            email = self._address_on_list(claims)
        except Refused as problem:
            self._log_once(proof, problem.why)
            raise
        with self._lock:
            if left <= 0 or proof in self._ended:
                raise Refused("Your sign-in has ended. Sign in again.")
            return self._give_pass(email, OPENID, self._now() + left, browser, proof)

    def _log_once(self, proof: str, why: str) -> None:
        """Log a refusal once for each sign-in: whoever is refused asks again at each click."""
        with self._lock:
            if proof not in self._refused:
                self._refused.append(proof)
                _log.warning("A sign-in by %s was refused: %s.", OPENID, why)

    def _address_on_list(self, claims: Mapping[str, object]) -> str:
        email = str(claims.get("email") or "").strip()
        if not email:
            raise Refused(
                "Your organization's account gives no e-mail address; one is needed to know you.",
                "the account has no e-mail address",
            )
        if claims.get("email_verified") is not True:
            raise Refused(
                "Your organization's account does not say that it has checked the address "
                f"{email}.",
                "the e-mail address was not verified",
            )
        if email.casefold() not in self._keepers:
            raise Refused(
                f"{email} is not on this site's list of keepers. Whoever runs the site can add it.",
                "the e-mail address is not in CLINICS_KEEPERS",
            )
        return email.casefold()

    def _seconds_left(self, claims: Mapping[str, object]) -> float:
        """Return how much of its 8 hours a sign-in has left, whatever the clocks disagree on."""
        issued = claims.get("iat")
        if isinstance(issued, bool) or not isinstance(issued, (int, float)):
            return 0.0
        return min(PASS_SECONDS, issued + PASS_SECONDS - self._clock())

    def is_first_seen(self, claims: Mapping[str, object]) -> bool:
        """Tell once for each sign-in with OpenID Connect that it is new, whoever it is."""
        if claims.get("is_logged_in") is not True or self._seconds_left(claims) <= 0:
            return False
        proof = _proof_of(claims)
        with self._lock:
            new = proof not in self._greeted and proof not in self._ended
            self._greeted[proof] = None
            while len(self._greeted) > MAX_PASSES:
                self._greeted.popitem(last=False)
            return new

    def _give_pass(self, name: str, how: str, ends: float, browser: str, proof: str = "") -> Keeper:
        now = self._now()
        self._passes = {id: one for id, one in self._passes.items() if one.ends > now}
        self._ended = {proof: end for proof, end in self._ended.items() if end > now}
        while len(self._passes) >= MAX_PASSES:
            self._passes.pop(next(iter(self._passes)))
        keeper = Keeper(name, how, secrets.token_urlsafe(32))
        self._passes[keeper.pass_id] = _Pass(keeper, ends, browser, proof)
        _log.info("%s signed in by %s.", name, how)
        return keeper

    def is_valid(self, keeper: Keeper | None) -> bool:
        """Return True if this very pass was given here and has not ended."""
        if keeper is None:
            return False
        with self._lock:
            known = self._passes.get(keeper.pass_id)
            return known is not None and known.keeper == keeper and known.ends > self._now()

    def is_from(self, keeper: Keeper, browser: str) -> bool:
        """Return True if a valid pass was given to this very browser."""
        with self._lock:
            known = self._passes.get(keeper.pass_id)
            return known is not None and hmac.compare_digest(
                known.browser.encode(), browser.encode()
            )

    def leave(self, keeper: Keeper) -> None:
        """End a pass, and every other pass that came of the same sign-in."""
        with self._lock:
            known = self._passes.pop(keeper.pass_id, None)
            if known and known.proof:
                self._ended[known.proof] = self._now() + PASS_SECONDS
                self._passes = {
                    id: one for id, one in self._passes.items() if one.proof != known.proof
                }


def _proof_of(claims: Mapping[str, object]) -> str:
    """Return what tells one sign-in from another; the nonce is made anew for each."""
    parts = [str(claims.get(name, "")) for name in ("iss", "sub", "iat", "nonce", "jti")]
    return sha256_of("\n".join(parts))


def checked_name(name: str) -> str:
    """Return a keeper's name without spaces around it; raises Refused."""
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME or any(unicodedata.category(c)[0] == "C" for c in name):
        raise Refused(_NO_NAME)
    return name


def sha256_of(token: str) -> str:
    """Return the SHA-256 of a token as 64 hexadecimal digits."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def one_time_token() -> tuple[str, str]:
    """Return a new token that cannot be guessed (192 random bits), and its SHA-256."""
    token = secrets.token_hex(24)
    return token, sha256_of(token)


def command_line_keeper(name: str) -> Keeper:
    """Return the keeper of a command: whoever runs it on the server holds its database already.

    Raises Refused when the name cannot be used.
    """
    return Keeper(checked_name(name), COMMAND_LINE, "")


def may_check(settings: Settings, keeper: Keeper | None) -> bool:
    """Return True if a file may be checked and previewed in one's own session; publishing is apart.

    `keeper` must be one that the Door holds valid. Without a setting anyone may, as long as
    neither a token nor keepers are configured.
    """
    if keeper is not None or settings.open_checking:
        return keeper is not None or settings.open_checking == "yes"
    return is_unconfigured(settings)


def is_unconfigured(settings: Settings) -> bool:
    """Return True if nobody was named who may publish, so that the server makes its own token."""
    return not (settings.publish_token_sha256 or settings.keepers)
