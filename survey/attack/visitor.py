"""A person in front of a browser without scripts and cookies, with an address of their own."""

from __future__ import annotations

import html
import http.client
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from survey.attack.installation import texts_of
from survey.attack.server import HOST

TOPICS = ("wege", "zeit", "raum", "team")
_STATE = re.compile(r'name="state" value="([^"]*)"')
_TIMEOUT = 60.0


@dataclass(frozen=True, slots=True)
class Page:
    """What the server answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    text: str

    @property
    def state(self) -> str:
        """The sealed state in the page; empty if there is none."""
        found = _STATE.search(self.text)
        return html.unescape(found[1]) if found else ""

    @property
    def without_state(self) -> str:
        """The page without what differs from one page to the next by design."""
        return _STATE.sub("", self.text)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody whose number, address and browser can be searched for later."""

    number: int
    port: int
    study_id: str

    @property
    def address(self) -> str:
        """An own address of the loopback network, in a network that nobody else comes from."""
        return f"127.{100 + self.number % 120}.{100 + self.number // 120 % 150}.{200}"

    @property
    def agent(self) -> str:
        """The name of the browser."""
        return f"Angriff/{self.number:05d} (Browser Nummer {self.number:05d})"

    def get(self) -> Page:
        """The start page."""
        return self._ask("GET", {})

    def begin(self, code: str = "") -> Page:
        """Type a code on the start page."""
        return self._ask("POST", {"go": "begin", "code": code})

    def fill(self, page: Page) -> Page:
        """Answer the only page; the review follows."""
        wish, worry = texts_of(self.number)
        first, second = (TOPICS[(self.number + step) % len(TOPICS)] for step in (0, 1))
        fields = {f"topics.{first}": "1", f"topics.{second}": "2"}
        fields |= {"person": str(self.number), "wish": wish, "worry": worry}
        return self._ask("POST", {"go": "next", "state": page.state, **fields})

    def submit(self, page: Page) -> Page:
        """Send what the review shows."""
        return self._ask("POST", {"go": "submit", "state": page.state})

    def answer(self, code: str = "") -> Page:
        """From the code to the thanks."""
        return self.submit(self.fill(self.begin(code)))

    def _ask(self, method: str, fields: dict[str, str]) -> Page:
        connection = http.client.HTTPConnection(
            HOST, self.port, timeout=_TIMEOUT, source_address=(self.address, 0)
        )
        headers = {
            "User-Agent": self.agent,
            "Referer": f"http://intranet.example/person/{self.number:05d}",
        }
        body = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://{HOST}:{self.port}"
            headers["Sec-Fetch-Site"] = "same-origin"
            body = urlencode(fields)
        try:
            connection.request(method, f"/s/{self.study_id}/", body, headers)
            answer = connection.getresponse()
            content = answer.read()
            return Page(answer.status, tuple(answer.getheaders()), content.decode())
        finally:
            connection.close()
