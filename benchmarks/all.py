"""All ratios in one run, each against a floor that is measured beside it.

    python benchmarks/all.py [--long] [--write]

Without options it takes some minutes; ``--long`` takes the large sizes and the long loads too.
``--write`` puts the table into docs/PERFORMANCE.md and renews the simulation in docs/SCALE.md by
it. Times are CPU seconds of all processes that worked, helpers included, so that a busy machine
spoils little; floor and figure alternate.
"""

from __future__ import annotations

import gc
import os
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import arrivals
import loads
import served_speed
import tables_speed
import urn_speed
import weasyprint
from dossiers import staff

from reports.beside import ALONE
from reports.building import build, documents
from survey import studies
from survey.desk import Desk
from survey.home import Home

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "PERFORMANCE.md"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
EMPTY = "<!doctype html><html lang='de'><head><title>leer</title></head><body></body></html>"


@dataclass(frozen=True)
class Row:
    """One figure beside its floor; ``goal`` is the largest ratio or figure that is aimed at."""

    what: str
    figure: str
    floor: str
    ratio: str
    goal: str

    def line(self) -> str:
        """The row of a Markdown table."""
        return f"| {self.what} | {self.figure} | {self.floor} | {self.ratio} | {self.goal} |"


def cpu() -> float:
    """CPU seconds of this process and of all that it has started and that have ended."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(one) for one in who]
    return sum(one.ru_utime + one.ru_stime for one in used)


def seconds(act: Callable[[], object], rounds: int = 3) -> float:
    """Median CPU seconds of an act."""
    taken = []
    for _ in range(rounds):
        gc.collect()
        start = cpu()
        act()
        taken.append(cpu() - start)
    return statistics.median(taken)


def pages(rounds: int) -> Iterator[Row]:
    """Pages and submissions against a hello-world under the same server."""
    one = served_speed.measure(rounds)
    floor = f"{one.hello:.2f} ms, hello-world Flask"
    for what, value in (
        ("page of 40 questions, shown", one.shown),
        ("page of 40 questions, answered and the next shown", one.sent),
    ):
        yield Row(what, f"{value:.2f} ms", floor, f"{value / one.hello:.1f}", "2")
    yield Row(
        "the same page with a mistake",
        f"{one.mistaken:.2f} ms",
        f"{one.sent:.2f} ms, without one",
        f"{one.mistaken / one.sent:.2f}",
        "2",
    )
    whole = one.requests * one.hello
    yield Row(
        f"complete submission, 12 pages, {one.requests} requests",
        f"{one.submission:.1f} ms",
        f"{whole:.1f} ms, {one.requests} hello-worlds",
        f"{one.submission / whole:.1f}",
        "4, and 35 ms",
    )
    yield Row("memory of the server (PSS)", f"{one.megabytes:.0f} MB", "–", "–", "120 MB")


def urn(sizes: tuple[int, ...]) -> Iterator[Row]:
    """Sealing, storing and opening against plain inserts of rows of the same size."""
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            place = Path(name)
            desk = urn_speed.opened_desk(Home(place / "home"), place)
            if size == sizes[0]:
                yield _sealing(desk)
            floor = seconds(partial(_plain, place, size, desk.seal.stored_size), 1)
            ours = seconds(partial(desk.cast_many, urn_speed.submissions(size), _now()), 1)
            yield Row(
                f"checked, sealed and stored, {size:,} ballots in transactions of 500",
                f"{ours / size * 1000:.2f} ms each",
                f"{floor / size * 1000:.3f} ms, plain durable insert",
                f"{ours / floor:.0f}",
                "–",
            )
            yield _opening(desk, place, size)


def _sealing(desk: Desk) -> Row:
    sealing = urn_speed.sealing(desk)
    return Row("ballot encoded, signed and sealed twice", f"{sealing:.2f} ms", "–", "–", "1 ms")


def _opening(desk: Desk, place: Path, size: int) -> Row:
    """Export, both holders and import, each as a command of its own."""
    studies.close_study(desk.home, "speed", _now())
    out = [place / f"urn-{number}.zip" for number in range(3)]

    def turns() -> None:
        at = ["--home", str(desk.home.path), "urn"]
        urn_speed.turn("export", [*at, "export", "speed", "--out", str(out[0])], size)
        for holder, source, target in zip(urn_speed.HOLDERS, out, out[1:], strict=False):
            key = str(place / f"{holder}.key")
            words = [*at, "open", str(source), "--key", key, "--out", str(target)]
            urn_speed.turn(holder, words, size)

    ours = seconds(turns, 1)
    return Row(
        f"urn exported, opened by two holders: {size:,} ballots", f"{ours:.1f} s", "–", "–", "–"
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _plain(place: Path, count: int, size: int) -> None:
    """So many rows of random bytes, in transactions of 500, each synced to the disk."""
    with sqlite3.connect(place / "plain.sqlite", isolation_level=None) as plain:
        plain.execute("PRAGMA journal_mode=wal")
        plain.execute("PRAGMA synchronous=full")
        plain.execute("CREATE TABLE rows (key BLOB PRIMARY KEY, sealed BLOB) WITHOUT ROWID")
        for start in range(0, count, 500):
            plain.execute("BEGIN IMMEDIATE")
            rows = [(os.urandom(32), os.urandom(size)) for _ in range(min(500, count - start))]
            plain.executemany("INSERT INTO rows VALUES (?, ?)", rows)
            plain.execute("COMMIT")


def statistics_of(sizes: tuple[int, ...]) -> Iterator[Row]:
    """All estimates of 40 questions by 60 departments against the plain tables."""
    for size in sizes:
        columns = tables_speed.answers(size)
        floor = seconds(partial(tables_speed.counted, columns))
        ours = seconds(partial(tables_speed.everything, columns))
        yield Row(
            f"40 questions × 60 departments, {size:,} answers, with intervals and tests",
            f"{ours:.3f} s",
            f"{floor:.3f} s, numpy.bincount",
            f"{ours / floor:.1f}",
            "5 at 100,000",
        )


def dossiers(sizes: tuple[int, ...]) -> Iterator[Row]:
    """The council dossier, release and estimates included, against an empty page."""
    empty = weasyprint.HTML(string=EMPTY)
    empty.write_pdf()
    floor = seconds(empty.write_pdf)
    first = 0.0
    for size in sizes:
        start = cpu()
        results = staff(size)
        made = cpu() - start
        (document,) = documents(results, ALONE, ["council"])
        with tempfile.TemporaryDirectory() as folder:
            act = partial(build, results, ALONE, [document], Path(folder), processes=1)
            built = seconds(act, 1)
        first = first or built
        yield Row(
            f"council dossier, {size:,} answers; {made:.1f} s before for counts and estimates",
            f"{built:.1f} s",
            f"{floor:.2f} s, WeasyPrint, an empty page",
            f"{built / floor:.0f}; growth {built / first:.2f}",
            "growth 1.3",
        )


def rows(*, long: bool) -> Iterator[Row]:
    """All rows, the cheap ones first."""
    yield from pages(15 if long else 5)
    yield from urn((1_000, 10_000, 100_000) if long else (1_000,))
    yield from statistics_of((1_000, 10_000, 100_000, 1_000_000))
    yield from dossiers((1_000, 10_000, 100_000) if long else (1_000, 10_000))
    yield from under_load(long)


def under_load(long: bool) -> Iterator[Row]:
    """What many people at once wait for, and that nothing of theirs is lost."""
    design, crowd, most, much = loads.measure(long=long)
    for one, goal in (
        (design, "25 completions/s, 400 requests/s, 0 errors, p99 50 ms"),
        (crowd, "0 errors, p99 2000 ms, all thanked"),
        (most, "–"),
        (much, "0 errors"),
    ):
        yield Row(one.name, one.rates, one.times, one.judged, goal)
    yield Row(
        "memory in the design load, nginx included",
        f"{design.megabytes:.0f} MB",
        "–",
        "–",
        "120 MB",
    )


def table(found: list[Row]) -> str:
    """The rows as a Markdown table."""
    head = "| what | CPU | floor in the same run | ratio | goal |\n|---|---|---|---|---|\n"
    return head + "".join(f"{row.line()}\n" for row in found)


def write(text: str) -> None:
    """Put a table between the marks of docs/PERFORMANCE.md, written aside and renamed."""
    page = PAGE.read_text("utf-8")
    if (page.count(BEGIN), page.count(END)) != (1, 1):
        raise SystemExit(f"{PAGE}: the table stands between one {BEGIN} and one {END}")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    aside = PAGE.with_suffix(".new")
    aside.write_text(f"{before}{BEGIN}\n{text}{END}{after}", "utf-8")
    aside.replace(PAGE)


def main(words: list[str]) -> None:
    """Print every row as soon as it is known, and write the table if that is asked."""
    if unknown := set(words) - {"--long", "--write"}:
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; --long and --write are known")
    start, found = time.perf_counter(), []
    for row in rows(long="--long" in words):
        print(row.line(), flush=True)
        found.append(row)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{time.perf_counter() - start:.0f} s in all; load {load}")
    if "--write" in words:
        day = _now().date().isoformat()
        note = f"\n{day}, {os.cpu_count()} cores, load of the machine at the end {load}.\n"
        write(table(found) + note)
        arrivals.write(arrivals.tables(arrivals.measured()))


if __name__ == "__main__":
    main(sys.argv[1:])
