"""Results of the running app -> verdicts and tables, for the page of `summary`."""

from __future__ import annotations

from typing import Any

from lab.benchmarks import (
    first_look,
    in_browser,
    lighthouse,
    one_look,
    sent,
    sessions,
    start,
)
from lab.benchmarks.servers import HELLO, OURS, TUTORIAL

Result = dict[str, Any]
Row = tuple[str, ...]
HEADS: dict[str, Row] = {
    "sessions": ("clinics", "who", "rerun alone, p50 ms", "p95", "times hello-world",
                 "reruns a second, all at once", "p95 ms", "MB at start", "MB at end"),
    "sent": ("clinics", "who", "first page, websocket", "its own files", "files of the map",
             "Streamlit's files", "change of a filter"),
    "start": ("who", "first answer, s", "first page whole, s", "imports, s"),
    "in_browser": ("what", "p50 ms", "p95 ms", "times hello-world"),
    "first_look": ("screen", "who", "can be read, ms", "of hello-world", "first thing answered, ms",
                   "of hello-world", "largest drawn, ms", "layout shift", "bytes", "requests"),
    "one_look": ("listings", "proposals", "first look, s", "of computing", "second look, s",
                 "of computing", "peak MB of a look", "MB of the process"),
    "lighthouse": ("screen", "who", *lighthouse.CATEGORIES),
    "scale": ("clinics", "processes", "start, s", "first page, ms", "rerun alone, ms",
              "reruns a second, 50 at once", "p95 ms", "MB at start", "MB with 50"),
}  # fmt: skip
TITLES = {
    "sessions": "Reruns on the server: one visitor, and many who change filters at once",
    "sent": "Bytes sent",
    "start": "From the start of the process",
    "in_browser": "In a real browser",
    "one_look": "A look at a public source: matching and proposing, without the source's own time",
    "lighthouse": "Lighthouse's scores, of 100",
    "scale": "More clinics, and a second process on two cores",
    "first_look": "From nothing to the first clinic, with an empty cache: a slow phone and a desk",
}


def rows(name: str, results: list[Result]) -> list[Row]:
    """Return the rows of one table."""
    made = {"sessions": _sessions, "sent": _sent, "start": _start, "in_browser": _in_browser,
            "first_look": _first_look, "one_look": _one_look, "lighthouse": _lighthouse,
            "scale": _scale}  # fmt: skip
    return [row for each in results for row in made[name](each)]


def table(name: str, results: list[Result]) -> str:
    """Return the rows of one table as lines with tabs, to read at once."""
    return "\n".join("\t".join(row) for row in (HEADS[name], *rows(name, results)))


def verdicts(results: dict[str, Result]) -> list[Row]:
    """Return aim, what was measured, and whether it was reached, for the rows that are there."""
    made = {"sessions": _of_sessions, "sent": _of_sent, "start": _of_start,
            "in_browser": _of_browser, "first_look": _of_first_look,
            "one_look": _of_one_look}  # fmt: skip
    return [
        row
        for name, judge in made.items()
        if name in results
        for row in judge(results[name]["results"])
    ]


def _reached(is_reached: bool) -> str:
    return "yes" if is_reached else "**no**"


def _sessions(each: Result) -> list[Row]:
    hello = each["times"][HELLO]["p50_ms"]
    return [
        (f"{each['clinics']:,}", who, f"{alone['p50_ms']:.1f}", f"{alone['p95_ms']:.1f}",
         f"{alone['p50_ms'] / hello:.2g}", f"{crowd['reruns_a_second']:.0f}",
         f"{crowd['p95_ms']:.0f}", f"{crowd['start_mb']:.0f}", f"{crowd['end_mb']:.0f}")
        for who, alone in each["times"].items()
        for crowd in [each["crowds"][who]]
    ]  # fmt: skip


def _sent(each: Result) -> list[Row]:
    return [
        (f"{each['clinics']:,}", who, f"{f['first_page']:,}",
         *(f"{f[kind]:,}" if kind in f else "not measured"
           for kind in ("own_files", "map_files", "streamlit_files")),
         f"{f['change']:,.0f}")
        for who, f in each["sent"].items()
    ]  # fmt: skip


def _start(each: Result) -> list[Row]:
    return [
        (who, *(f"{taken[name]['p50_ms'] / 1000:.2f}" for name in ("answer", "page", "imports")))
        for who, taken in each["started"].items()
    ]


_SLOW = {
    "filter": "the same with a processor four times slower",
    "card": "click on a card until list and map show it, four times slower",
    "pin": "click on a pin until list and map show it, four times slower",
    "phone": "click on a condition on a slow phone with a slow line, until the list has changed",
}


