"""Files that come in by a form: a questionnaire with the files beside it, or one file aside."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

from flask import request

from reports.errors import ReportError
from reports.team.guard import home
from reports.team.store import FOLDER
from reports.team.words import _
from survey.errors import Problem
from survey.files import make_private_directory
from survey.questionnaire import Bundle

LARGEST_TEXT = 4 * 1024 * 1024


def read_bundle_upload(language: str) -> tuple[Bundle | None, list[Problem]]:
    """The questionnaire of a form with the fields ``main`` and ``beside``, or what is wrong."""
    sent = request.files.get("main")
    if sent is None or not sent.filename:
        raise ReportError(_("Wählen Sie die YAML-Datei des Fragebogens aus."))
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for file in [sent, *request.files.getlist("beside")]:
        if not file.filename:
            continue
        name = PurePath(file.filename.replace("\\", "/")).name
        try:
            texts[name] = file.read(LARGEST_TEXT + 1).decode("utf-8-sig")
        except UnicodeDecodeError:
            said = _("Die Datei ist nicht als UTF-8 gespeichert.")
            problems.append(Problem(name, 1, 1, "file_encoding", said))
            continue
        if len(texts[name]) > LARGEST_TEXT:
            raise ReportError(_("Die Datei %(name)s ist zu groß.", name=name))
    main = PurePath(sent.filename.replace("\\", "/")).name
    if problems:
        return None, problems
    beside = {name: text for name, text in texts.items() if name != main}
    return Bundle(texts[main], beside, main), []


@contextmanager
def uploaded(field: str) -> Iterator[Path]:
    """The file of a form field, stored aside for the duration of the block."""
    sent = request.files.get(field)
    if sent is None or not sent.filename:
        raise ReportError(_("Wählen Sie eine Datei aus."))
    with scratch() as folder:
        path = folder / "upload"
        sent.save(path)
        yield path


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder in the home that is removed again, for files on their way."""
    place = home().path / FOLDER / "scratch"
    make_private_directory(place)
    with tempfile.TemporaryDirectory(dir=place) as folder:
        yield Path(folder)
