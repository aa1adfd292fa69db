"""A small questionnaire of one's own to start from, with headcounts beside it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo

from survey.errors import SurveyError
from survey.files import write_new

LONGEST = 40
OPEN_DAYS = 42
KEPT_YEARS = 2
_ID = re.compile(rf"[a-z][a-z0-9-]{{1,{LONGEST - 1}}}")
_PLACE = ("templates", "new")


def write_new_study(directory: Path, today: date) -> tuple[Path, Path]:
    """Write a commented questionnaire and its headcounts into a new directory; both paths.

    The directory's name is the study's id. The study opens on ``today`` and closes six weeks
    later. Raises ``SurveyError`` if the name cannot be an id or a file is there already.
    """
    id = directory.resolve().name
    if not _ID.fullmatch(id):
        raise SurveyError(
            f"“{id}” cannot be the id of a study: write 2 to {LONGEST} small letters a–z, digits "
            "and hyphens, a letter first, for example “kantine-2027”"
        )
    files = {
        directory / f"{id}.yaml": _text("questionnaire.yaml", _words(id, today)),
        directory / f"{id}-headcounts.csv": _text("headcounts.csv", {}),
    }
    if there := [str(path) for path in files if path.exists()]:
        raise SurveyError(f"{' and '.join(there)} exist already; nothing was written")
    for path, text in files.items():
        write_new(path, lambda file, text=text: file.write(text.encode()))  # type: ignore[misc]
    questionnaire, headcounts = files
    return questionnaire, headcounts


def _words(id: str, today: date) -> dict[str, str]:
    closes = today + timedelta(days=OPEN_DAYS)
    return {
        "id": id,
        "today": today.isoformat(),
        "opens": _moment(today, time(8)),
        "closes": _moment(closes, time(18)),
        "delete_on": closes.replace(year=closes.year + KEPT_YEARS, day=1).isoformat(),
    }


def _moment(day: date, clock: time) -> str:
    return datetime.combine(day, clock, ZoneInfo("Europe/Berlin")).isoformat()


def _text(name: str, words: dict[str, str]) -> str:
    place = resources.files("survey").joinpath(*_PLACE, name)
    return Template(place.read_text(encoding="utf-8")).substitute(words)