def _in_browser(each: Result) -> list[Row]:
    if "missing" in each:
        return [(each["missing"], "", "", "")]
    click, cold = each["click"], each["cold"]
    found = [("click on a condition until list and map have changed",
              f"{click['p50_ms']:.0f}", f"{click['p95_ms']:.0f}", "")]  # fmt: skip
    for name, what in _SLOW.items():
        times = each["slow"][name]
        found.append((what, f"{times['p50_ms']:.0f}", f"{times['p95_ms']:.0f}", ""))
    for who, times in cold.items():
        ratio = f"{times['p50_ms'] / cold[HELLO]['p50_ms']:.2g}"
        what = f"cold start until it can be read, {who}"
        found.append((what, f"{times['p50_ms']:.0f}", f"{times['p95_ms']:.0f}", ratio))
    return found


def _of_sessions(results: list[Result]) -> list[Row]:
    found: list[Row] = []
    for each in results:
        alone = {who: times["p50_ms"] for who, times in each["times"].items()}
        rate = {who: crowd["reruns_a_second"] for who, crowd in each["crowds"].items()}
        ratio, share = alone[OURS] / alone[HELLO], rate[OURS] / rate[HELLO]
        times, p95 = rate[OURS] / rate[TUTORIAL], each["crowds"][OURS]["p95_ms"]
        size, many = f"{each['clinics']:,} clinics", f"{each['visitors']} visitors at once"
        found += [
            (f"a rerun in at most {sessions.TARGET_RERUN:g} times hello-world ({size})",
             f"{ratio:.2g} times", _reached(ratio <= sessions.TARGET_RERUN)),
            (f"{many}: at least {sessions.TARGET_SHARE:.0%} of hello-world's reruns ({size})",
             f"{share:.0%}", _reached(share >= sessions.TARGET_SHARE)),
            (f"{many}: p95 under {sessions.TARGET_P95_MS:g} ms ({size})",
             f"{p95:.0f} ms", _reached(p95 < sessions.TARGET_P95_MS)),
            (f"{many}: at least {sessions.TARGET_TIMES:g} times the tutorial way ({size})",
             f"{times:.2g} times", _reached(times >= sessions.TARGET_TIMES)),
        ]  # fmt: skip
    return found


def _of_sent(results: list[Result]) -> list[Row]:
    ours = {each["clinics"]: each["sent"][OURS] for each in results}
    first = {n: f["first_page"] + f.get("own_files", 0) for n, f in ours.items()}
    least, most = min(ours), max(ours)
    change, limit = ours[least]["change"], sent.TARGET_CHANGE
    whole = first[least] + ours[least].get("map_files", 0)
    aim = f"first page at most {sent.TARGET_FIRST // 1000} kB beyond Streamlit's files"
    said = f"{first[least] / 1000:.0f} kB, {whole / 1000:.0f} kB with the files of the map"
    reached = _reached(whole <= sent.TARGET_FIRST)
    if "own_files" not in ours[least]:
        said = f"{first[least] / 1000:.0f} kB over the websocket; files only in a full run"
        reached = "not measured"
    found: list[Row] = [
        (aim, said, reached),
        (f"a change of a filter at most {limit // 1000} kB",
         f"{change / 1000:.0f} kB", _reached(change <= limit)),
    ]  # fmt: skip
    if most > least:
        growth = max(first[most] / first[least], ours[most]["change"] / change)
        aim = f"with {most:,} clinics at most {sent.TARGET_GROWTH:g} times the bytes"
        found.append((aim, f"{growth:.2g} times", _reached(growth <= sent.TARGET_GROWTH)))
    return found


def _of_start(results: list[Result]) -> list[Row]:
    found: list[Row] = []
    for each in results:
        for name, words in (("answer", "the first answer"), ("imports", "the imports")):
            mine, theirs = (each["started"][who][name]["p50_ms"] for who in (OURS, HELLO))
            aim = f"{words} in at most {start.TARGET:g} times hello-world"
            found.append(
                (aim, f"{mine / theirs:.2g} times", _reached(mine <= start.TARGET * theirs))
            )
    return found


