"""``survey inspect``: everything that is kept, with its purpose."""

from __future__ import annotations

from collections.abc import Iterator

import click
from sqlalchemy import func, select

from survey import database, schema
from survey.findings import LANGUAGES
from survey.home import Home
from survey.inventory import COLUMNS, FILES, LOGS, Kept
from survey.studies import load_study

_TITLES = {
    "tables": ("Tabellen und Spalten der Datenbank ({kind})", "Tables and columns ({kind})"),
    "rows": ("{n} Zeilen", "{n} rows"),
    "files": ("Dateien in {home}", "Files in {home}"),
    "logs": (
        "Zeilen, die das Programm ausgeben kann (es gibt kein Zugriffsprotokoll)",
        "Lines that the program may write (there is no access log)",
    ),
    "hidden": ("nicht gezählt, solange die Umfrage läuft", "not counted while a study is open"),
}


@click.command("inspect")
@click.argument("study_id", metavar="[STUDY]", required=False)
@click.option("--lang", "language", type=click.Choice(LANGUAGES), default="de", show_default=True)
@click.pass_obj
def command(home: Home, study_id: str | None, language: str) -> None:
    """List every table, column, file and log line of this installation with its purpose.

    With STUDY the rows of that study are counted, those that a running study keeps secret
    excepted.
    """
    place = LANGUAGES.index(language)
    if study_id:
        load_study(home, study_id)
    for line in _lines(home, study_id, place):
        click.echo(line)


def _lines(home: Home, study_id: str | None, place: int) -> Iterator[str]:
    yield _TITLES["tables"][place].format(kind=database.kind(home))
    counts = _counts(home, study_id, place) if study_id else {}
    for table, columns in COLUMNS.items():
        yield ""
        yield f"  {table}" + (f"  ({counts[table]})" if table in counts else "")
        width = max(map(len, columns))
        for column, purpose in columns.items():
            yield f"    {column.ljust(width)}  {purpose[place]}"
    yield ""
    yield _TITLES["files"][place].format(home=home.path)
    yield from _kept(FILES, place)
    yield ""
    yield _TITLES["logs"][place]
    yield from _kept(LOGS, place)


def _kept(entries: tuple[Kept, ...], place: int) -> Iterator[str]:
    for entry in entries:
        yield f"  {entry.name}"
        yield f"      {entry.purpose[place]}"


def _counts(home: Home, study_id: str, place: int) -> dict[str, str]:
    """Rows of a study by table; ballots and codes only when it is closed."""
    running = load_study(home, study_id).state in (schema.State.DRAFT, schema.State.OPEN)
    found: dict[str, str] = {}
    with database.reading(home) as connection:
        for name, table in schema.metadata.tables.items():
            if running and name in ("ballots", "codes"):
                found[name] = _TITLES["hidden"][place]
                continue
            owner = table.c.id if name == "studies" else table.c.study_id
            query = select(func.count()).select_from(table).where(owner == study_id)
            number = connection.execute(query).scalar_one()
            found[name] = _TITLES["rows"][place].format(n=number)
    return found
