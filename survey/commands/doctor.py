"""``survey doctor``: whether this installation is sound, and what to do where it is not."""

from __future__ import annotations

import json

import click

from survey.health import Verdict
from survey.health_urn import CHECKS
from survey.home import Home

FORMATS = ("text", "json")


@click.command("doctor")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="text", show_default=True)
@click.pass_obj
def command(home: Home, kind: str) -> int:
    """Look at versions, printing, rights, disk, clock, database and studies; change nothing.

    Each line that is not in order says what to do. Status 1 if something has to be mended,
    3 if a system library is missing.
    """
    found = [(name, result) for name, check in CHECKS for result in check(home)]
    if kind == "json":
        raw = [
            {"about": name, "verdict": r.verdict.value, "found": r.found, "advice": r.advice}
            for name, r in found
        ]
        click.echo(json.dumps(raw, ensure_ascii=False, indent=1))
    else:
        for name, result in found:
            click.echo(f"{result.verdict.value:<8}{name:<10}{result.found}")
            if result.advice:
                click.echo(f"{'':<18}→ {result.advice}")
    verdicts = {result.verdict for _, result in found}
    if Verdict.WRONG in verdicts:
        return 1
    return 3 if Verdict.MISSING in verdicts else 0
