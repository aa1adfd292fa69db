"""``reports estimates``: the released aggregates of a study as a long table."""

from __future__ import annotations

import csv
import io
import json
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from reports.estimates import COLUMNS, Estimate
from survey.home import Home


@click.command()
@click.argument("study")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json"]),
    default="csv",
    show_default=True,
    help="csv: comma, UTF-8, decimal point; json: a list of objects.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write instead of the standard output.",
)
@click.pass_obj
def estimates(home: Home, study: str, form: str, out: Path | None) -> None:
    """Print every released estimate of STUDY as a long table.

    One row per item, group, statistic and category, in the order of the questionnaire. Shares
    run from 0 to 1; empty cells mean that there is no such number, the columns status and note
    say why; printed is the string that a dossier prints. docs/METHODS.md explains each
    statistic.
    """
    from reports.results import study_results
    from survey.dataset import current_data_set

    results = study_results(current_data_set(home, study))
    text = as_csv(results) if form == "csv" else as_json(results)
    if out is None:
        click.echo(text.encode(), nl=False)
    else:
        _write(out, text)


def as_csv(rows: Iterable[Estimate]) -> str:
    """The long table as CSV: comma, decimal point, empty cells for what does not exist.

    >>> print(as_csv([Estimate(study="s", item="a", statistic="share", value=0.25)]).split()[1])
    s,a,,,share,,0.25,,,,,,,,,published,,
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(getattr(row, name)) for name in COLUMNS] for row in rows)
    return buffer.getvalue()


def as_json(rows: Iterable[Estimate]) -> str:
    """The long table as a JSON list of objects, null for what does not exist."""
    objects = [{name: _plain(getattr(row, name)) for name in COLUMNS} for row in rows]
    return json.dumps(objects, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)


def _write(out: Path, text: str) -> None:
    aside = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        aside.write_text(text, encoding="utf-8", newline="")
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