def _of_browser(results: list[Result]) -> list[Row]:
    found: list[Row] = []
    for each in results:
        aims = (
            f"a click shows list and map in at most {in_browser.TARGET_CLICK_MS:g} ms, p50",
            f"a cold start in at most {in_browser.TARGET_COLD:g} times hello-world",
            f"a card or a pin is shown in under {in_browser.TARGET_CHOICE_MS:g} ms, four times "
            "slower",
            f"a filter answers in at most {in_browser.TARGET_PHONE_MS:g} ms on a slow phone",
        )
        if "missing" in each:
            found += [(aim, each["missing"], "not measured") for aim in aims]
            continue
        click = each["click"]["p50_ms"]
        ratio = each["cold"][OURS]["p50_ms"] / each["cold"][HELLO]["p50_ms"]
        choice = max(each["slow"][by]["p50_ms"] for by in ("card", "pin"))
        phone = each["slow"]["phone"]["p50_ms"]
        found += [
            (aims[0], f"{click:.0f} ms", _reached(click <= in_browser.TARGET_CLICK_MS)),
            (aims[1], f"{ratio:.2g} times", _reached(ratio <= in_browser.TARGET_COLD)),
            (aims[2], f"{choice:.0f} ms", _reached(choice < in_browser.TARGET_CHOICE_MS)),
            (aims[3], f"{phone:.0f} ms", _reached(phone <= in_browser.TARGET_PHONE_MS)),
        ]
    return found


def _first_look(each: Result) -> list[Row]:
    if "missing" in each:
        return [("", each["missing"], *[""] * 8)]
    hello = each["looks"][HELLO]
    return [
        (each["screen"], who, f"{f['read']:.0f}", f"{f['read'] / hello['read']:.2f}",
         f"{f['answered']:.0f}", f"{f['answered'] / hello['answered']:.2f}",
         f"{f['largest']:.0f}", f"{f['shift']:.3f}", f"{f['bytes']:,.0f}", f"{f['requests']:.0f}")
        for who, f in each["looks"].items()
    ]  # fmt: skip


def _of_first_look(results: list[Result]) -> list[Row]:
    found: list[Row] = []
    for each in (each for each in results if "missing" not in each):
        screen, mine, hello = each["screen"], each["looks"][OURS], each["looks"][HELLO]
        name, most = mine["read"] / hello["read"], first_look.TARGET_NAME[screen]
        shift, moves = mine["shift"], first_look.TARGET_SHIFT[screen]
        found += [
            (f"{screen}: the first clinic can be read in at most {most:g} of hello-world's first "
             "word", f"{name:.2f}", _reached(name <= most)),
            (f"{screen}: layout shift at most {moves:g}", f"{shift:.3f}", _reached(shift <= moves)),
        ]  # fmt: skip
        if screen == first_look.PHONE:
            answer, bytes = mine["answered"] / hello["answered"], mine["bytes"]
            found += [
                (f"{screen}: the first thing answered in at most {first_look.TARGET_ANSWER:g} of "
                 "hello-world's", f"{answer:.2f}", _reached(answer <= first_look.TARGET_ANSWER)),
                (f"{screen}: at most {first_look.TARGET_BYTES / 1e6:g} MB",
                 f"{bytes / 1e6:.2f} MB", _reached(bytes <= first_look.TARGET_BYTES)),
            ]  # fmt: skip
    return found


def _one_look(each: Result) -> list[Row]:
    times = (f"{each[f'{n}{of}_seconds']:.2f}" for n in ("first", "second")
             for of in ("", "_computing"))  # fmt: skip
    memory = (f"{each['peak_mb']:.0f}", f"{each['whole_process_mb']:.0f}")
    return [(f"{each['listings']:,}", f"{each['proposals']:,}", *times, *memory)]


def _of_one_look(results: list[Result]) -> list[Row]:
    most = max(results, key=lambda each: each["listings"])
    number, peak = most["listings"], most["peak_mb"]
    worked = most["first_computing_seconds"]
    return [
        (f"a look over {number:,} listings computes less than {one_look.TARGET_SECONDS:g} s",
         f"{worked:.2g} s", _reached(worked < one_look.TARGET_SECONDS)),
        (f"under {one_look.TARGET_MB} MB while looking over {number:,} listings",
         f"{peak:.0f} MB", _reached(peak < one_look.TARGET_MB)),
    ]  # fmt: skip


def _lighthouse(each: Result) -> list[Row]:
    if "missing" in each:
        return [(each["missing"], *[""] * (1 + len(lighthouse.CATEGORIES)))]
    scores = (f"{each['scores'][name]:.0f}" for name in lighthouse.CATEGORIES)
    return [(each["screen"], each["who"], *scores)]


def _scale(each: Result) -> list[Row]:
    start = f"{each['start_s']:.1f}" if "start_s" in each else ""
    alone = (f"{each[n]['p50_ms']:.0f}" if n in each else "" for n in ("first_page", "rerun"))
    figures = (f"{each[n]:.0f}" for n in ("reruns_a_second", "p95_ms", "start_mb", "end_mb"))
    return [(f"{each['clinics']:,}", str(each["processes"]), start, *alone, *figures)]
