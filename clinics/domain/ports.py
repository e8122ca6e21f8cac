"""What the core needs from outside, as Protocols, and the expected troubles of asking for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from clinics.domain.language import say
from clinics.domain.model import Point
from clinics.domain.sources import Decision, Proposal, Proposed


class PlaceError(Exception):
    """Say why a text gives no place (`what`) and what the visitor can do next (`next_step`).

    `str()` of it is both sentences, fit to show. It may quote a town that was typed, never an
    address; what it quotes is the visitor's own text, so whoever draws it as HTML escapes it.
    """

    default_what = "place.unusable"
    default_next_step = "place.give_town"
    """The ids of what is said where nothing else is."""

    def __init__(
        self, what: str = "", next_step: str = "", *, suggestions: tuple[str, ...] = ()
    ) -> None:
        self.what = what or say(self.default_what)
        self.next_step = next_step or say(self.default_next_step)
        self.suggestions = suggestions
        super().__init__(f"{self.what} {self.next_step}")

    @property
    def beside_suggestions(self) -> str:
        """What to show where the suggestions stand beside it as links or buttons, if any."""
        return self.what if self.suggestions else str(self)


class PlaceNotFound(PlaceError):
    """The text is well formed, and there is no such place; `suggestions` are nearby spellings."""

    default_what = "place.no_such_address"
    default_next_step = "place.check_it"


class PlaceNotUnderstood(PlaceError):
    """The text cannot be a place: empty, too long, out of range, or not made of words."""

    default_what = "place.no_place"


class GeocodingUnavailable(PlaceError):
    """The service that finds street addresses gave no usable answer; towns and ZIPs still work."""

    default_what = "place.no_answer"
    default_next_step = "place.try_again"


@dataclass(frozen=True, slots=True)
class GeocodedAddress:
    """Where an address is; `label` names its town and `zip` is five digits, or either is empty.

    Neither holds the street: an answer may be kept in memory, an address may not. `exact` means
    the house itself; otherwise the service knew only its street or town.
    """

    point: Point
    label: str = ""
    zip: str = ""
    exact: bool = True


class Geocoder(Protocol):
    """Finds street addresses in the United States."""

    def locate(self, address: str) -> GeocodedAddress | None:
        """Return where the address is, or None if there is none; raise GeocodingUnavailable."""
        ...


@dataclass(frozen=True, slots=True)
class LinkedFile:
    """What a link leads to: the file's bytes, and what it is called."""

    data: bytes
    filename: str


class LinkRefused(Exception):
    """A link gives no file: `what` says why and `next_step` what to do; `str()` is both.

    It names the host at most, never the link: whoever has that can read the sheet. `status` is
    what a site answered with, where it was that.
    """

    def __init__(self, what: str, next_step: str, status: int = 0) -> None:
        self.what = what
        self.next_step = next_step
        self.status = status
        super().__init__(f"{what} {next_step}")


class Links(Protocol):
    """Fetches files that are shared by a link."""

    def fetch(self, address: str) -> LinkedFile:
        """Return the file behind a link; raises LinkRefused."""
        ...


class StoreUnavailable(Exception):
    """The store of versions gives no answer; `str()` of it is one sentence for a keeper."""

    default = (
        "The store of versions is not answering. Visitors go on with the last good version; "
        "try again in a minute."
    )

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.default)


