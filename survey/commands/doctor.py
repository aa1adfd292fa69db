"""``survey doctor``: whether this installation is sound, and what to do where it is not."""

from __future__ import annotations

import json

import click

from survey.health import Verdict
from survey.health_faults import LANGUAGES
from survey.health_urn import CHECKS
from survey.home import Home

FORMATS = ("text", "json")
VERDICTS: dict[str, dict[str, str]] = {
    "de": {"ok": "gut", "note": "Hinweis", "WRONG": "FALSCH", "MISSING": "FEHLT"},
    "en": {verdict.value: verdict.value for verdict in Verdict},
}
ABOUT: dict[str, dict[str, str]] = {
    "de": {
        "program": "Programm",
        "printing": "Druck",
        "home": "Einrichtung",
        "clock": "Uhr",
        "limits": "Grenzen",
        "urn": "Urne",
        "studies": "Umfragen",
    },
    "en": {name: name for name, _ in CHECKS},
}


@click.command("doctor")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--lang", "language", type=click.Choice(LANGUAGES), default="de", show_default=True)
@click.pass_obj
def command(home: Home, kind: str, language: str) -> int:
    """Look at versions, printing, rights, disk, clock, database and studies; change nothing.

    Each line that is not in order says what to do. Status 1 if something has to be mended,
    3 if a system library is missing.
    """
    found = [(name, result) for name, check in CHECKS for result in check(home)]
    if kind == "json":
        raw = [
            {
                "about": name,
                "verdict": result.verdict.value,
                "code": result.code,
                "found": result.found(language),
                "advice": result.advice(language),
            }
            for name, result in found
        ]
        click.echo(json.dumps(raw, ensure_ascii=False, indent=1))
    else:
        for name, result in found:
            verdict = VERDICTS[language][result.verdict.value]
            click.echo(f"{verdict:<9}{ABOUT[language][name]:<12}{result.found(language)}")
            if advice := result.advice(language):
                click.echo(f"{'':<21}→ {advice}")
    verdicts = {result.verdict for _, result in found}
    if Verdict.WRONG in verdicts:
        return 1
    return 3 if Verdict.MISSING in verdicts else 0
