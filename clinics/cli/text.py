"""What the commands of keepers print: findings, comparisons, the history, the whole directory."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from zoneinfo import ZoneInfo

from clinics.domain.model import Clinic
from clinics.domain.ports import Upload, VersionRecord
from clinics.domain.words import counted
from clinics.intake.check import Checked
from clinics.intake.mending import MendedCell
from clinics.intake.report import Group, groups, report_json, to_do
from clinics.present.export import clinic_json, dumps, version_json
from clinics.publishing import snapshot
from clinics.publishing.candidate import Candidate, unsettled
from clinics.publishing.diff import Review
from clinics.publishing.plans import MODES, Plan
from clinics.search.dataset import Dataset

SIGNS = r"[^\w #./()-]+"
"""What may not stand in the name of a column on the command line; it makes no other name of it."""

SHOWN = 50
"""Findings of one kind that are printed; the number of all is always given."""

WHICH_OF_TWO = "Say whether this file is the whole directory, or has only new and changed listings."


def check_text(found: Candidate) -> str:
    """Return everything that `validate` says: what to do, what was found, what would change."""
    parts = [to_do(found.report), findings_text(found)]
    if found.is_undecided:
        parts.append(f"{_which(found)} Add --add, or --whole.")
    elif not found.checked.table.empty:
        parts.append(f"Compared with version {found.live}: {changes(found.review)}.")
        parts.append(conflicts_text(found))
        stops = filter(None, [found.review.breaker, *(b.sentence for b in found.review.brakes)])
        parts.append("\n".join(stops))
    can = "can" if found.report.publishable else "cannot"
    once = " once that is answered" if found.report.publishable and found.is_stopped else ""
    parts.append(f"This file {can} be published{once}.")
    return "\n\n".join(filter(None, parts))


def check_json(found: Candidate, cells: Sequence[MendedCell]) -> str:
    """Return the same for a program: the report, what stops the file, what is sure to mend."""
    answer = json.loads(report_json(found.report))
    review = found.review
    answer["compared_with"] = {
        "version": found.live,
        "made_from": found.live if found.made_from is None else found.made_from,
        "new": len(review.added),
        "changed": len(review.changed),
        "gone": len(review.gone),
        "same": review.unchanged,
    }
    answer["stops"] = list(_stops(found))
    answer["conflicts"] = [asdict(conflict) for conflict in found.conflicts]
    answer["sure"] = [asdict(cell) for cell in cells]
    return json.dumps(answer, ensure_ascii=False, indent=2)


def _which(found: Candidate) -> str:
    """Ask what the file is, also where its errors are what stops it first."""
    return found.refusal if found.report.publishable else WHICH_OF_TWO


def _stops(found: Candidate) -> Iterator[dict[str, object]]:
    """Yield what a keeper must answer before the file is published, and how a command does."""

    def stop(what: str, message: str, answer: str, column: str | None = None) -> dict[str, object]:
        return {"what": what, "column": column, "message": message, "answer": answer}

    if found.is_undecided:
        yield stop("mode", _which(found), "--add or --whole")
    if found.asks_day:
        yield stop("edition", found.refusal, "--edition DATE or --edition unknown")
    if found.conflicts:
        yield stop("conflicts", unsettled(found), "--conflicts file or --conflicts live")
    if found.review.breaker:
        names = ",".join(found.review.large)
        yield stop("large change", found.review.breaker, f"--allow {names}")
    for brake in found.review.brakes:
        said = stop("column", brake.sentence, f"--allow {brake.column}", brake.column)
        yield {**said, "reason": brake.reason, "cells": brake.count, "of": brake.total}


def drafts_text(drafts: Sequence[tuple[Upload, Plan]], time_zone: str) -> str:
    """Return the files that wait for a keeper, a line each, with times where the clinics are."""
    if not drafts:
        return "No file waits for a keeper."
    zone = ZoneInfo(time_zone)
    return "\n".join(_draft(upload, plan, zone) for upload, plan in drafts)


def _draft(upload: Upload, plan: Plan, zone: ZoneInfo) -> str:
    when = upload.received.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    said = (upload.sha256[:12], when, upload.filename, str(plan.kind), MODES.get(plan.mode, ""))
    return " · ".join(filter(None, said))


def findings_text(found: Candidate) -> str:
    """Return what was found, grouped by kind, errors first; "" when nothing was."""
    parts = ["\n".join(_group(group)) for group in groups(found.report, SHOWN)]
    parts += filter(None, [_columns_text(found.checked)])
    if found.good_rows_only and found.rows_left_out:
        rows = ", ".join(map(str, found.rows_left_out[:SHOWN]))
        more = found.report.left_out - len(found.rows_left_out[:SHOWN])
        parts.append(f"Left out: row {rows}{f' and {more} more' if more > 0 else ''}.")
    return "\n\n".join(parts)


def _columns_text(checked: Checked) -> str:
    """Say how to have columns read as what they most likely are; "" where none is like ours."""
    proposals = ",".join(
        f"{re.sub(SIGNS, ' ', one.name)}={one.proposal}"
        for one in checked.header.unsettled(checked.matching)
        if one.proposal
    )
    return f'If these columns are what they seem, add --columns "{proposals}"' if proposals else ""


def conflicts_text(found: Candidate) -> str:
    """Return each cell that was changed in the file and live; "" without one."""
    return "\n".join(
        f"{c.name} ({c.id}), {c.column}: it was “{c.base}”, is “{c.live}” live, and “{c.file}” in "
        "the file."
        for c in found.conflicts
    )


def _group(group: Group) -> Iterator[str]:
    kind = group.kind
    yield f"{str(kind.severity).capitalize()} {kind.code}: {group.total} found. {kind.fix}"
    for notice in group.notices:
        advice = f" {notice.fix}" if notice.fix not in ("", kind.fix) else ""
        yield f"  {notice.message}{advice}"
    if group.total > len(group.notices):
        yield f"  and {group.total - len(group.notices)} more"


def mended_text(cells: Sequence[MendedCell], out: str) -> str:
    """Return what was written anew in a mended file, a line each."""
    if not cells:
        return f"Nothing is sure to be mended; {out} is not written."
    lines = [f"  Row {c.row}, column “{c.column}”: “{c.old}” is now “{c.new}”" for c in cells]
    return "\n".join([f"{counted(len(cells), 'cell')} mended in {out}:", *lines])


def changes(review: Review) -> str:
    """Say in numbers what would change: "3 new, 2 changed, 1 gone, 225 the same"."""
    gone, changed = len(review.gone), len(review.changed)
    return f"{len(review.added)} new, {changed} changed, {gone} gone, {review.unchanged} the same"


def published_text(number: int, found: Candidate) -> str:
    """Say which version is live now, and what is new about it."""
    return f"Version {number} is live, with {len(found.table)} clinics: {changes(found.review)}."


def history_text(records: Sequence[VersionRecord], time_zone: str) -> str:
    """Return versions, a line each, newest first, with times where the clinics are."""
    if not records:
        return "Nothing was published yet. Visitors see version 0, the file that came with this."
    zone = ZoneInfo(time_zone)
    return "\n".join(_line(record, zone) for record in records)


def _line(record: VersionRecord, zone: ZoneInfo) -> str:
    when = record.published.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    of = "" if record.restored_from is None else f" of version {record.restored_from}"
    said = (
        f"{record.kind}{of}",
        record.who,
        f"{record.clinics} clinics",
        f"{record.added} new, {record.changed} changed, {record.removed} gone",
        record.note,
    )
    return f"{record.number:>4}  {when}  {' · '.join(filter(None, said))}"


def history_json(records: Sequence[VersionRecord]) -> str:
    """Return versions as JSON, newest first, with times in UTC."""
    rows = [{**asdict(r), "published": r.published.isoformat()} for r in records]
    return json.dumps({"versions": rows}, ensure_ascii=False, indent=2)


def _whole_json(dataset: Dataset) -> str:
    clinics = [clinic_json(clinic) for clinic in _clinics(dataset)]
    return f"{dumps({'version': version_json(dataset.version), 'clinics': clinics})}\n"


def _whole_geojson(dataset: Dataset) -> str:
    features = [_feature(clinic) for clinic in _clinics(dataset)]
    return f"{dumps({'type': 'FeatureCollection', 'features': features})}\n"


def _feature(clinic: Clinic) -> dict[str, object]:
    properties = clinic_json(clinic)
    lon, lat = properties.pop("lon"), properties.pop("lat")
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    return {"type": "Feature", "id": clinic.id, "geometry": geometry, "properties": properties}


def _whole_table(dataset: Dataset) -> str:
    lines = [
        " · ".join(filter(None, (c.name, f"{c.city}, {c.state}", c.phone, c.status, c.id)))
        for c in _clinics(dataset)
    ]
    return "".join(f"{line}\n" for line in lines)


def _clinics(dataset: Dataset) -> Iterator[Clinic]:
    return (dataset.clinic(row) for row in range(len(dataset)))


SHAPES: Mapping[str, Callable[[Dataset], str]] = {
    "csv": lambda dataset: snapshot.as_csv(dataset.table).decode(),
    "json": _whole_json,
    "geojson": _whole_geojson,
    "table": _whole_table,
}
"""Every shape of the whole directory, closed clinics too."""
