"""Two sources that say otherwise of one field: side by side, and a keeper believes one of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from clinics.domain.field_sources import FactSource
from clinics.domain.ports import Store
from clinics.domain.sources import Decision, Proposal
from clinics.publishing.proposals import GONE, NEW, SAME, body_of, norm

OTHER_BELIEVED = "Another source was believed"
_WAITING = (Decision.PENDING, Decision.ACCEPTED)


def side_by_side(
    proposals: Iterable[Proposal], sources: Mapping[str, FactSource]
) -> list[list[Proposal]]:
    """Return proposals field by field, of each the source with the most `weight` first."""

    def weight(proposal: Proposal) -> int:
        known = sources.get(proposal.source)
        return known.weight if known else 0

    rows: dict[tuple[str, ...], list[Proposal]] = {}
    for one in sorted(proposals, key=weight, reverse=True):
        rows.setdefault(_row(one), []).append(one)
    return list(rows.values())


def differ(row: Sequence[Proposal]) -> bool:
    """Return True if the sources of one row do not say the same."""
    return len({_value(one) for one in row}) > 1


def undisputed(proposals: Iterable[Proposal], accepted: Iterable[Proposal] = ()) -> list[str]:
    """Return the keys of what no two sources say differently: that may be accepted together.

    What is `accepted` already counts as said: else a later look would put it aside unseen.
    """
    waiting = [*proposals]
    keys = {one.key for one in waiting}
    rows = side_by_side([*waiting, *accepted], {})
    return [one.key for row in rows if not differ(row) for one in row if one.key in keys]


def instead_of(proposal: Proposal, accepted: Iterable[Proposal]) -> Proposal | None:
    """Return what was accepted of the same field and says otherwise, or None."""
    for one in accepted:
        if _row(one) == _row(proposal) and _value(one) != _value(proposal):
            return one
    return None


def accept(store: Store, keys: Collection[str], who: str) -> None:
    """Accept proposals, and put aside what another source says of the same field.

    What says the same is settled with it; what says otherwise is rejected until this is taken back.
    """
    kept = store.proposals()
    chosen = {_row(one): _value(one) for one in kept if one.key in keys}
    rivals = [one for one in kept if one.key not in keys and one.decision in _WAITING]
    rivals = [one for one in rivals if _row(one) in chosen]
    same = [one.key for one in rivals if _value(one) == chosen[_row(one)]]
    store.decide([*keys], Decision.ACCEPTED, who)
    store.decide(same, Decision.DONE, who)
    others = [one.key for one in rivals if one.key not in same]
    store.decide(others, Decision.REJECTED, who, OTHER_BELIEVED)


def take_back(store: Store, key: str, who: str) -> None:
    """Let a proposal wait again, with what was put aside for it."""
    kept = store.proposals()
    rows = {_row(one) for one in kept if one.key == key}
    aside = [
        one.key
        for one in kept
        if one.decision is Decision.REJECTED and one.reason == OTHER_BELIEVED and _row(one) in rows
    ]
    store.decide([key, *aside], Decision.PENDING, who)


def _row(proposal: Proposal) -> tuple[str, ...]:
    whole = proposal.field in (SAME, NEW, GONE)
    return (proposal.clinic_id, proposal.field, proposal.key if whole else "")


def _value(proposal: Proposal) -> str:
    return norm(proposal.field, body_of(proposal).cells)