class Damaged(StoreUnavailable):
    """Something in the store is not as it was written; `what` names it. All else can be read."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"{what} is damaged in the store and cannot be read. Visitors go on with the last good "
            "version. Publish a file or restore another version, or put a good copy of the store "
            "in its place."
        )


class BackupRefused(Exception):
    """A backup is not made or not restored; the message says why, for whoever runs the service."""


class LiveMoved(Exception):
    """Somebody else published meanwhile: `live` is the number of the version that is live now."""

    def __init__(self, live: int) -> None:
        self.live = live
        super().__init__(
            f"Version {live} was published while you were reviewing. Nothing was changed. "
            "Look at the review again; it now compares with that version."
        )


class Store(Protocol):
    """Keeps versions and all that goes with them. Safe to use from many threads.

    Every call raises StoreUnavailable when the store does not answer, and Damaged, which is one
    too, when what was asked for is not as it was written. Lists leave such a row out.
    """

    def live_number(self) -> int:
        """Return the number of the newest version; 0 when nothing was ever published."""
        ...

    def stage(self, data: bytes, filename: str, plan: str = "") -> Upload:
        """Keep the bytes of an upload; the same bytes twice are one upload, the first."""
        ...

    def unpublished(self) -> tuple[Upload, ...]:
        """Return the uploads that no version was made from, the latest first."""
        ...

    def upload(self, sha256: str) -> Upload | None:
        """Return what is known of an upload, or None."""
        ...

    def upload_bytes(self, sha256: str) -> bytes | None:
        """Return the bytes of an upload exactly as received, or None."""
        ...

    def forget_uploads(self, received_before: dt.datetime) -> int:
        """Drop uploads older than this that no version was made from; return how many."""
        ...

    def forget_upload(self, sha256: str) -> bool:
        """Drop one upload that no version was made from; return False where there is none."""
        ...

    def unpublished_bytes(self) -> int:
        """Return how many bytes all uploads have that no version was made from."""
        ...

    def publish(self, draft: Draft, *, expected_live: int, base: Draft | None = None) -> int:
        """Make a draft the next version in one transaction, and return its number.

        The same `key` again returns the number it already has. `base` is kept as version 0 when
        nothing was published before. Raises LiveMoved when `expected_live` is not live any more.
        """
        ...

    def versions(self, *, limit: int = 50, before: int | None = None) -> tuple[VersionRecord, ...]:
        """Return versions, newest first; with `before` only those of a smaller number."""
        ...

    def version(self, number: int) -> VersionRecord | None:
        """Return one version, or None."""
        ...

    def table(self, number: int) -> bytes | None:
        """Return the whole directory of a version as CSV in our own columns, or None."""
        ...

    def report(self, number: int) -> str:
        """Return the report a version was published with, as JSON; "" without one."""
        ...

    def add_correction(self, new: NewCorrection) -> int:
        """Keep a correction as waiting, and return its id."""
        ...

    def corrections(
        self, status: CorrectionStatus | None = None, clinic_id: str = ""
    ) -> tuple[Correction, ...]:
        """Return corrections, oldest first, of one status or clinic if given."""
        ...

    def reject_correction(self, id: int, who: str, reason: str) -> bool:
        """Reject a waiting correction; return False when it is not waiting any more."""
        ...

    def address(self, key: str) -> FoundAddress | None:
        """Return what an earlier look-up of a listing's address gave, or None."""
        ...

    def remember_address(self, key: str, found: FoundAddress) -> None:
        """Keep what a look-up of a listing's address gave."""
        ...

    def proposals(self, source: str = "") -> tuple[Proposal, ...]:
        """Return everything that sources ever proposed, or one of them, the oldest first."""
        ...

    def propose(self, found: Sequence[Proposed]) -> None:
        """Keep what a source proposes now.

        What was put off or is done waits again; what was rejected or accepted stays so.
        """
        ...

    def decide(
        self, keys: Sequence[str], decision: Decision, who: str = "", reason: str = ""
    ) -> int:
        """Say what becomes of proposals; return of how many that differs from before."""
        ...

    def remembered(self, key: str) -> str:
        """Return what is kept under a key for keepers, "" where nothing is."""
        ...

    def remember(self, key: str, value: str) -> None:
        """Keep a text under a key in place of what was there; "" forgets it."""
        ...


class Change(StrEnum):
    """How a version came to be."""

    BUNDLED = "bundled"
    PUBLISH = "publish"
    EDIT = "edit"
    CORRECTION = "correction"
    RESTORE = "restore"


class CorrectionStatus(StrEnum):
    """What became of a correction."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was received: its bytes are kept under their SHA-256 and never change.

    `plan` is what it is for, as whoever staged it wrote it.
    """

    sha256: str
    filename: str
    received: dt.datetime
    size: int
    plan: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A version before it has a number: the whole directory, and what is said of it.

    `table` is the whole directory as CSV in our own columns (UTF-8). Two drafts with the same
    `key` are the same version. `report` is JSON in the shape of `validate --format json`.
    `settles` are the corrections that this version accepts.
    """

    key: str
    kind: Change
    who: str
    note: str
    table: bytes
    clinics: int
    added: int = 0
    changed: int = 0
    removed: int = 0
    upload_sha256: str = ""
    report: str = ""
    restored_from: int | None = None
    settles: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class VersionRecord:
    """One published version, without its table; `published` is UTC."""

    number: int
    published: dt.datetime
    kind: Change
    who: str
    note: str
    clinics: int
    added: int
    changed: int
    removed: int
    upload_sha256: str = ""
    restored_from: int | None = None


@dataclass(frozen=True, slots=True)
class NewCorrection:
    """What somebody says is wrong with a listing. Nothing about who says it."""

    clinic_id: str
    kind: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction in the queue, or handled; times are UTC."""

    id: int
    clinic_id: str
    kind: str
    text: str
    source: str
    received: dt.datetime
    status: CorrectionStatus
    handled: dt.datetime | None = None
    who: str = ""
    reason: str = ""
    version: int | None = None


@dataclass(frozen=True, slots=True)
class FoundAddress:
    """What a look-up of a listing's address gave; no point means that there is no such address."""

    point: Point | None
