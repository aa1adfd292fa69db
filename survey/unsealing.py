"""Unsealing and judging many ballots: in helper processes where there are many.

A helper gets sealed ballots in batches and gives back what lies under the layers, or judged
ballots. It writes nothing; private keys reach it through a pipe. Few batches are on their way at
any time, so that memory does not grow with the urn.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

import pyrage

from survey import ballot
from survey.errors import BallotError, SurveyError

if TYPE_CHECKING:
    # A helper that only takes layers off starts without what judging needs.
    from survey.instrument import Questionnaire
    from survey.tally import Judge, Judged
    from survey.urn_file import UrnHeader

BATCH = 250
MANY = 2000
"""From so many ballots on, helpers are worth their start."""
AHEAD = 2
"""Batches per helper that are on their way."""

Identities = Sequence[pyrage.x25519.Identity]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Work:
    """What a helper needs: the private keys of each layer, and the header if it is to judge."""

    layers: tuple[tuple[str, ...], ...]
    header: str = ""


def unsealed(
    sealed: Iterable[bytes], layers: Sequence[Identities], ballots: int
) -> Iterator[bytes | BallotError]:
    """What lies under the layers of each ballot, or why it could not be opened."""
    return _done(_unseal, Work(_as_text(layers)), sealed, ballots)


def judged(
    sealed: Iterable[bytes], layers: Sequence[Identities], header: UrnHeader
) -> Iterator[Judged | BallotError]:
    """Each ballot of an urn unsealed and judged, or why it is rejected."""
    work = Work(_as_text(layers), header.to_json())
    return _done(_judge, work, sealed, header.ballots)


def read_questionnaires(header: UrnHeader) -> tuple[Questionnaire, list[Questionnaire]]:
    """The questionnaire of an exported urn and the earlier versions that ballots may have."""
    from survey.questionnaire import Bundle, read_stored
    from survey.study import Study

    study = Study.from_json(header.study)
    now = read_stored(study, Bundle.from_json(header.bundle), header.instrument_hash)
    earlier = [
        read_stored(study, Bundle.from_json(text), hash)
        for hash, text in {hash: text for hash, text, _ in header.earlier}.items()
        if hash != header.instrument_hash
    ]
    return now, earlier


def judge_of(header: UrnHeader) -> Judge:
    """Who judges the ballots of an exported urn."""
    from survey import keys
    from survey.tally import Judge

    now, earlier = read_questionnaires(header)
    return Judge(now, keys.read_host_key(header.host_key), earlier)


def helpers() -> int:
    """How many processes this process may keep busy."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


Step = Callable[[Work, list[bytes]], list[Result]]


def _done(
    step: Step[Result], work: Work, sealed: Iterable[bytes], ballots: int
) -> Iterator[Result]:
    count = helpers()
    if ballots < MANY or count < 2:
        # One by one, so that progress is told as it is made.
        for one in sealed:
            yield from step(work, [one])
        return
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(count, mp_context=context) as pool:
            yield from _in_turn(pool, step, work, _batches(sealed), count * AHEAD)
    except BrokenProcessPool:
        raise SurveyError(
            "a helper process has ended, perhaps for want of memory; nothing was changed: repeat "
            "the command"
        ) from None


def _batches(sealed: Iterable[bytes]) -> Iterator[list[bytes]]:
    source = iter(sealed)
    while batch := list(islice(source, BATCH)):
        yield batch


def _in_turn(
    pool: ProcessPoolExecutor,
    step: Step[Result],
    work: Work,
    batches: Iterator[list[bytes]],
    ahead: int,
) -> Iterator[Result]:
    waiting: deque[Future[list[Result]]] = deque()
    for batch in batches:
        waiting.append(pool.submit(step, work, batch))
        if len(waiting) >= ahead:
            yield from waiting.popleft().result()
    for future in waiting:
        yield from future.result()


def _unseal(work: Work, batch: list[bytes]) -> list[bytes | BallotError]:
    return [_tried(partial(_opened, work), sealed) for sealed in batch]


def _judge(work: Work, batch: list[bytes]) -> list[Judged | BallotError]:
    judge = _judge_in_helper(work.header)
    return [_tried(lambda one: judge.judge(_opened(work, one)), sealed) for sealed in batch]


def _tried(act: Callable[[bytes], Result], sealed: bytes) -> Result | BallotError:
    try:
        return act(sealed)
    except BallotError as error:
        return BallotError(error.reason)


def _opened(work: Work, sealed: bytes) -> bytes:
    for identities in _identities(work.layers):
        sealed = ballot.open_layer(sealed, identities)
    return sealed


@cache
def _identities(layers: tuple[tuple[str, ...], ...]) -> list[Identities]:
    return [[pyrage.x25519.Identity.from_str(text) for text in layer] for layer in layers]


@cache
def _judge_in_helper(header: str) -> Judge:
    from survey.urn_file import UrnHeader

    return judge_of(UrnHeader.from_json(header))


def _as_text(layers: Sequence[Identities]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(str(identity) for identity in layer) for layer in layers)
