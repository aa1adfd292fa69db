"""``reports estimates``: the released aggregates of a study as a long table."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reports.estimates import COLUMNS, Estimate
from reports.long_table import as_csv, as_json, as_plain
from survey.home import Home

if TYPE_CHECKING:
    from reports.tables import Release

_CREATED = datetime(1980, 1, 1)


@click.command()
@click.argument("study")
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "xlsx"]),
    default="csv",
    show_default=True,
    help="csv: comma, UTF-8, decimal point; json: a list of objects; xlsx: a spreadsheet.",
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
    from reports.releasing import released_results

    if form == "xlsx" and out is None:
        raise click.UsageError("a spreadsheet needs a file: add --out FILE.xlsx")
    results = released_results(home, study, now=datetime.now(UTC))
    if form == "xlsx" and out is not None:
        _write(out, as_xlsx(results.release, results))
        return
    text = as_csv(results) if form == "csv" else as_json(results)
    if out is None:
        click.echo(text.encode(), nl=False)
    else:
        _write(out, text.encode())


def as_xlsx(release: Release, rows: Iterable[Estimate]) -> bytes:
    """The long table as a spreadsheet with a second sheet on where it comes from.

    The same rows give the same bytes. No text is taken for a formula or a link.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": release.study.title, "created": _CREATED})
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet("estimates")
        sheet.write_row(0, 0, COLUMNS, bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, name in enumerate(COLUMNS):
                value = as_plain(getattr(row, name))
                if isinstance(value, str):
                    sheet.write_string(last, column, value)
                elif value is not None:
                    sheet.write_number(last, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(COLUMNS) - 1)
        about = book.add_worksheet("about")
        for line, pair in enumerate(_about(release)):
            about.write_row(line, 0, pair)
    return buffer.getvalue()


def _about(release: Release) -> list[tuple[str, str]]:
    study = release.study
    rules = [(name, str(value)) for name, value in release.rules.items()]
    origin = "simulated" if study.demo else "collected"
    return [
        ("study", study.id), ("title", study.title), ("regime", study.regime.value),
        ("fingerprint", release.fingerprint), ("questionnaire", release.codebook.version),
        ("origin", origin), *rules, ("methods", "docs/METHODS.md"),
    ]  # fmt: skip


def _write(out: Path, content: bytes) -> None:
    aside = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    try:
        aside.write_bytes(content)
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)
