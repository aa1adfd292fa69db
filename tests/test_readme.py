"""What the README shows is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reports.cli import COMMANDS as REPORTS
from survey.cli import COMMANDS as SURVEY
from survey.questionnaire import Bundle, check_bundle, read_bundle


@pytest.fixture(scope="module")
def readme(root: Path) -> str:
    return (root / "README.md").read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)


def test_the_shortest_questionnaire_has_no_mistake_and_a_codebook(readme: str) -> None:
    (text,) = blocks(readme, "yaml")
    assert check_bundle(Bundle(text)) == ()
    assert read_bundle(Bundle(text)).codebook.variables


def test_every_command_exists(readme: str) -> None:
    lines = [line for block in blocks(readme, "sh") for line in block.splitlines()]
    words = [line.split() for line in lines]
    assert {w[1] for w in words if w and w[0] == "survey"} <= set(SURVEY)
    assert {w[1] for w in words if w and w[0] == "reports"} <= set(REPORTS)


def test_every_link_and_picture_leads_to_a_file(readme: str, root: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", readme)
    assert targets
    assert [target for target in targets if not (root / target).exists()] == []


def test_the_two_commands_are_there_and_may_be_run(root: Path) -> None:
    for name in ("start", "check", ".ci/run"):
        assert (root / name).stat().st_mode & 0o111
