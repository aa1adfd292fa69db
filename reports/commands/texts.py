"""``reports texts``: two people moderate free texts before anything of them leaves."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from reports.errors import ReportError
from reports.moderation.flags import Flag, Kind
from reports.moderation.release import agreement, as_raw
from reports.moderation.room import REASONS, Room
from reports.moderation.state import Decision, QuestionState, Status
from reports.releasing import release_texts
from survey.dataset import current_data_set
from survey.files import write_new
from survey.home import Home

SHEET = ("number", "status", "flags", "text", "decision", "reasons", "take_out", "themes")
"""Columns of a sheet; the last four are filled in."""

person = click.option("--as", "by", required=True, metavar="NAME", help="Who does this.")


@click.group()
def texts() -> None:
    """Moderate the free texts of an opened study: judge, redact, code, release.

    Every text is judged by two people; what they take out, withhold or call a theme is kept
    in HOME/moderation/STUDY.jsonl, a journal that is only ever appended to. Put names and
    titles to look for into HOME/moderation/names.txt and titles.txt, one a line: they stay there.
    """


def _room(home: Home, study: str) -> Room:
    return Room.of(home, current_data_set(home, study), datetime.now(UTC).date())


def _question(room: Room, question: str) -> QuestionState:
    room.written(question, 1)
    return room.state().get(question) or QuestionState()


@texts.command("status")
@click.argument("study")
@click.pass_obj
def status(home: Home, study: str) -> None:
    """Say per question how many texts are settled, coded and in dispute."""
    room = _room(home, study)
    for question, written in room.texts.items():
        state = room.state().get(question) or QuestionState()
        found = [state.text(number) for number in range(1, len(written) + 1)]
        counts = {s: sum(text.status is s for text in found) for s in Status}
        said = ", ".join(f"{count} {name.value}" for name, count in counts.items() if count)
        coded = sum(text.themes is not None for text in found)
        click.echo(f"{question}: {len(written)} texts: {said or 'none'}; {coded} coded")
    click.echo(f"journal: {room.journal.verify()}")


@texts.command("list")
@click.argument("study")
@click.argument("question")
@click.option("--status", "wanted", type=click.Choice([s.value for s in Status]))
@click.pass_obj
def list_texts(home: Home, study: str, question: str, wanted: str | None) -> None:
    """List the texts of QUESTION by number, with status and flags and without their words."""
    room = _room(home, study)
    state = _question(room, question)
    for number in range(1, len(room.texts[question]) + 1):
        text = state.text(number)
        if wanted in (None, text.status.value):
            kinds = dict.fromkeys(flag.kind.value for flag in room.flags(question, number))
            themes = ", ".join(sorted(text.themes or ()))
            click.echo(f"{number}: {text.status.value}; {', '.join(kinds) or '–'}; {themes or '–'}")


@texts.command("show")
@click.argument("study")
@click.argument("question")
@click.argument("number", type=int)
@click.pass_obj
def show(home: Home, study: str, question: str, number: int) -> None:
    """Show one text as it was written, with every flagged place as START-END:KIND."""
    room = _room(home, study)
    written, text = room.written(question, number), _question(room, question).text(number)
    click.echo(written)
    for flag in room.flags(question, number):
        click.echo(f"{flag.start}-{flag.end}:{flag.kind.value}  {written[flag.start : flag.end]}")
    click.echo(f"status: {text.status.value}")
    if text.spans:
        click.echo(f"redacted: {room.shown(question, number, text)}")


@texts.command("judge")
@click.argument("study")
@click.argument("question")
@click.argument("number", type=int)
@click.argument("decision", type=click.Choice([d.value for d in Decision]))
@click.option("--reason", "reasons", multiple=True, type=click.Choice(REASONS))
@click.option("--take-out", "places", multiple=True, help="START-END:KIND, or KIND for its flags.")
@person
@click.pass_obj
def judge(
    home: Home,
    study: str,
    question: str,
    number: int,
    decision: str,
    reasons: Sequence[str],
    places: Sequence[str],
    by: str,
) -> None:
    """Decide about one text; it is settled when two people have decided the same."""
    room = _room(home, study)
    spans = _spans(room, question, number, places)
    room.judge(question, number, by, Decision(decision), reasons, spans)
    click.echo(f"{question} {number}: {_question(room, question).text(number).status.value}")


@texts.command("theme")
@click.argument("study")
@click.argument("question")
@click.argument("code")
@click.argument("label")
@click.option("--definition", default="", help="What belongs to it and what does not.")
@person
@click.pass_obj
def theme(
    home: Home, study: str, question: str, code: str, label: str, definition: str, by: str
) -> None:
    """Add a theme to the code frame of QUESTION, or give it other words."""
    _room(home, study).theme(question, by, code, label, definition)


@texts.command("code")
@click.argument("study")
@click.argument("question")
@click.argument("number", type=int)
@click.argument("themes", nargs=-1, required=True)
@click.option("--agreed", is_flag=True, help="Coders differed and have agreed on this.")
@person
@click.pass_obj
def code(
    home: Home,
    study: str,
    question: str,
    number: int,
    themes: Sequence[str],
    agreed: bool,
    by: str,
) -> None:
    """Give a settled text its THEMES, or “none”; a second person codes without seeing the first."""
    room = _room(home, study)
    (room.agree if agreed else room.code)(question, number, by, themes)


@texts.command("paraphrase")
@click.argument("study")
@click.argument("question")
@click.argument("theme")
@click.argument("sentence", required=False)
@click.option("--approve", type=int, metavar="N", help="Consent to the Nth instead.")
@person
@click.pass_obj
def paraphrase(
    home: Home,
    study: str,
    question: str,
    theme: str,
    sentence: str | None,
    approve: int | None,
    by: str,
) -> None:
    """Say in a SENTENCE of one's own what texts under THEME say; somebody else approves it."""
    room = _room(home, study)
    if (sentence is None) == (approve is None):
        raise click.UsageError("Give either a sentence or --approve N.")
    if sentence is not None:
        room.paraphrase(question, theme, by, sentence)
    else:
        room.approve(question, theme, approve or 0, by)
    for place, found in enumerate(_question(room, question).paraphrases[theme], start=1):
        click.echo(f"{place}: {'released' if found.is_released else 'open'}: {found.text}")


