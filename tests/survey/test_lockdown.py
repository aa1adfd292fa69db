"""Whoever writes to the database of an open study cannot change what was promised."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from urn_example import NOW, bundle, desk_with_holders, opened_desk

from survey import keys, links, studies
from survey.desk import Desk
from survey.errors import SetupError
from survey.home import Home


def test_exchanged_key_holders_are_refused_at_every_start(home: Home, tmp_path: Path) -> None:
    desk_with_holders(home, tmp_path / "holders", "staff")
    studies.check_installation(home)
    stored = studies.load_study(home, "staff")
    stranger = keys.Recipient("council", str(pyrage.x25519.Identity.generate().to_public()))
    _write(home, "recipients", keys.recipients_to_json([stranger, stored.recipients[1]]))
    for start in (lambda: Desk.open(home, "staff"), lambda: studies.check_installation(home)):
        with pytest.raises(SetupError, match="was changed in the database after it had opened"):
            start()
    _write(home, "recipients", keys.recipients_to_json(stored.recipients))
    Desk.open(home, "staff")


@pytest.mark.parametrize(
    ("name", "value"), [("access", "open"), ("opening", "any"), ("demo", True)]
)
def test_a_weaker_mode_is_refused_at_every_start(
    home: Home, tmp_path: Path, name: str, value: object
) -> None:
    desk_with_holders(home, tmp_path / "holders", "staff")
    raw = json.loads(studies.load_study(home, "staff").study.to_json())
    _write(home, "study", json.dumps({**raw, name: value}))
    with pytest.raises(SetupError, match="was changed in the database"):
        Desk.open(home, "staff")


def test_a_change_that_the_study_allows_is_no_change_of_its_promise(home: Home) -> None:
    opened_desk(home, "staff")
    text_ = bundle().main.replace("Wie ist die Stimmung?", "Wie ist Ihre Stimmung?")
    studies.update_study(home, "staff", replace(bundle(), main=text_), reason="Tippfehler")
    Desk.open(home, "staff")
    studies.close_study(home, "staff", NOW + timedelta(days=1))
    Desk.open(home, "staff")


def _write(home: Home, column: str, value: str) -> None:
    with links.writing(home) as link:
        link.change(f"UPDATE studies SET {column} = :value", {"value": value})
