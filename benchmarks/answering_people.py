"""People who answer the study of 12 pages over connections of their own, and what happens to them.

They come by a timetable, whatever the server does, and turn a page by a timetable of their own; a
time is counted from the moment at which a request was due, so nothing is left out while the server
is slow. Who is told to come again does so when told, or leaves if that is after the end.
"""

from __future__ import annotations

import asyncio
import math
import re
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from urllib.parse import urlencode

import long_study

from survey.attack.visitor import Visitor

PATIENCE = 60.0
"""Seconds until a request that nobody answers is an error."""
PATH = f"/s/{long_study.STUDY}/"
_STATE = re.compile(rb'name="state" value="([^"]*)"')
_AGAIN = re.compile(rb'name="screen" value="pause:busy:(\d+)"')
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_STEP = math.log(1.02)


@dataclass(frozen=True)
class Plan:
    """What one process does: people who come at times, or so many who take turns all the time."""

    port: int
    codes: Sequence[str]
    first: int
    start: float
    ramp: float
    seconds: float
    think: float = 0.0
    arrivals: Sequence[float] = ()
    visits: Sequence[float] = ()
    together: int = 0

    @property
    def end(self) -> float:
        """When nobody begins any more."""
        return self.start + self.ramp + self.seconds


@dataclass
class Tally:
    """What happened. Times are counted in steps of 2 %; nothing else of a request is kept."""

    posts: Counter[int] = field(default_factory=Counter)
    gets: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    thanked: int = 0
    steady: int = 0
    """Those of ``thanked`` who were thanked between the ramp and the end."""
    asked_again: int = 0
    left: int = 0
    cpu: float = 0.0

    def add(self, other: Tally) -> None:
        """Take in what another process saw."""
        for name in vars(self):
            mine = getattr(self, name)
            if isinstance(mine, Counter):
                mine.update(getattr(other, name))
            else:
                setattr(self, name, mine + getattr(other, name))


def share(times: Counter[int], part: float) -> float:
    """Milliseconds within which such a part of the requests was answered."""
    left = part * times.total()
    for step in sorted(times):
        left -= times[step]
        if left <= 0:
            return math.exp(step * _STEP)
    return 0.0


class People:
    """The people of one process."""

    def __init__(self, plan: Plan) -> None:
        """Nobody comes yet."""
        self.plan, self.tally = plan, Tally()
        self._people = zip(count(plan.first), plan.codes, strict=False)
        self._origin = f"http://127.0.0.1:{plan.port}"
        filled = [[self._filled(page, seed) for page in range(long_study.PAGES)] for seed in (1, 3)]
        self._filled_in = filled

    def _filled(self, page: int, seed: int) -> str:
        return urlencode({"go": "next", **long_study.answers(page, seed)}) + "&state="

    async def all(self) -> Tally:
        """Return when everybody has been thanked or has left."""
        plan, ask = self.plan, self._walk
        coming = [ask(plan.start + at, whole=True) for at in plan.arrivals]
        coming += [ask(plan.start + at, whole=False) for at in plan.visits]
        coming += [self._in_turn() for _ in range(plan.together)]
        await asyncio.gather(*coming)
        self.tally.cpu = time.process_time()
        return self.tally

    async def _in_turn(self) -> None:
        at = self.plan.start
        while at < self.plan.end:
            await self._walk(at, whole=True)
            at = time.monotonic()

    async def _walk(self, due: float, *, whole: bool) -> None:
        """One person, from the start page to the thanks, or who looks at the start page only."""
        await _until(due)
        number, code = next(self._people)
        visitor = Visitor(number, self.plan.port, long_study.STUDY)
        link = Link(self.plan.port, visitor.address, self._origin)
        pages = self._filled_in[number % 2]
        bodies = ["", f"go=begin&code={code}", *pages, "go=submit&state="]
        try:
            page = state = b""
            for body in bodies if whole else [""]:
                found = await self._answered(link, body.encode() + state, due)
                if found is None:
                    return
                page, now = found
                state = stated[1] if (stated := _STATE.search(page)) else b""
                due = max(due + self.plan.think, now)
            if whole:
                self._thanked(page)
        finally:
            link.close()

    def _thanked(self, page: bytes) -> None:
        if b"Vielen Dank" not in page:
            self.tally.errors["no thanks"] += 1
            return
        self.tally.thanked += 1
        self.tally.steady += self._counts(time.monotonic())

    def _counts(self, at: float) -> bool:
        return self.plan.start + self.plan.ramp <= at < self.plan.end

    async def _answered(self, link: Link, body: bytes, due: float) -> tuple[bytes, float] | None:
        """The page that follows, and when it came; None if this is where a person goes."""
        while True:
            await _until(due)
            try:
                status, page = await asyncio.wait_for(link.ask(body), PATIENCE)
            except (TimeoutError, OSError, EOFError) as error:
                self.tally.errors[type(error).__name__] += 1
                return None
            now = time.monotonic()
            if status == 200:
                if self._counts(due):
                    times = self.tally.posts if body else self.tally.gets
                    times[round(math.log(max(now - due, 1e-6) * 1000) / _STEP)] += 1
                return page, now
            if status != 503 or not (again := _AGAIN.search(page)):
                self.tally.errors[str(status)] += 1
                return None
            self.tally.asked_again += 1
            if now > self.plan.end:
                self.tally.left += 1
                return None
            link.close()
            due = now + int(again[1])


async def _until(due: float) -> None:
    if (left := due - time.monotonic()) > 0:
        await asyncio.sleep(left)


class Link:
    """A browser's connection, kept while pages follow each other, from an address of its own."""

    def __init__(self, port: int, address: str, origin: str) -> None:
        """Nothing is sent yet."""
        self._to = partial(
            asyncio.open_connection, "127.0.0.1", port, local_addr=(address, 0), limit=1 << 20
        )
        self._head = f" {PATH} HTTP/1.1\r\nHost: {origin[7:]}\r\nSec-Fetch-Site: same-origin\r\n"
        self._head += f"Origin: {origin}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, body: bytes) -> tuple[int, bytes]:
        """Status and content of a page; raises ``OSError`` or ``EOFError`` if none comes."""
        if self._streams and self._streams[0].at_eof():
            self.close()
        self._streams = self._streams or await self._to()
        reader, writer = self._streams
        head = f"{'POST' if body else 'GET'}{self._head}Content-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        top = await reader.readuntil(b"\r\n\r\n")
        length = _LENGTH.search(top)
        if length is None:
            raise EOFError("an answer without a length")
        return int(top[9:12]), await reader.readexactly(int(length[1]))

    def close(self) -> None:
        """End the connection."""
        if self._streams:
            self._streams[1].close()
        self._streams = None


def send(plan: Plan) -> Tally:
    """Let the people of a plan answer; what happened."""
    return asyncio.run(People(plan).all())