@texts.command("quote")
@click.argument("study")
@click.argument("question")
@click.argument("number", type=int)
@person
@click.pass_obj
def quote(home: Home, study: str, question: str, number: int, by: str) -> None:
    """Consent that a text is quoted as it is shown now; it needs two people."""
    room = _room(home, study)
    room.quote(question, number, by)
    given = len(_question(room, question).text(number).quotes)
    click.echo(f"{question} {number}: {given} of 2 consents")


@texts.command("agreement")
@click.argument("study")
@click.argument("question")
@click.pass_obj
def agreement_command(home: Home, study: str, question: str) -> None:
    """Print Krippendorff's alpha of the coders of QUESTION, together and by theme."""
    found = agreement(_question(_room(home, study), question))
    click.echo(f"texts coded by two or more: {found.double_coded}")
    for name, alpha in (("all", found.alpha), *found.by_theme.items()):
        click.echo(f"{name}: {'–' if alpha is None else f'{alpha:.3f}'}")


@texts.command("sheet")
@click.argument("study")
@click.argument("question")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def sheet(home: Home, study: str, question: str, out: Path) -> None:
    """Write the texts of QUESTION as CSV to fill in; it holds personal data, delete it after.

    Columns decision, reasons, take_out (kinds or START-END:KIND) and themes, several with
    spaces between them; “reports texts take” reads them.
    """
    room = _room(home, study)
    state = _question(room, question)
    rows = [
        {
            "number": number,
            "status": state.text(number).status.value,
            "flags": " ".join(
                f"{f.start}-{f.end}:{f.kind.value}" for f in room.flags(question, number)
            ),
            "text": _cell(room.shown(question, number, state.text(number))),
        }
        for number in range(1, len(room.texts[question]) + 1)
    ]
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, SHEET, restval="", delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    write_new(out, lambda file: file.write(buffer.getvalue().encode("utf-8-sig")))


