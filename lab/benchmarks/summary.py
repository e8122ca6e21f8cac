"""Results -> a page of Markdown: what was measured against whom, and whether the aim is reached."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lab.benchmarks import (
    csv_check,
    facets,
    index_build,
    search_core,
    summary_sessions,
    summary_web,
)
from lab.benchmarks.search_peers import DATABASES

Result = dict[str, Any]
MILLION = 1_000_000


def page(results: dict[str, Result]) -> str:
    """Return the whole page; `results` are by the name of their file."""
    about = results["machine"]
    said = (
        f"Measured on {about['date']}: {about['cpu']}, {about['cores']} cores, Python "
        f"{about['python']}, {about['system']}. Load at the beginning {about['load_1_min']}, at "
        f"the end {about['load_at_end']}; more than the cores mean that other work slowed this. "
        f"Versions: {', '.join(f'{n} {v}' for n, v in about['versions'].items() if v)}."
    )
    asked = results.get("web", {"results": []})["results"]
    kind = "a quick run" if about["quick"] else "a full run"
    parts = [
        f"# Benchmarks: {kind}",
        said,
        "All figures of a table are from the same run, taken in turn. "
        "How to read them: [docs/benchmarks.md](../../../docs/benchmarks.md).",
        "## Aims",
        _table(("aim", "measured", "reached"), _verdicts(results)),
        "## Search: a condition, 25 miles, the 50 nearest",
        "Milliseconds, p50 (p95). Every question is from a place not asked from before; every "
        "answer was compared. “n” in brackets where a slow one ran fewer than the others.",
        *_search(results["search_core"]["results"]),
        "## Making a directory ready to be searched",
        _table(
            ("clinics", "who", "seconds", "of computing", "bytes a clinic beyond the table"),
            _built(results["index_build"]["results"]),
        ),
        "Bytes of the peers are the growth of the process, so they hold what building left behind.",
        "## Counts of every option of every filter",
        _table(("clinics", "chosen", "who", "p50 ms", "p95 ms", "times ours"),
               _facets(results["facets"]["results"])),
        "## Checking a clinic file",
        *_csv(results["csv_check"]["results"]),
        "## The API and the plain pages",
        summary_web.said(asked),
        *([_table(summary_web.HEAD, summary_web.rows(asked))] if asked else []),
        *_of_the_app(results),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _of_the_app(results: dict[str, Result]) -> list[str]:
    parts = []
    for name, head in summary_sessions.HEADS.items():
        if name in results:
            rows = summary_sessions.rows(name, results[name]["results"])
            parts += [f"## {summary_sessions.TITLES[name]}", _table(head, rows)]
    return parts


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def _reached(is_reached: bool) -> str:
    return "yes" if is_reached else "**no**"


def _verdicts(results: dict[str, Result]) -> list[tuple[str, str, str]]:
    return [
        *_search_verdicts(results["search_core"]["results"]),
        *_index_verdicts(results["index_build"]["results"]),
        _facets_verdict(results["facets"]["results"]),
        *_csv_verdicts(results["csv_check"]["results"]),
        *_web_verdicts(results.get("web", {"results": []})["results"]),
        *summary_sessions.verdicts(results),
    ]


def _search_verdicts(results: list[Result]) -> list[tuple[str, str, str]]:
    most = max(each["clinics"] for each in results)
    largest = [each for each in results if each["clinics"] == most]
    slowest = max(each["times"][search_core.OURS]["p50_ms"] for each in largest)
    said = "" if most == MILLION else f" (largest of this run: {most:,})"
    verdicts = [
        (f"search p50 at most {search_core.TARGET_MS:g} ms at 1,000,000{said}",
         f"{_number(slowest)} ms in the slowest of {len(largest)} kinds of place",
         _reached(slowest <= search_core.TARGET_MS) if most == MILLION else "not measured"),
    ]  # fmt: skip
    ratios = [
        (search_core.best_database(each["times"]) / each["times"][search_core.OURS]["p50_ms"],
         f"{each['shape']}, {each['density']}")
        for each in largest if DATABASES[0] in each["times"]
    ]  # fmt: skip
    if ratios:
        said = "; ".join(f"{ratio:.2g} times ({where})" for ratio, where in ratios)
        met = all(ratio >= search_core.TARGET_TIMES for ratio, _ in ratios)
        aim = f"at least {search_core.TARGET_TIMES:g} times faster than the better database there"
        verdicts.append((aim, said, _reached(met) if most == MILLION else "not measured"))
    meters = max(each["worst_meters"] for each in results)
    exact = ("exact to 1 m against geodesic, every result", f"at most {meters:.1g} m off",
             _reached(meters <= 1))  # fmt: skip
    least = min(each["times"][search_core.OURS]["p50_ms"] for each in results)
    flat = (
        "growth with size close to flat",
        f"p50 from {_number(least)} to {_number(slowest)} ms between the best kind of any size "
        f"and the worst of {most:,}",
        "see the table",
    )
    return [*verdicts, exact, flat]


def _index_verdicts(results: list[Result]) -> list[tuple[str, str, str]]:
    last = max(results, key=lambda each: each["clinics"])
    ours, number = last["built"]["ours"], last["clinics"]
    took, worked = ours["seconds"], ours["computing_seconds"]
    aim = f"1,000,000 ready in under {index_build.TARGET_S:g} s"
    return [
        (aim, f"{took:.2g} s, {worked:.2g} s of computing, for {number:,}",
         _reached(took < index_build.TARGET_S) if number == MILLION else "not measured"),
        (f"under {index_build.TARGET_BYTES} bytes a clinic beyond the table",
         f"{ours['bytes']:.0f}", _reached(ours["bytes"] < index_build.TARGET_BYTES)),
    ]  # fmt: skip


def _facets_verdict(results: list[Result]) -> tuple[str, str, str]:
    slowest = max(
        times["p50_ms"]
        for each in results
        for name, times in each["times"].items()
        if name.startswith("ours")
    )
    aim = f"every count of every filter at 100,000 in at most {facets.TARGET_MS:g} ms"
    return aim, f"p50 {_number(slowest)} ms at most", _reached(slowest <= facets.TARGET_MS)


def _csv_verdicts(results: list[Result]) -> list[tuple[str, str, str]]:
    ours = max(results, key=lambda each: each["rows"])["checked"]["ours"]
    seconds, peak = ours["seconds"], ours["peak_mb"]
    return [
        (f"100,000 rows checked in under {csv_check.TARGET_SECONDS:g} s", f"{seconds:.2g} s",
         _reached(seconds < csv_check.TARGET_SECONDS)),
        (f"under {csv_check.TARGET_MB} MB while checking 100,000 rows", f"{peak:.0f} MB",
         _reached(peak < csv_check.TARGET_MB)),
    ]  # fmt: skip


def _web_verdicts(results: list[Result]) -> list[tuple[str, str, str]]:
    found = summary_web.verdicts(results)
    return [(aim, measured, _reached(is_reached)) for aim, measured, is_reached in found]


def _search(results: list[Result]) -> list[str]:
    names = list(results[0]["times"])
    head = ("clinics", "spread", "around", "matching", *names)
    rows = []
    for each in results:
        most = each["times"][search_core.OURS]["n"]
        cells = [_milliseconds(each["times"][name], most) for name in names]
        place = (f"{each['clinics']:,}", each["shape"], each["density"])
        rows.append((*place, str(each["matching_p50"]), *cells))
    return [_table(head, rows)]


def _milliseconds(times: dict[str, float], most: float) -> str:
    fewer = f" [n {times['n']:g}]" if times["n"] < most else ""
    return f"{_number(times['p50_ms'])} ({_number(times['p95_ms'])}){fewer}"


def _built(results: list[Result]) -> Iterable[tuple[str, ...]]:
    for each in results:
        for name, figures in each["built"].items():
            seconds, worked = f"{figures['seconds']:.2g}", f"{figures['computing_seconds']:.2g}"
            yield f"{each['clinics']:,}", name, seconds, worked, _number(figures["bytes"])


def _facets(results: list[Result]) -> Iterable[tuple[str, ...]]:
    for each in results:
        ours = each["times"]["ours"]["p50_ms"]
        for name, times in each["times"].items():
            p50, p95 = _number(times["p50_ms"]), _number(times["p95_ms"])
            ratio = _number(times["p50_ms"] / ours)
            yield f"{each['clinics']:,}", each["query"], name, p50, p95, ratio


def _csv(results: list[Result]) -> list[str]:
    parts = []
    for each in results:
        ours = each["checked"]["ours"]["seconds"]
        rows = [
            (name, f"{f['seconds']:.2f}", f"{f['computing_seconds']:.2f}", f"{f['peak_mb']:.0f}",
             f"{f['whole_process_mb']:.0f}", f"{f['seconds'] / ours:.2g}")
            for name, f in each["checked"].items()
        ]  # fmt: skip
        said = f"{each['rows']:,} rows, {each['faulty']:,} of them faulty, {each['bytes']:,} bytes."
        head = ("who", "seconds", "of computing", "peak MB", "MB of the process", "times ours")
        parts += [said, _table(head, rows)]
    return parts
