"""One posted step of a respondent: from the state and a pressed button to the next screen.

The pressed button (``go``) says what is wanted, the hidden state which page was sent. Nothing
is stored before the person sends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from survey.codes import normalise
from survey.desk import Receipt, Submission
from survey.doors import Door, Entrance
from survey.errors import CodeError
from survey.forms import Values, read_page, shown, submitted
from survey.glances import Glance
from survey.items.ranking import Ranking
from survey.pace import BEGIN, CODES, Pace, shortest_fill, ticket
from survey.page_state import REVIEW, TEXTS, PageState, StateBox, first_state
from survey.pauses import TRAP, Pause, pause, paused
from survey.ranking_moves import move
from survey.rendering import Filling
from survey.replies import Reply
from survey.route import Route
from survey.showing import NOTHING, page_filling, review_filling, text_title, texts_filling
from survey.study import Access
from survey.translation import catalogue

UNPROCESSABLE = 422
CONFLICT = 409
OVERLONG = 413
CODE_FIELDS = ("code", "first_code")
STATELESS = {"code": UNPROCESSABLE, "counted": CONFLICT, "thanks": 200}
"""Screens without answers that can be said again in another language, with their status."""


@dataclass(frozen=True)
class Walk:
    """One posted step through the pages of a study; ``where`` is asked for ``pace`` alone."""

    entrance: Entrance
    posted: MultiDict[str, str]
    language: str
    now: datetime
    pace: Pace = field(default_factory=Pace, repr=False)
    where: Callable[[], str] = field(default=str, repr=False)
    """The network of the request; hardly any step has to know it."""

    @property
    def door(self) -> Door:
        """The study."""
        return self.entrance.door

    @cached_property
    def box(self) -> StateBox:
        """What seals and opens the page states; raises ``StudyStateError`` when closed."""
        return self.entrance.box or self.door.box()

    def _opened(self) -> PageState:
        """The page state that was sent; raises ``PageStateError`` if it is none of ours."""
        return self.entrance.page or self.box.open(self.posted.get("state", ""))

    def _sealed(self, state: PageState) -> Markup:
        """A page state for a page: long, and of letters that need no escaping."""
        return Markup(self.box.seal(state))  # noqa: S704

    def _look(self, state: PageState) -> Glance:
        """What became of the ballot of a state; the sent one has been looked at already."""
        page, seen = self.entrance.page, self.entrance.seen
        is_sent = page and (page.ballot_key, page.code) == (state.ballot_key, state.code)
        return seen if seen and is_sent else self.door.look(state)

    def _is_done(self, state: PageState) -> bool:
        """Whether these answers must not be shown any more, because they are in the urn."""
        return self.door.is_done(self._look(state))

    @property
    def _with_codes(self) -> bool:
        return self.door.desk.study.access is Access.CODES

    def answer(self) -> Reply:
        """The page that follows what was posted."""
        action, _, detail = self.posted.get("go", "next").partition(":")
        state = self._opened() if self.posted.get("state") else None
        if state and "lang" in self.posted and self.posted["lang"]:
            # It differs from the state's where a failure page has changed the language.
            state = replace(state, language=self.language)
        if action == "lang":
            return self._spoken(state, self.door.screens.known(detail))
        if state is None or action in ("begin", "anew"):
            return self._begin(state, detail if action == "read" else "", anew=action == "anew")
        if action == "submit" and state.page == REVIEW:
            return self._submit(state)
        if self._is_done(state):
            return self._done(self._with_posted(state))
        if state.page == TEXTS:
            return self._read(state, detail) if action == "read" else self._show(state)
        if state.page == REVIEW:
            return self._leave_review(state, action, detail)
        if action in ("up", "down", "clear"):
            return self._rearrange(state, action, detail)
        return self._turn(state, action)

    def overlong(self, cut: str) -> Reply | None:
        """The page again with what arrived of it; ``cut`` names the field that did not fit.

        None if what arrived belongs to no page of the questionnaire.
        """
        state = self._opened()
        route = self._route(state)
        if state.page not in route.pages or self._is_done(state):
            return None
        page = route.pages[state.page]
        items = page.items
        values = shown(items, state.answers) | submitted(page, self.posted)
        _ = catalogue(state.language).gettext
        sentence = _(
            "Das war zu viel auf einmal: Von diesem Text ist nur der Anfang angekommen. Bitte "
            "kürzen Sie ihn und prüfen Sie auch, was auf dieser Seite danach kommt."
        )
        name = cut if cut in page.names else min(page.names, default=cut)
        return self._show_page(route, values, {name: sentence}, status=OVERLONG)

    def _spoken(self, state: PageState | None, language: str) -> Reply:
        """The same screen in another language, with everything that was filled in."""
        if waiting := paused(self.posted.get("screen", "")):
            return self._paused(*waiting, language)
        if state is None:
            name = self.posted.get("screen", "")
            if name not in STATELESS:
                return Reply(self.door.screens.draw("start", language=language))
            return Reply(self.door.screens.draw(name, language=language), STATELESS[name])
        state = replace(state, language=language)
        if self._is_done(state):
            return self._done(self._with_posted(state))
        if state.page in (REVIEW, TEXTS):
            return self._show(state)
        route = self._route(state)
        return self._show_page(route, submitted(route.pages[state.page], self.posted))

    def _begin(self, kept: PageState | None, text: str = "", *, anew: bool = False) -> Reply:
        """The first page; after a second try with a code, the review with what was answered.

        Answers that were begun with one code are shown under another only to whoever has
        both: on a shared device they may be somebody else's.
        """
        code, with_code = "", self._with_codes
        language = kept.language if kept else self.language
        if kept and self._look(kept).is_cast:
            kept = None
        if with_code:
            code = _typed_code(self.posted, "code")
            if not code:
                return self._mistyped(kept)
            if wait := self._held(self.pace.wait(CODES, self.where(), self._time)):
                return self._pause(Pause.CODES, language, wait)
        elif not kept and not self.door.desk.instrument.texts and (wait := self._toll()):
            return self._pause(Pause.CROWD, language, wait)
        state = self._fresh(language, code)
        if kept and not with_code:
            state = kept
        elif kept and kept.answers and not anew:
            state = replace(kept, code=code, page=REVIEW)
        if self._is_done(state):
            self.pace.spend(CODES, self.where(), self._time)
            return self._done(kept or state)
        begun_with = kept.code if kept and state.answers else code
        if kept and code != begun_with != _typed_code(self.posted, "first_code"):
            self.pace.spend(CODES, self.where(), self._time)
            return self._unproven(kept)
        return self._read(state, text) if text else self._show(state)

    def _mistyped(self, state: PageState | None) -> Reply:
        language = state.language if state else self.language
        _ = catalogue(language).gettext
        sentence = (
            _("Im Zugangscode ist ein Tippfehler. Bitte vergleichen Sie ihn mit Ihrer Karte.")
            if self.posted.get("code", "").strip()
            else _("Bitte geben Sie Ihren Zugangscode ein.")
        )
        return self._ask_code(state, language, {"code": sentence})

    def _unproven(self, state: PageState) -> Reply:
        """The request for the code that the answers in a page were begun with."""
        _ = catalogue(state.language).gettext
        sentence = _(
            "Bitte geben Sie auch den Code ein, mit dem diese Antworten begonnen wurden, oder "
            "beginnen Sie neu."
        )
        return self._ask_code(state, state.language, {"first_code": sentence})

    def _ask_code(
        self, state: PageState | None, language: str, mistakes: Mapping[str, str]
    ) -> Reply:
        filling = Filling(
            values={name: [self.posted.get(name, "").strip()[:64]] for name in CODE_FIELDS},
            mistakes=mistakes,
            texts={"state": self._sealed(state)} if state else {},
        )
        name = "code" if state else "start"
        return Reply(self.door.screens.draw(name, filling, language), UNPROCESSABLE)

    @property
    def _time(self) -> float:
        return self.now.timestamp()

    def _fresh(self, language: str, code: str = "") -> PageState:
        """A first state; where there is no code, it knows when it was drawn."""
        state = first_state(self.door.desk.instrument, language, code)
        return state if code else replace(state, begun=int(self._time))

    def _toll(self) -> float:
        """Seconds to wait before another ballot of a study without codes can be begun."""
        return self._held(self.pace.take(BEGIN, self.where(), self._time))

    def _held(self, wait: float) -> float:
        """The wait, or none for whoever has waited already."""
        shown = self.posted.get("ticket", "") if wait else ""
        waited = shown and self.pace.redeem(self.door.desk.state_key, shown, self._time)
        return 0.0 if waited else wait

    def _pause(self, why: Pause, language: str, wait: float = 0.0) -> Reply:
        held = why in (Pause.CROWD, Pause.CODES)
        good = ticket(self.door.desk.state_key, self._time + wait) if held else ""
        posted = self.posted.items(multi=True)
        return pause(self.door.screens, why, posted, language, seconds=wait, ticket=good)

    def _paused(self, why: Pause, seconds: float, language: str) -> Reply:
        """The page that asks for patience, in another language; nothing is tried meanwhile."""
        fields, held = self.posted.items(multi=True), self.posted.get("ticket", "")
        return pause(self.door.screens, why, fields, language, seconds=seconds, ticket=held)

    def _too_quick(self, route: Route) -> float:
        """Seconds that are missing until a person could have come to the review.

        Demos are there for clicking through.
        """
        if self._with_codes or self.door.desk.study.demo:
            return 0.0
        least = shortest_fill(len(route.pages))
        passed = self._time - route.state.begun
        # Where the clock was set back since, nobody can tell, and nobody is kept waiting.
        return least - passed if 0 <= passed < least else 0.0

    def _submit(self, state: PageState) -> Reply:
        route = self._route(state)
        if not self._with_codes and self.posted.get(TRAP):
            return self._pause(Pause.TRAP, state.language)
        if wait := self._too_quick(route):
            return self._pause(Pause.QUICK, state.language, wait)
        submission = Submission(
            answers=route.answers,
            orders=route.orders,
            language=state.language,
            ballot_key=state.ballot_key,
            code=state.code,
            text=state.text,
        )
        receipt = self.door.desk.cast(submission, self.now)
        if receipt is Receipt.CLOSED:
            return Reply(self.door.screens.draw("closed", language=state.language), CONFLICT)
        if receipt is Receipt.CODE_UNUSABLE:
            return self._done(state)
        if state.text:
            return self._show(self._after(state))
        return Reply(self.door.screens.draw("thanks", language=state.language))

    def _after(self, state: PageState) -> PageState:
        """A fresh state, tied to the ballot before by nothing but the texts that are done."""
        fresh = first_state(self.door.desk.instrument, state.language)
        return replace(fresh, done=tuple(dict.fromkeys((*state.done, state.text))))

    def _done(self, state: PageState) -> Reply:
        """One page for used and for unknown codes; it keeps answers but never shows them."""
        screens = self.door.screens
        if self.door.desk.study.access is Access.OPEN:
            texts = {"state": self._sealed(self._after(state))} if state.text else {}
            filling = Filling(texts=texts)
            return Reply(screens.draw("counted", filling, state.language), CONFLICT)
        # A ballot that is in the urn must not come back.
        keep = state.answers and not self._look(state).is_cast
        filling = Filling(texts={"state": self._sealed(state)} if keep else {})
        return Reply(screens.draw("code", filling, state.language), UNPROCESSABLE)

    def _read(self, state: PageState, text: str) -> Reply:
        """The first page of a text; what was answered about another one and not sent is gone."""
        if text in state.done or not text_title(self.door.screens.voice(), text):
            return self._show(state)
        if text != state.text:
            if not state.code and (wait := self._toll()):
                return self._pause(Pause.CROWD, state.language, wait)
            state = replace(self._fresh(state.language, state.code), done=state.done, text=text)
        return self._show(replace(state, page=self._route(state).first))

    def _with_posted(self, state: PageState) -> PageState:
        """The state with what the sent page says, as far as it can be taken."""
        route = self._route(state)
        page = route.pages.get(state.page)
        if page is None:
            return state
        reading = read_page(page, self.posted, state.language)
        return replace(state, answers=reading.merged(state.answers, page))

    def _turn(self, state: PageState, action: str) -> Reply:
        route = self._route(state)
        page = route.pages[state.page]
        reading = read_page(page, self.posted, state.language)
        if reading.mistakes:
            return self._show_page(route, reading.values, reading.mistakes)
        after = self._route(replace(state, answers=reading.merged(state.answers, page)))
        if action == "texts" and state.text:
            return self._show(_at_texts(after.state))
        if state.returning:
            return self._show(after.returned(route), after)
        return self._show(after.backward() if action == "back" else after.onward(), after)

    def _leave_review(self, state: PageState, action: str, detail: str) -> Reply:
        route = self._route(state)
        if action == "edit" and detail.isascii() and detail.isdecimal():
            place = int(detail[:6])
            if place in route.pages:
                return self._show(replace(state, page=place, returning=True))
        if action == "texts" and state.text:
            return self._show(_at_texts(state))
        return self._show(route.backward() if action == "back" else state)

    def _rearrange(self, state: PageState, action: str, detail: str) -> Reply:
        """The same page with one ranking moved or one answer taken back; nothing is judged."""
        route = self._route(state)
        page = route.pages[state.page]
        items, values = page.items, submitted(page, self.posted)
        texts: dict[str, str] = {}
        for item in items:
            if action == "clear" and item.id == detail:
                values = {n: v for n, v in values.items() if n not in item.clearable}
            elif isinstance(item, Ranking) and detail in item.form_fields and action != "clear":
                code = detail.removeprefix(f"{item.id}.")
                if code == detail:  # the field of the reasons, which has no place to move to
                    continue
                moved = move(item, values, code, action, state.language)
                values |= moved.values
                texts[f"status:{item.id}"] = moved.status
        return self._show_page(route, values, texts=texts)

    def _route(self, state: PageState) -> Route:
        return Route(self.door.screens.voice(state.language).instrument, state)

    def _show(self, state: PageState, known: Route | None = None) -> Reply:
        """The screen where a state stands, with its answers; ``known`` leads the same way."""
        route = known.at(state) if known else self._route(state)
        if state.page in route.pages:
            return self._show_page(route, shown(route.pages[state.page].items, state.answers))
        voice = self.door.screens.voice(state.language)
        sealed = {"state": self._sealed(state)}
        if state.page == TEXTS:
            name, filling = "texts", texts_filling(state, voice, sealed)
        else:
            name, filling = "review", review_filling(route, voice, sealed)
        return Reply(self.door.screens.draw(name, filling, state.language))

    def _show_page(
        self,
        route: Route,
        values: Values,
        mistakes: Mapping[str, str] = NOTHING,
        texts: Mapping[str, str] = NOTHING,
        *,
        status: int = UNPROCESSABLE,
    ) -> Reply:
        state = route.state
        voice = self.door.screens.voice(state.language)
        sealed = {"state": self._sealed(state), **texts}
        filling = page_filling(route, voice, values, sealed, mistakes)
        status = status if mistakes else 200
        text = self.door.screens.draw_page(state.page, filling, state.language)
        return Reply(text, status)


def _typed_code(posted: MultiDict[str, str], name: str) -> str:
    """A code as it was typed, in its one form; empty if it is mistyped."""
    try:
        return normalise(posted.get(name, ""))
    except CodeError:
        return ""


def _at_texts(state: PageState) -> PageState:
    """The same answers at the list of texts, from where reading can go on."""
    return replace(state, page=TEXTS, returning=False, ahead=())
