"""All codes of a study for the printer: drawn, printed aside in several processes, then stored.

The files appear under their names in the same act that makes the codes valid. What is printed
but not stored opens no door and is removed.
"""

from __future__ import annotations

import csv
import io
import multiprocessing
import os
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from survey import codes
from survey.code_cards import Form, Imprint, codes_pdf
from survey.errors import DataError, Problem, SurveyError
from survey.files import make_private_directory, write_new
from survey.home import Home

SUMMARY = "batches.csv"
_COLUMNS = ("group", "codes")


@dataclass(frozen=True, slots=True)
class Batch:
    """One file with the codes of one group; ``group`` is empty without reporting groups."""

    name: str
    group: str
    codes: tuple[str, ...]


def read_groups(path: Path) -> dict[str, int]:
    """Codes by reporting group from a CSV file with the columns ``group`` and ``codes``.

    Raises ``DataError`` with every mistake, among them each group of fewer than 50.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise SurveyError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise DataError([_problem(path, 0, "the file is not stored as UTF-8")]) from None
    separator = ";" if ";" in text.partition("\n")[0] else ","
    head, *rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator)) or [[]]
    if tuple(cell.strip() for cell in head) != _COLUMNS:
        raise DataError([_problem(path, 1, "the first line has to be: group,codes")])
    found: dict[str, int] = {}
    problems = []
    for number, row in enumerate(rows, start=2):
        if not any(cell.strip() for cell in row):
            continue
        group, count, mistake = _read_row(row, found)
        if mistake:
            problems.append(_problem(path, number, mistake))
        found[group] = count
    if not found:
        problems.append(_problem(path, 0, "there is no group in the file"))
    if problems:
        raise DataError(problems)
    return found


def _read_row(row: Sequence[str], known: Mapping[str, int]) -> tuple[str, int, str]:
    group, *rest = (cell.strip() for cell in row)
    if len(rest) != 1 or not rest[0].isdecimal():
        return group, 0, "a line holds the name of a group and a whole number"
    count = int(rest[0])
    if not group or group == codes.PAPER or group in known or len(group) > 64:
        return group, count, f"“{group}” cannot be the name of a group, or stands here twice"
    if count < codes.SMALLEST_GROUP:
        least = codes.SMALLEST_GROUP
        return group, count, f"{group} has {count} codes; a reporting group has at least {least}"
    return group, count, ""


def print_codes(
    home: Home,
    study_id: str,
    counts: Mapping[str, int],
    imprint: Imprint,
    form: Form,
    out: Path,
    progress: Callable[[int], object] = lambda done: None,
) -> tuple[Batch, ...]:
    """The batches, written as PDF files into the new folder ``out``; their codes are valid then.

    ``progress`` is told how many codes have been printed. Raises ``SurveyError`` if the folder
    exists or a group is too small; then no code is issued.
    """
    codes.check_groups(home, study_id, counts)
    if out.exists():
        raise SurveyError(f"{out} exists already and is not replaced")
    drawn = {group: codes.draw(count) for group, count in counts.items()}
    batches = tuple(_batches(drawn, form))
    with _aside(out) as folder:
        _print(batches, imprint, form, folder, progress)
        _write(folder / SUMMARY, "".join(f"{line}\n" for line in _summary(batches)).encode())
        moved = False

        def show() -> None:
            nonlocal moved
            folder.rename(out)
            moved = True

        try:
            codes.store(home, study_id, drawn, show)
        except BaseException:
            # Codes that were not stored open no door: nobody must hand them out.
            if moved:
                shutil.rmtree(out)
            raise
    return batches


def _batches(drawn: Mapping[str, Sequence[str]], form: Form) -> Iterator[Batch]:
    for number, (group, found) in enumerate(drawn.items(), start=1):
        # The number keeps apart groups whose names read alike without umlauts.
        words = [form.value, f"{number:03d}", _slug(group)] if group else [form.value]
        for place, start in enumerate(range(0, len(found), form.per_file), start=1):
            name = "-".join(filter(None, [*words, f"{place:03d}"]))
            yield Batch(name, group, tuple(found[start : start + form.per_file]))


def _slug(group: str) -> str:
    plain = unicodedata.normalize("NFKD", group.replace("ß", "ss")).encode("ascii", "ignore")
    words = "".join(c if c.isalnum() else " " for c in plain.decode().lower()).split()
    return "-".join(words[:6])


def _print(
    batches: Sequence[Batch],
    imprint: Imprint,
    form: Form,
    folder: Path,
    progress: Callable[[int], object],
) -> None:
    workers = max(1, min(len(batches), os.cpu_count() or 1))
    done = 0
    # A fresh process each: a copy of this one would share its open database.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        tasks = {pool.submit(_pdf, b, imprint, form): b for b in batches}
        for task in as_completed(tasks):
            content = task.result()
            _write(folder / f"{tasks[task].name}.pdf", content)
            done += len(tasks[task].codes)
            progress(done)


def _write(path: Path, content: bytes) -> None:
    write_new(path, lambda file: file.write(content))


def _pdf(batch: Batch, imprint: Imprint, form: Form) -> bytes:
    return codes_pdf(batch.codes, replace(imprint, group=batch.group), form)


def _summary(batches: Sequence[Batch]) -> Iterator[str]:
    """What is in the files, for the hand-over: counts and never a code."""
    yield "file,group,codes"
    for batch in batches:
        line = io.StringIO()
        row = [f"{batch.name}.pdf", batch.group, len(batch.codes)]
        csv.writer(line, lineterminator="").writerow(row)
        yield line.getvalue()


@contextmanager
def _aside(out: Path) -> Iterator[Path]:
    make_private_directory(out.parent)
    folder = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    make_private_directory(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _problem(path: Path, row: int, message: str) -> Problem:
    return Problem(str(path), row, 0, "codes", message)
