"""Moderation of free texts: read, judge, redact, code, agree, release. For moderators alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from reports.moderation.release import TextRelease
from reports.moderation.room import Room
from reports.moderation.state import NO_THEME, Decision, Status
from reports.releasing import release_texts as release_texts_of
from reports.team import lifecycle, texts_of
from reports.team.guard import home, noted, now, person
from reports.team.lifecycle import AFTER_OPENING, StepError
from reports.team.pages.study import frame, stored
from reports.team.roles import Role, for_roles
from reports.team.texts_of import KIND_WORDS, STATUS_WORDS, question_state
from reports.team.words import _, later
from survey.codebook import Question

blueprint = Blueprint("texts", __name__, url_prefix="/studies/<study_id>/texts")
PAGE = 50
DECISIONS = (
    ("1", Decision.CLEAN.value, later("Unverändert lassen")),
    ("2", Decision.REDACT.value, later("Stellen entfernen")),
    ("3", Decision.WITHHOLD.value, later("Ganz zurückhalten")),
)
DECISION_WORDS = {value: label for _key, value, label in DECISIONS}
REASONS = (
    ("n", "name", later("Name")),
    ("k", "contact", later("Kontakt")),
    ("e", "recognisable", later("Person erkennbar")),
    ("b", "insult", later("Beleidigung")),
    ("t", "off_topic", later("gehört nicht zum Thema")),
    ("u", "unreadable", later("unverständlich")),
    ("g", "checked", later("Hinweise geprüft, deuten auf niemanden")),
)


@contextmanager
def _room(study_id: str, question: str = "") -> Iterator[Room]:
    stored(study_id)
    lifecycle.require(home(), study_id, *AFTER_OPENING)
    with texts_of.held(home(), study_id, now().date()) as room:
        if question and question not in room.texts:
            abort(404)
        yield room


def _question(room: Room, id: str) -> Question:
    return room.data_set.codebook.question(id)


@blueprint.get("")
@for_roles(Role.MODERATOR)
def show(study_id: str) -> str:
    """Every question with free texts and where it stands."""
    with _room(study_id) as room:
        questions = [_overview(room, id) for id in room.texts]
    return render_template("team/texts.html", **frame(study_id), questions=questions)


def _overview(room: Room, id: str) -> dict[str, object]:
    state, total = question_state(room, id), len(room.texts[id])
    counts = Counter(state.text(number).status for number in range(1, total + 1))
    coded = sum(text.themes is not None for text in state.texts.values())
    facts = [(_("Texte"), total), *((_(STATUS_WORDS[s]), n) for s, n in counts.items() if n)]
    return {
        "id": id,
        "text": _question(room, id).text,
        "facts": [*facts, (_("mit Themen"), coded)],
        "next": texts_of.next_for(room, id, person()),
    }


@blueprint.get("/<question>")
@for_roles(Role.MODERATOR)
def listed(study_id: str, question: str) -> str:
    """The texts of a question, by their status, fifty on a page."""
    wanted = request.args.get("status", "")
    asked = request.args.get("page", "1")
    with _room(study_id, question) as room:
        state, total = question_state(room, question), len(room.texts[question])
        statuses = {number: state.text(number).status for number in range(1, total + 1)}
        counts = Counter(statuses.values())
        numbers = [n for n, status in statuses.items() if wanted in ("", status.value)]
        page = min(int(asked) if asked.isdecimal() else 1, max(1, -(-len(numbers) // PAGE)))
        shown = numbers[(max(page, 1) - 1) * PAGE :][:PAGE]
        rows = [_row(room, study_id, question, number) for number in shown]
        asked_for = _question(room, question)
    filters = [("", _("alle"), total)]
    filters += [(s.value, _(STATUS_WORDS[s]), counts[s]) for s in Status if counts[s]]
    return render_template(
        "team/texts_list.html",
        **frame(study_id),
        question=asked_for,
        filters=filters,
        status=wanted,
        rows=rows,
        first=(page - 1) * PAGE + 1 if shown else 0,
        last=(page - 1) * PAGE + len(shown),
        total=len(numbers),
        page=page,
    )


def _row(room: Room, study_id: str, question: str, number: int) -> tuple[object, ...]:
    text = question_state(room, question).text(number)
    kinds = dict.fromkeys(_(KIND_WORDS[flag.kind]) for flag in room.flags(question, number))
    beginning = room.shown(question, number, text)
    own = text.codings.get(person(), frozenset())
    return (
        number,
        {
            "href": url_for(".text", study_id=study_id, question=question, number=number),
            "text": beginning[:80] + ("…" if len(beginning) > 80 else "") or "–",
        },
        _(STATUS_WORDS[text.status]),
        ", ".join(kinds) or "–",
        ", ".join(sorted(own)) or "–",
    )


@blueprint.get("/<question>/<int:number>")
@for_roles(Role.MODERATOR)
def text(study_id: str, question: str, number: int) -> str:
    """One text with everything that is decided about it, but not what the other has said."""
    with _room(study_id, question) as room:
        if not 0 < number <= len(room.texts[question]):
            abort(404)
        state = question_state(room, question)
        found, written = state.text(number), room.written(question, number)
        flags, mine = room.flags(question, number), found.judgements.get(person())
        taken = {(s.start, s.end) for s in mine.spans} if mine else set()
        asked_for, total = _question(room, question), len(room.texts[question])
    themes = list(state.themes.values())
    none = {"code": NO_THEME, "label": _("keinem Thema zugeordnet")}
    return render_template(
        "team/text.html",
        **frame(study_id),
        question=asked_for,
        number_here=number,
        total=total,
        marked=texts_of.marked(written, flags),
        status=_(STATUS_WORDS[found.status]),
        mine=_(DECISION_WORDS[mine.decision.value]) if mine else "",
        chosen=mine.decision.value if mine else "",
        decisions=[(key, value, _(label)) for key, value, label in DECISIONS],
        reasons=[(key, value, _(label)) for key, value, label in REASONS],
        flags=[
            {
                "value": f"{f.start}-{f.end}:{f.kind.value}",
                "label": _(KIND_WORDS[f.kind]),
                "words": written[f.start : f.end],
                "taken": (f.start, f.end) in taken,
            }
            for f in flags
        ],
        themes=[*themes, none] if themes else [],
        coded=found.codings.get(person(), frozenset()),
        quotable=found.status in (Status.CLEAN, Status.REDACTED),
    )


@blueprint.post("/<question>/<int:number>")
@for_roles(Role.MODERATOR)
def judge(study_id: str, question: str, number: int) -> Response:
    """Keep a decision and themes, then go on with the next text."""
    sent = request.form
    with _room(study_id, question) as room:
        if not 0 < number <= len(room.texts[question]):
            abort(404)
        if sent.get("go") == "quote":
            room.quote(question, number, person())
        else:
            _judged(room, question, number)
        following = texts_of.next_for(room, question, person(), number)
    noted(question=question, text=str(number))
    if not following:
        return redirect(url_for(".show", study_id=study_id), 303)
    return redirect(url_for(".text", study_id=study_id, question=question, number=following), 303)


def _judged(room: Room, question: str, number: int) -> None:
    sent, themes = request.form, request.form.getlist("theme")
    words = sent.get("decision", "")
    if words not in DECISION_WORDS and not themes:
        raise StepError(_("Wählen Sie eine Entscheidung oder Themen aus."))
    if words in DECISION_WORDS:
        decision = Decision(words)
        spans = texts_of.spans_of(
            room.written(question, number), sent.getlist("span"), sent.get("words", "")
        )
        used = spans if decision is Decision.REDACT else []
        room.judge(question, number, person(), decision, sent.getlist("reason"), used)
    if themes:
        state = question_state(room, question).text(number)
        differ = len(set(state.codings.values())) > 1 and person() in state.codings
        (room.agree if differ else room.code)(question, number, person(), themes)


@blueprint.get("/<question>/themes")
@for_roles(Role.MODERATOR)
def themes(study_id: str, question: str) -> str:
    """The frame of themes, agreement of the coders, sentences, release."""
    with _room(study_id, question) as room:
        return _themes_page(study_id, room, question, None)


def _themes_page(study_id: str, room: Room, question: str, done: TextRelease | None) -> str:
    rows, alpha, double = texts_of.theme_rows(room, question)
    state = question_state(room, question)
    return render_template(
        "team/themes.html",
        **frame(study_id),
        question=_question(room, question),
        rows=[(r.code, r.label, r.texts, _alpha(r.alpha)) for r in rows] if state.themes else [],
        facts=[(_("von zwei Personen zugeordnet"), double), (_("Alpha gesamt"), _alpha(alpha))],
        themes=list(state.themes.values()),
        theme_options=[(t.code, t.label) for t in state.themes.values()],
        paraphrases=state.paraphrases,
        me=person(),
        released=done,
        released_rows=[(t.label, t.texts) for t in done.themes] if done else [],
    )


def _alpha(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}".replace(".", ",")


@blueprint.post("/<question>/themes")
@for_roles(Role.MODERATOR)
def theme(study_id: str, question: str) -> Response:
    """Add a theme, or give it other words."""
    sent = request.form
    code, label = sent.get("code", "").strip(), sent.get("label", "").strip()
    if not label:
        raise StepError(_("Ein Thema braucht einen Namen."))
    with _room(study_id, question) as room:
        room.theme(question, person(), code, label, sent.get("definition", "").strip())
    noted(question=question, theme=code)
    return redirect(url_for(".themes", study_id=study_id, question=question), 303)


@blueprint.post("/<question>/paraphrase")
@for_roles(Role.MODERATOR)
def paraphrase(study_id: str, question: str) -> Response:
    """Say in a sentence of one's own what texts under a theme say."""
    sentence = request.form.get("sentence", "").strip()
    if len(sentence) < 5:
        raise StepError(_("Schreiben Sie einen ganzen Satz."))
    with _room(study_id, question) as room:
        room.paraphrase(question, request.form.get("theme", ""), person(), sentence)
    noted(question=question)
    return redirect(url_for(".themes", study_id=study_id, question=question), 303)


@blueprint.post("/<question>/approve")
@for_roles(Role.MODERATOR)
def approve(study_id: str, question: str) -> Response:
    """Consent to the sentence of somebody else."""
    place = request.form.get("place", "")
    with _room(study_id, question) as room:
        number = int(place) if place.isdecimal() else 0
        room.approve(question, request.form.get("theme", ""), number, person())
    noted(question=question)
    return redirect(url_for(".themes", study_id=study_id, question=question), 303)


@blueprint.post("/<question>/release")
@for_roles(Role.MODERATOR)
def release_texts(study_id: str, question: str) -> str:
    """Release what two people agree upon."""
    with _room(study_id, question) as room:
        (done,) = release_texts_of(home(), room, person(), [question], now=now())
        noted(question=question)
        return _themes_page(study_id, room, question, done)
