"""The desk: the one way of answers into the urn, for pages, simulation and paper alike."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from functools import cached_property
from itertools import islice

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from survey import ballot, codes, keys, links, urn
from survey.ballot import Ballot, Seal
from survey.errors import AnswerError, SetupError, StudyStateError
from survey.glances import Glance, glance
from survey.home import CODE_KEY, Home
from survey.instrument import Instrument, Questionnaire
from survey.items.base import Answer
from survey.links import Link
from survey.states import State
from survey.studies import (
    check_host_key,
    current_state,
    held_state,
    is_within_dates,
    load_study,
    state_secret,
)
from survey.study import Access, Study

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Submission:
    """What one person sends; ``code`` is empty in studies without codes.

    ``text`` names the text that is sent in a reading study.
    """

    answers: Mapping[str, Answer]
    orders: Mapping[str, int] = field(default_factory=dict)
    language: str = "de"
    ballot_key: str = field(default_factory=ballot.new_key)
    code: str = ""
    mode: str = "web"
    text: str = ""


class Receipt(Enum):
    """What became of a submission.

    A used and an unknown code give the same receipt. ``ALREADY_STORED`` says that the first
    sending with this ballot key counts.
    """

    STORED = "stored"
    ALREADY_STORED = "already_stored"
    CODE_UNUSABLE = "code_unusable"
    CLOSED = "closed"


@dataclass(frozen=True)
class Desk:
    """The open door of one study."""

    home: Home
    questionnaire: Questionnaire
    seal: Seal
    signing_key: Ed25519PrivateKey = field(repr=False)
    code_key: bytes = field(repr=False)
    version: int = 1
    earlier: tuple[Questionnaire, ...] = ()
    was_draft: bool = False
    """Whether the study was a draft when it was read: its key holders were not settled yet."""

    @classmethod
    def open(cls, home: Home, study_id: str) -> Desk:
        """The desk of a stored study, after the checks that every start owes its respondents.

        Raises ``SetupError`` if the installation does not keep the promise.
        """
        home.ensure()
        links.check(home)
        stored = load_study(home, study_id)
        check_host_key(home, stored)
        return cls(
            home,
            stored.questionnaire,
            stored.seal,
            keys.signing_key(home),
            home.secret(CODE_KEY),
            stored.version,
            stored.earlier_questionnaires,
            stored.state is State.DRAFT,
        )

    def of_earlier_versions(self) -> tuple[Desk, ...]:
        """The desks for pages that were opened before the questionnaire was changed."""
        return tuple(
            replace(self, questionnaire=questionnaire, earlier=()) for questionnaire in self.earlier
        )

    def glance(self, ballot_key: str = "", code: str = "") -> Glance:
        """The version that is asked now, the state of the study, and what became of a ballot.

        ``code`` is a normalised one; in studies without codes it counts for nothing.
        """
        key = ballot.key_digest(ballot_key) if ballot_key else b""
        has_code = code and self.study.access is Access.CODES
        digest = codes.digest(self.code_key, self.study.id, code) if has_code else b""
        return glance(self._urn, self.study.id, key, digest)

    @cached_property
    def _urn(self) -> str:
        return links.address(self.home)

    @property
    def study(self) -> Study:
        """The study."""
        return self.questionnaire.study

    @property
    def instrument(self) -> Instrument:
        """The instrument."""
        return self.questionnaire.instrument

    @property
    def state_key(self) -> bytes:
        """The 32 bytes that protect the page state; raises ``StudyStateError`` unless open.

        Read from its file every time, so that closing takes effect in every process.
        """
        try:
            return self.home.secret(state_secret(self.study.id))
        except SetupError:
            raise StudyStateError(f"study {self.study.id} is not open") from None

    @property
    def state(self) -> State:
        """The state of the study now."""
        with links.reading(self.home) as link:
            return current_state(link, self.study.id)

    def accepts(self, now: datetime) -> bool:
        """Whether the study takes answers at this time."""
        return self.accepts_in(self.state, now)

    def accepts_in(self, state: State, now: datetime) -> bool:
        """Whether the study takes answers at this time if it is in this state."""
        within = is_within_dates(self.study, now) and not self.was_draft
        return within and state is State.OPEN

    def code_is_live(self, code: str) -> bool:
        """Whether a typed code can be used; raises ``CodeError`` if it is mistyped."""
        digest = self._code_digest(code)
        with links.reading(self.home) as link:
            return codes.is_live(link, self.study.id, digest)

    def cast(self, submission: Submission, now: datetime) -> Receipt:
        """Put one submission into the urn: all of it or nothing.

        Raises ``AnswerError`` for answers that the instrument does not know and ``CodeError``
        for a mistyped code.
        """
        if self.was_draft or not is_within_dates(self.study, now):
            return Receipt.CLOSED
        prepared = self._prepare(submission)

        def put(link: Link) -> Receipt:
            if held_state(link, self.study.id) is not State.OPEN:
                return Receipt.CLOSED
            return self._store(link, prepared)

        return links.written(self.home, put)

    def cast_many(self, submissions: Iterable[Submission], now: datetime) -> int:
        """Number of submissions stored; one transaction per 500 of them."""
        if self.was_draft:
            raise StudyStateError(f"study {self.study.id} was a draft: it takes no answers")
        waiting, stored = iter(submissions), 0
        while chunk := list(islice(waiting, CHUNK)):
            prepared = [self._prepare(submission) for submission in chunk]
            with links.writing(self.home) as link:
                state = held_state(link, self.study.id)
                if state is not State.OPEN or not is_within_dates(self.study, now):
                    raise StudyStateError(f"study {self.study.id} takes no answers")
                receipts = [self._store(link, one) for one in prepared]
            stored += receipts.count(Receipt.STORED)
        return stored

    def cast_paper(self, submissions: Iterable[Submission]) -> int:
        """Number of paper ballots put into the closed urn: all of them or none.

        Each uses up one paper code, whatever the study's access. Raises ``StudyStateError``
        unless the study is closed and not opened, or if there are fewer paper codes.
        """
        prepared = [self._prepare(replace(one, mode="paper"), paper=True) for one in submissions]
        study_id = self.study.id
        with links.writing(self.home) as link:
            state = held_state(link, study_id)
            if state is not State.CLOSED:
                raise StudyStateError(
                    f"study {study_id} is {state.value}: paper is entered after closing and "
                    "before the opening"
                )
            codes.burn_paper(link, study_id, len(prepared))
            for one in prepared:
                row_key = ballot.key_digest(one.ballot.key)
                if not urn.put(link, study_id, row_key, one.sealed):
                    raise AnswerError("two paper ballots have the same key")
            urn.count_closed(link, study_id)
        return len(prepared)

    def _prepare(self, submission: Submission, *, paper: bool = False) -> _Prepared:
        has_codes = self.study.access is Access.CODES and not paper
        digest = self._code_digest(submission.code) if has_codes else b""
        answers = self.instrument.check_answers(submission.answers, text=submission.text)
        orders = ballot.check_orders(self.instrument, submission.orders)
        if not 0 < len(submission.ballot_key) <= ballot.LONGEST_KEY:
            raise AnswerError("the ballot key has a wrong length")
        if submission.mode not in ballot.MODES or len(submission.language) > 16:
            raise AnswerError("the ballot has an unknown mode or language")
        made = Ballot(
            self.study.id,
            self.instrument.hash,
            submission.ballot_key,
            answers,
            orders,
            submission.language,
            submission.mode,
            submission.text,
        )
        return _Prepared(made, digest, self._sealed(made))

    def _store(self, link: Link, prepared: _Prepared) -> Receipt:
        study_id = self.study.id
        row_key = ballot.key_digest(prepared.ballot.key)
        if self.study.access is Access.OPEN:
            new = urn.put(link, study_id, row_key, prepared.sealed)
            return Receipt.STORED if new else Receipt.ALREADY_STORED
        if codes.burn(link, study_id, prepared.code_digest):
            if not urn.put(link, study_id, row_key, prepared.sealed):
                self._store_afresh(link, prepared.ballot)
            return Receipt.STORED
        known = urn.holds(link, study_id, row_key)
        return Receipt.ALREADY_STORED if known else Receipt.CODE_UNUSABLE

    def _store_afresh(self, link: Link, taken: Ballot) -> None:
        # Two people on one device: the second has a code of their own, so their vote counts.
        made = replace(taken, key=ballot.new_key())
        urn.put(link, self.study.id, ballot.key_digest(made.key), self._sealed(made))

    def _sealed(self, made: Ballot) -> bytes:
        return self.seal.close(ballot.encode(made, self.signing_key, self.seal.size))

    def _code_digest(self, code: str) -> bytes:
        return codes.digest(self.code_key, self.study.id, codes.normalise(code))


@dataclass(frozen=True, slots=True)
class _Prepared:
    ballot: Ballot
    code_digest: bytes
    sealed: bytes
