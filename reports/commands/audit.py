"""``survey audit``: whether a study can keep what it plans, before anybody is asked."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.home import Home

if TYPE_CHECKING:  # ``survey --help`` imports this module, but nothing that computes
    from reports.audit import Audit
    from survey.questionnaire import Bundle


@click.command("audit")
@click.argument("study", metavar="STUDY|PATH")
@click.option(
    "--rate",
    type=click.FloatRange(0.01, 1),
    help="Share of people expected to answer (default: expected_rate of the questionnaire).",
)
@click.option(
    "--most-unique",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="Share of answers that may be unique in all recorded attributes.",
)
@click.option(
    "--silent",
    type=click.FloatRange(0, 0.9),
    default=0.05,
    show_default=True,
    help="Share of answers without a statement on an attribute.",
)
@click.option("--format", "style", type=click.Choice(["text", "json"]), default="text")
@click.option(
    "--lang", "language", type=click.Choice(["de", "en"]), default="de", show_default=True
)
@click.pass_obj
def audit_command(
    home: Home,
    study: str,
    rate: float | None,
    most_unique: float,
    silent: float,
    style: str,
    language: str,
) -> int:
    """Say before anybody is asked which groups will be shown and who would be unique.

    STUDY is the id of a stored study, PATH a questionnaire file. Expected answers follow from
    the headcounts, the planned evaluations and the share expected to answer. Exit status 1 if
    an evaluation promises a group that will rather not be shown and names no larger unit for
    it, or if too many answers would be unique; each with advice.
    """
    from reports.audit import audit
    from reports.audit_words import lines
    from survey.questionnaire import read_bundle

    bundle = _bundle(home, study)
    questionnaire = read_bundle(bundle)
    share = rate or expected_rate(bundle)
    found = audit(questionnaire.study, questionnaire.codebook, share, most_unique, silent)
    if style == "json":
        click.echo(json.dumps(as_raw(found), ensure_ascii=False, indent=1))
    else:
        for line in lines(found, language):
            click.echo(line)
    return 1 if found.fails else 0


def as_raw(found: Audit) -> dict[str, Any]:
    """The audit for other programs; ``lost`` marks the groups that make it fail."""
    raw = asdict(found)
    for split, described in zip(found.splits, raw["splits"], strict=True):
        for group, entry in zip(split.groups, described["groups"], strict=True):
            entry["lost"] = group.is_lost
    if found.uniques:
        raw["uniques"]["share"] = found.uniques.share
    return {**raw, "fails": found.fails}


def expected_rate(bundle: Bundle) -> float:
    """The share of people that the author expects to answer."""
    from survey.document import read_document
    from survey.yaml_source import read_source

    section = read_document(read_source(bundle.main)).study
    return section.expected_rate if section else 1.0


def _bundle(home: Home, study: str) -> Bundle:
    from survey.questionnaire import load_bundle
    from survey.studies import load_study

    path = Path(study)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        return load_bundle(path)
    return load_study(home, study).bundle
