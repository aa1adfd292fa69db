"""The study section: what the source says of it, and placeholders for what it cannot know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from survey.converting.naming import slug
from survey.converting.source_model import Note, SourceForm, Texts, note
from survey.converting.texts import Speech
from survey.converting.wording import own_words

ZONE = ZoneInfo("Europe/Berlin")
"""Other tools store local times without saying where; this is the zone of our users."""

OPEN_FOR = timedelta(days=28)


def study_section(
    form: SourceForm, speech: Speech, today: date
) -> tuple[dict[str, Any], dict[str, Texts], tuple[Note, ...]]:
    """Keys with one value, keys with a text per language, and notes about placeholders."""
    notes: list[Note] = [note("regime_set"), note("population_set")]
    languages = (speech.languages.main, *speech.languages.others)
    texts: dict[str, Texts] = {"title": speech.label(form.study_texts.get("title", {}))}
    if not texts["title"]:
        texts["title"] = own_words("untitled", languages)
        notes.append(note("untitled"))
    texts["population"] = own_words("population", languages)
    purpose = speech.text(form.study_texts.get("purpose", {}))
    if purpose:
        texts["purpose"] = purpose
        notes.append(note("purpose_set"))
    notes += speech.notes
    speech.notes.clear()
    study = {
        "id": slug(str(form.study.get("id", ""))),
        "language": speech.languages.main,
        "regime": "open_participation",
        "access": form.study.get("access", "open"),
        **_times(form.study, today, notes),
    }
    if form.study.get("contact"):
        study["contact"] = form.study["contact"]
        notes.append(note("contact_set"))
    return study, texts, tuple(notes)


def _times(study: Mapping[str, Any], today: date, notes: list[Note]) -> dict[str, str]:
    opens, closes = (_moment(study.get(key)) for key in ("opens", "closes"))
    if closes is None or (opens and closes <= opens):
        first = opens.date() if opens else today
        closes = datetime.combine(first + OPEN_FOR, time(18), ZONE)
        notes.append(note("closes_set", day=closes.date().isoformat()))
    found = {"opens": opens.isoformat()} if opens else {}
    return {**found, "closes": closes.isoformat()}


def _moment(raw: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(str(raw or ""))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=ZONE)
