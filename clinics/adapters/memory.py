"""Ports that live in memory: for tests, demonstrations and work without a network."""

from __future__ import annotations

import datetime as dt
import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from clinics.adapters.stored_text import FILE_GONE, storable
from clinics.domain.ports import (
    Correction,
    CorrectionStatus,
    Draft,
    FoundAddress,
    GeocodedAddress,
    GeocodingUnavailable,
    LiveMoved,
    NewCorrection,
    StoreUnavailable,
    Upload,
    VersionRecord,
)
from clinics.domain.sources import Decision, Proposal, Proposed


class DictGeocoder:
    """Answer addresses from a mapping, ignoring case and spacing; `calls` counts the questions.

    With `fail` set, each call raises GeocodingUnavailable.
    """

    def __init__(
        self, mapping: Mapping[str, GeocodedAddress | None] | None = None, fail: bool = False
    ) -> None:
        self._answers = {_normal(address): found for address, found in (mapping or {}).items()}
        self.fail = fail
        self.calls = 0

    def locate(self, address: str) -> GeocodedAddress | None:
        """Return the mapped answer or None; raise GeocodingUnavailable when told to fail."""
        self.calls += 1
        if self.fail:
            raise GeocodingUnavailable
        return self._answers.get(_normal(address))


class MemoryStore:
    """A Store that lives as long as the process; with `fail` set each call is StoreUnavailable.

    What goes in comes out as the real stores give it, characters no database keeps included.
    """

    def __init__(self, now: Callable[[], dt.datetime] | None = None, fail: bool = False) -> None:
        self.fail = fail
        self._now = now or (lambda: dt.datetime.now(dt.UTC))
        self._lock = threading.RLock()
        self._uploads: dict[str, tuple[Upload, bytes]] = {}
        self._versions: dict[int, tuple[VersionRecord, Draft]] = {}
        self._corrections: dict[int, Correction] = {}
        self._addresses: dict[str, FoundAddress] = {}
        self._remembered: dict[str, str] = {}
        self._proposals: dict[str, Proposal] = {}

    def live_number(self) -> int:
        """Return the number of the newest version; 0 when nothing was ever published."""
        with self._answering():
            return max(self._versions, default=0)

    def stage(self, data: bytes, filename: str, plan: str = "") -> Upload:
        """Keep the bytes of an upload; the same bytes twice are one upload, the first."""
        sha256 = hashlib.sha256(data).hexdigest()
        with self._answering():
            new = Upload(sha256, storable(filename), self._now(), len(data), storable(plan))
            return self._uploads.setdefault(sha256, (new, bytes(data)))[0]

    def upload(self, sha256: str) -> Upload | None:
        """Return what is known of an upload, or None."""
        with self._answering():
            return self._uploads[sha256][0] if sha256 in self._uploads else None

    def upload_bytes(self, sha256: str) -> bytes | None:
        """Return the bytes of an upload exactly as received, or None."""
        with self._answering():
            return self._uploads[sha256][1] if sha256 in self._uploads else None

    def forget_uploads(self, received_before: dt.datetime) -> int:
        """Drop uploads older than this that no version was made from; return how many."""
        with self._answering():
            old = [one.sha256 for one in self._unused() if one.received < received_before]
            for sha256 in old:
                del self._uploads[sha256]
            return len(old)

    def forget_upload(self, sha256: str) -> bool:
        """Drop one upload that no version was made from; return False where there is none."""
        with self._answering():
            found = any(one.sha256 == sha256 for one in self._unused())
            if found:
                del self._uploads[sha256]
            return found

    def unpublished_bytes(self) -> int:
        """Return how many bytes all uploads have that no version was made from."""
        with self._answering():
            return sum(upload.size for upload in self._unused())

    def unpublished(self) -> tuple[Upload, ...]:
        """Return the uploads that no version was made from, the latest first."""
        with self._answering():
            by_name = sorted(self._unused(), key=lambda upload: upload.sha256)
            return tuple(sorted(by_name, key=lambda upload: upload.received, reverse=True))

    def _unused(self) -> list[Upload]:
        used = {record.upload_sha256 for record, _ in self._versions.values()}
        return [upload for upload, _ in self._uploads.values() if upload.sha256 not in used]

    def publish(self, draft: Draft, *, expected_live: int, base: Draft | None = None) -> int:
        """Make a draft the next version, and return its number; the rules are those of the port."""
        with self._answering():
            for number, (_, kept) in self._versions.items():
                if storable(kept.key) == storable(draft.key):
                    return number
            live = self.live_number()
            if live != expected_live:
                raise LiveMoved(live)
            first = {0: base} if base and not self._versions else {}
            added = first | {live + 1: draft}
            if any(
                d.upload_sha256 and d.upload_sha256 not in self._uploads for d in added.values()
            ):
                raise StoreUnavailable(FILE_GONE)
            moment = self._now()
            self._versions |= {n: (_record(d, n, moment), d) for n, d in added.items()}
            self._accept(draft, live + 1, moment)
            return live + 1

    def _accept(self, draft: Draft, number: int, moment: dt.datetime) -> None:
        for id in draft.settles:
            self._handle(
                id, CorrectionStatus.ACCEPTED, moment, who=storable(draft.who), version=number
            )

    def versions(self, *, limit: int = 50, before: int | None = None) -> tuple[VersionRecord, ...]:
        """Return versions, newest first; with `before` only those of a smaller number."""
        with self._answering():
            numbers = sorted(self._versions, reverse=True)
            chosen = [n for n in numbers if before is None or n < before][: max(limit, 0)]
            return tuple(self._versions[number][0] for number in chosen)

    def version(self, number: int) -> VersionRecord | None:
        """Return one version, or None."""
        with self._answering():
            return self._versions[number][0] if number in self._versions else None

    def table(self, number: int) -> bytes | None:
        """Return the whole directory of a version as CSV in our own columns, or None."""
        with self._answering():
            return self._versions[number][1].table if number in self._versions else None

    def report(self, number: int) -> str:
        """Return the report a version was published with, as JSON; "" without one."""
        with self._answering():
            return storable(self._versions[number][1].report) if number in self._versions else ""

    def add_correction(self, new: NewCorrection) -> int:
        """Keep a correction as waiting, and return its id."""
        with self._answering():
            id = len(self._corrections) + 1
            self._corrections[id] = Correction(
                id=id,
                clinic_id=storable(new.clinic_id),
                kind=storable(new.kind),
                text=storable(new.text),
                source=storable(new.source),
                received=self._now(),
                status=CorrectionStatus.WAITING,
            )
            return id

    def corrections(
        self, status: CorrectionStatus | None = None, clinic_id: str = ""
    ) -> tuple[Correction, ...]:
        """Return corrections, oldest first, of one status or clinic if given."""
        with self._answering():
            return tuple(
                one
                for one in self._corrections.values()
                if status in (None, one.status) and storable(clinic_id) in ("", one.clinic_id)
            )

    def reject_correction(self, id: int, who: str, reason: str) -> bool:
        """Reject a waiting correction; return False when it is not waiting any more."""
        with self._answering():
            status, moment = CorrectionStatus.REJECTED, self._now()
            return self._handle(id, status, moment, who=storable(who), reason=storable(reason))

    def _handle(
        self,
        id: int,
        status: CorrectionStatus,
        moment: dt.datetime,
        *,
        who: str,
        reason: str = "",
        version: int | None = None,
    ) -> bool:
        one = self._corrections.get(id)
        if one is None or one.status is not CorrectionStatus.WAITING:
            return False
        self._corrections[id] = replace(
            one, status=status, handled=moment, who=who, reason=reason, version=version
        )
        return True

    def address(self, key: str) -> FoundAddress | None:
        """Return what an earlier look-up of a listing's address gave, or None."""
        with self._answering():
            return self._addresses.get(storable(key))

    def remember_address(self, key: str, found: FoundAddress) -> None:
        """Keep what a look-up of a listing's address gave."""
        with self._answering():
            self._addresses[storable(key)] = found

    def proposals(self, source: str = "") -> tuple[Proposal, ...]:
        """Return everything that sources ever proposed, or one of them, the oldest first."""
        with self._answering():
            kept = [one for one in self._proposals.values() if source in ("", one.source)]
            return tuple(sorted(kept, key=lambda one: (one.first_seen, one.key)))

    def propose(self, found: Sequence[Proposed]) -> None:
        """Keep what a source proposes now; what was rejected or accepted stays so."""
        with self._answering():
            now = self._now()
            for one in found:
                was = self._proposals.get(one.key)
                if was is None:
                    self._proposals[one.key] = Proposal(
                        one.key, one.source, one.clinic_id, one.field, storable(one.body),
                        first_seen=now, last_seen=now, decision=Decision.PENDING,
                    )  # fmt: skip
                    continue
                stays = was.decision in (Decision.REJECTED, Decision.ACCEPTED)
                self._proposals[one.key] = replace(
                    was,
                    body=storable(one.body),
                    last_seen=now,
                    decision=was.decision if stays else Decision.PENDING,
                    first_seen=now if was.decision is Decision.DONE else was.first_seen,
                )

    def decide(
        self, keys: Sequence[str], decision: Decision, who: str = "", reason: str = ""
    ) -> int:
        """Say what becomes of proposals; return of how many that differs from before."""
        with self._answering():
            now = self._now()
            kept = [self._proposals[key] for key in dict.fromkeys(keys) if key in self._proposals]
            changed = [one for one in kept if one.decision is not decision]
            for one in changed:
                self._proposals[one.key] = replace(
                    one,
                    decision=decision,
                    handled=now,
                    who=storable(who),
                    reason=storable(reason),
                )
            return len(changed)

    def remembered(self, key: str) -> str:
        """Return what is kept under a key for keepers, "" where nothing is."""
        with self._answering():
            return self._remembered.get(storable(key), "")

    def remember(self, key: str, value: str) -> None:
        """Keep a text under a key in place of what was there; "" forgets it."""
        with self._answering():
            self._remembered[storable(key)] = storable(value)

    def _answering(self) -> threading.RLock:
        """Return the lock that each call holds, unless the store was told to fail."""
        if self.fail:
            raise StoreUnavailable
        return self._lock


def _record(draft: Draft, number: int, published: dt.datetime) -> VersionRecord:
    return VersionRecord(
        number=number,
        published=published,
        kind=draft.kind,
        who=storable(draft.who),
        note=storable(draft.note),
        clinics=draft.clinics,
        added=draft.added,
        changed=draft.changed,
        removed=draft.removed,
        upload_sha256=draft.upload_sha256,
        restored_from=draft.restored_from,
    )


def _normal(address: str) -> str:
    return " ".join(address.casefold().split())
