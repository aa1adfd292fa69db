"""The pages that a respondent sees, from the start page to the thanks.

One address per study. Every step is a POST to it: the hidden state says which page was sent,
the pressed button (``go``) what is wanted. Nothing is stored before the person sends.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType

from flask import Blueprint, Response, abort, current_app, redirect, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as BaseResponse

from survey.codes import normalise
from survey.desk import Receipt, Submission
from survey.doors import Door, Doors, Passage
from survey.errors import CodeError, PageStateError, StudyStateError
from survey.forms import Values, read_page, shown, submitted
from survey.instrument import Page
from survey.items.ranking import Ranking
from survey.page_state import REVIEW, PageState, StateBox, first_state
from survey.ranking_moves import move
from survey.rendering import Filling
from survey.review import review
from survey.schema import State
from survey.screens import draw_general, draw_notice
from survey.study import Access
from survey.theme import load_theme
from survey.translation import SOURCE, catalogue

blueprint = Blueprint("pages", __name__)

UNPROCESSABLE = 422
CONFLICT = 409


@blueprint.get("/")
def index() -> BaseResponse:
    """The list of studies; a single one is shown at once."""
    studies = _doors().studies()
    if len(studies) == 1:
        return redirect(f"/s/{studies[0].id}/")
    _ = catalogue(SOURCE).gettext
    entries = [
        {
            "path": f"/s/{row.id}/",
            "title": row.title,
            "note": "" if row.state == State.OPEN else _("beendet"),
        }
        for row in sorted(studies, key=lambda row: row.state != State.OPEN)
    ]
    flags = frozenset() if entries else frozenset({"none"})
    filling = Filling(lists={"studies": entries}, flags=flags)
    return _public(draw_general("index", load_theme(), filling))


@blueprint.get("/s/<study_id>/")
def start(study_id: str) -> BaseResponse:
    """The start page of a study, or why it takes no answers."""
    door = _find(study_id)
    passage = door.passage(_now())
    name = {Passage.OPEN: "start", Passage.WAITING: "waiting", Passage.CLOSED: "closed"}[passage]
    return _public(door.screens.draw(name))


@blueprint.post("/s/<study_id>/")
def step(study_id: str) -> BaseResponse:
    """One step of a respondent."""
    door = _find(study_id)
    passage = door.passage(_now())
    if passage is not Passage.OPEN:
        name = "waiting" if passage is Passage.WAITING else "closed"
        return Response(door.screens.draw(name), CONFLICT)
    try:
        return Walk(door, door.box(), request.form).answer()
    except PageStateError:
        return Response(
            draw_notice(
                load_theme(),
                "Diese Seite lässt sich nicht fortsetzen",
                "Sie ist beschädigt angekommen, oder die Umfrage wurde inzwischen geändert.",
                "Es wurde nichts gespeichert. Bitte beginnen Sie auf der Startseite neu.",
                path=f"/s/{study_id}/",
            ),
            400,
        )
    except StudyStateError:
        return Response(door.screens.draw("closed"), CONFLICT)


@dataclass(frozen=True)
class Walk:
    """One posted step through the pages of a study."""

    door: Door
    box: StateBox
    posted: MultiDict[str, str]

    def answer(self) -> BaseResponse:
        """The page that follows what was posted."""
        action, _, detail = self.posted.get("go", "next").partition(":")
        text = self.posted.get("state")
        state = self.box.open(text) if text else None
        if state is None or action == "begin":
            return self._begin(state)
        if action == "submit" and state.page == REVIEW:
            return self._submit(state)
        if self.door.is_done(state):
            return self._done(state)
        if state.page == REVIEW:
            return self._leave_review(state, action, detail)
        if action in ("up", "down", "clear"):
            return self._rearrange(state, action, detail)
        return self._turn(state, action)

    def _begin(self, state: PageState | None) -> BaseResponse:
        """The first page; after a second try with a code, the review with what was answered."""
        code = ""
        if self.door.desk.study.access is Access.CODES:
            try:
                code = normalise(self.posted.get("code", ""))
            except CodeError:
                return self._mistyped(state)
        if state is None or self.door.is_cast(state):
            study = self.door.desk.study
            state = first_state(self.door.desk.instrument, study.language, code)
        else:
            state = replace(state, code=code, page=REVIEW)
        if self.door.is_done(state):
            return self._done(state)
        return self._show(state)

    def _mistyped(self, state: PageState | None) -> BaseResponse:
        typed = self.posted.get("code", "").strip()
        _ = catalogue(self.door.desk.study.language).gettext
        sentence = (
            _("Im Zugangscode ist ein Tippfehler. Bitte vergleichen Sie ihn mit Ihrer Karte.")
            if typed
            else _("Bitte geben Sie Ihren Zugangscode ein.")
        )
        filling = Filling(
            values={"code": [typed[:64]]},
            mistakes={"code": sentence},
            texts={"state": self.box.seal(state)} if state else {},
        )
        name = "code" if state else "start"
        return Response(self.door.screens.draw(name, filling), UNPROCESSABLE)

    def _submit(self, state: PageState) -> BaseResponse:
        submission = Submission(
            answers=state.answers,
            orders=state.orders,
            language=state.language,
            ballot_key=state.ballot_key,
            code=state.code,
        )
        receipt = self.door.desk.cast(submission, _now())
        if receipt is Receipt.CLOSED:
            return Response(self.door.screens.draw("closed"), CONFLICT)
        if receipt is Receipt.CODE_UNUSABLE:
            return self._done(state)
        return Response(self.door.screens.draw("thanks"))

    def _done(self, state: PageState) -> BaseResponse:
        """One page for used and for unknown codes; it keeps answers but never shows them."""
        if self.door.desk.study.access is Access.OPEN:
            return Response(self.door.screens.draw("counted"), CONFLICT)
        # A ballot that is in the urn must not come back with the next person's code.
        keep = state.answers and not self.door.is_cast(state)
        texts = {"state": self.box.seal(state)} if keep else {}
        return Response(self.door.screens.draw("code", Filling(texts=texts)), UNPROCESSABLE)

    def _turn(self, state: PageState, action: str) -> BaseResponse:
        page = self._pages[state.page]
        reading = read_page(page, self.posted, state.language)
        if reading.mistakes:
            return self._show_page(state, reading.values, reading.mistakes)
        onward = state.page + 1 if state.page + 1 < len(self._pages) else REVIEW
        target = max(state.page - 1, 0) if action == "back" else onward
        after = replace(
            state,
            answers=reading.merged(state.answers, page),
            page=REVIEW if state.returning else target,
            returning=False,
        )
        return self._show(after)

    def _leave_review(self, state: PageState, action: str, detail: str) -> BaseResponse:
        last = len(self._pages) - 1
        if action == "edit" and detail.isdecimal() and int(detail) <= last:
            return self._show(replace(state, page=int(detail), returning=True))
        if action == "back":
            return self._show(replace(state, page=last))
        return self._show(state)

    def _rearrange(self, state: PageState, action: str, detail: str) -> BaseResponse:
        """The same page with one ranking moved or one answer taken back; nothing is judged."""
        items = self._pages[state.page].items
        values = submitted(items, self.posted)
        texts: dict[str, str] = {}
        for item in items:
            if action == "clear" and item.id == detail:
                values = {n: v for n, v in values.items() if n not in item.fields()}
            elif isinstance(item, Ranking) and detail in item.fields() and action != "clear":
                code = detail.removeprefix(f"{item.id}.")
                moved = move(item, values, code, action, state.language)
                values |= moved.values
                texts[f"status:{item.id}"] = moved.status
        return self._show_page(state, values, texts=texts)

    def _show(self, state: PageState) -> BaseResponse:
        """The page or review where a state stands, with the answers it holds."""
        if state.page != REVIEW:
            return self._show_page(state, shown(self._pages[state.page].items, state.answers))
        said = review(self.door.desk.instrument, state.answers)
        empty = [{"id": item.id, "title": item.title or item.text} for item in said.empty]
        filling = Filling(
            texts={"state": self.box.seal(state)},
            lists={"empty": empty, **{f"answer:{id}": line for id, line in said.answered.items()}},
            flags=frozenset(f"empty:{item.id}" for item in said.empty),
        )
        return Response(self.door.screens.draw("review", filling))

    def _show_page(
        self,
        state: PageState,
        values: Values,
        mistakes: Mapping[str, str] = MappingProxyType({}),
        texts: Mapping[str, str] = MappingProxyType({}),
    ) -> BaseResponse:
        answered = (
            f"answered:{item.id}"
            for item in self._pages[state.page].items
            if any(any(values.get(name, ())) for name in item.fields())
        )
        filling = Filling(
            values=values,
            mistakes=mistakes,
            texts={"state": self.box.seal(state), **texts},
            flags=frozenset([*answered, *(["returning"] if state.returning else [])]),
            orders=state.orders,
        )
        status = UNPROCESSABLE if mistakes else 200
        return Response(self.door.screens.draw_page(state.page, filling), status)

    @property
    def _pages(self) -> tuple[Page, ...]:
        return self.door.desk.instrument.pages


def _doors() -> Doors:
    doors: Doors = current_app.extensions["doors"]
    return doors


def _find(study_id: str) -> Door:
    try:
        return _doors().find(study_id)
    except StudyStateError:
        abort(404)


def _now() -> datetime:
    return datetime.now(UTC)


def _public(text: str) -> Response:
    """A page that depends on nobody's answers; only such pages are compressed."""
    response = Response(text)
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] > 0:
        response.set_data(gzip.compress(response.get_data(), 6, mtime=0))
        response.content_encoding = "gzip"
    return response