@texts.command("take")
@click.argument("study")
@click.argument("question")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@person
@click.pass_obj
def take(home: Home, study: str, question: str, file: Path, by: str) -> int:
    """Take in a filled sheet: decisions first, then themes; lines with mistakes are named."""
    room = _room(home, study)
    done, mistakes = 0, []
    for line, act in _filled(room, question, file, by):
        try:
            act()
            done += 1
        except (ReportError, ValueError) as error:
            mistakes.append(f"{file}:{line}: {error}")
    for mistake in mistakes:
        click.echo(mistake, err=True)
    click.echo(f"{done} entries taken in, {len(mistakes)} not")
    return 1 if mistakes else 0


@texts.command("release")
@click.argument("study")
@click.argument("questions", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="JSON file to write.")
@person
@click.pass_obj
def release_command(
    home: Home, study: str, questions: Sequence[str], out: Path | None, by: str
) -> None:
    """Release counted themes, paraphrases and quotes that two people agree upon.

    Themes that too few people wrote about are joined; a number that differs from an earlier
    release by a few people is refused. Texts that stay are counted, never shown.
    """
    room = _room(home, study)
    if out is not None and out.exists():
        raise ReportError(f"{out} exists already; nothing was released")
    released = release_texts(home, room, by, questions, now=datetime.now(UTC))
    raw = {
        "study": study,
        "data_set": room.data_set.fingerprint,
        "questions": as_raw(released),
        "journal": room.journal.head,
    }
    text = json.dumps(raw, ensure_ascii=False, indent=1) + "\n"
    if out is None:
        click.echo(text, nl=False)
    else:
        write_new(out, lambda file: file.write(text.encode()))


# -- what is typed ------------------------------------------------------------------------------


def _spans(room: Room, question: str, number: int, places: Sequence[str]) -> list[Flag]:
    spans: list[Flag] = []
    for place in places:
        if place in [kind.value for kind in Kind]:
            spans += [f for f in room.flags(question, number) if f.kind.value == place]
            continue
        try:
            range_, kind = place.split(":")
            start, end = range_.split("-")
            spans.append(Flag(int(start), int(end), Kind(kind)))
        except ValueError:
            kinds = ", ".join(kind.value for kind in Kind)
            raise ReportError(f"“{place}” is neither START-END:KIND nor one of {kinds}") from None
    return spans


def _filled(
    room: Room, question: str, file: Path, by: str
) -> Iterator[tuple[int, Callable[[], object]]]:
    """Line and act for every entry of a filled sheet, decisions before themes."""
    try:
        content = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise ReportError(f"{file} is no sheet in UTF-8") from None
    first = content.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(content), delimiter=";" if ";" in first else ",")
    if not {"number", "decision", "themes"} <= set(reader.fieldnames or ()):
        raise ReportError(f"{file} has not the columns number, decision and themes")
    rows = [(reader.line_num, {k: v or "" for k, v in row.items() if k}) for row in reader]
    for line, row in rows:
        if row["decision"].strip():
            yield line, partial(_take_decision, room, question, row, by)
    for line, row in rows:
        if row["themes"].split():
            yield line, partial(_take_themes, room, question, row, by)


def _take_decision(room: Room, question: str, row: dict[str, str], by: str) -> None:
    number, decision = _number(row), row["decision"].strip()
    if decision not in [known.value for known in Decision]:
        known_words = ", ".join(known.value for known in Decision)
        raise ReportError(f"“{decision}” is no decision; known are {known_words}")
    spans = _spans(room, question, number, row.get("take_out", "").split())
    room.judge(question, number, by, Decision(decision), row.get("reasons", "").split(), spans)


def _take_themes(room: Room, question: str, row: dict[str, str], by: str) -> None:
    room.code(question, _number(row), by, row["themes"].split())


def _number(row: dict[str, str]) -> int:
    if not row["number"].strip().isdecimal():
        raise ReportError(f"“{row['number']}” is no number of a text")
    return int(row["number"])


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
