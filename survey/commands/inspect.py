"""``survey inspect``: everything that is kept, with its purpose."""

from __future__ import annotations

from collections.abc import Iterator

import click

from survey import links
from survey.findings import LANGUAGES
from survey.home import Home
from survey.inventory import COLUMNS, FILES, LOGS, VERSION_TABLE, Kept
from survey.states import State
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
    yield _TITLES["tables"][place].format(kind=links.kind(home))
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
    running = load_study(home, study_id).state in (State.DRAFT, State.OPEN)
    found: dict[str, str] = {}
    with links.reading(home) as link:
        for name in COLUMNS.keys() - {VERSION_TABLE}:
            if running and name in ("ballots", "codes"):
                found[name] = _TITLES["hidden"][place]
                continue
            owner = "id" if name == "studies" else "study_id"
            query = f"SELECT count(*) FROM {name} WHERE {owner} = :id"  # noqa: S608 - our own names
            number = link.number(query, {"id": study_id})
            found[name] = _TITLES["rows"][place].format(n=number)
    return found
