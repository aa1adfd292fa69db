"""A study with every type of question, and somebody who answers it through the pages."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from survey import ballot, codes, keys, links, urn
from survey.app import create_app
from survey.ballot import Ballot
from survey.desk import Desk
from survey.home import Home
from survey.instrument import Questionnaire
from survey.questionnaire import Bundle, load_bundle, read_bundle
from survey.settings import Settings
from survey.sign_off import sign
from survey.sign_off_record import missing
from survey.studies import add_study, load_study, open_study

FILE = Path(__file__).parent / "questionnaires" / "every_type.yaml"
HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

Fields = Mapping[str, str | list[str]]

ANSWERS: tuple[Fields, ...] = (
    {"fields.b": "1", "fields.d": "2"},
    {"quality.importance.quick": "3", "quality.today.quick": "1", "motto.one": "dk"},
    {"means": "2", "words": "Weniger Wege & mehr <Zeit>.\r\nDanke!"},
    {"dept": "parks", "places": ["office", "outside"]},
)
"""What the example respondent says, page by page."""


def sample_bundle() -> Bundle:
    return load_bundle(FILE)


@cache
def sample_questionnaire() -> Questionnaire:
    return read_bundle(sample_bundle())


def open_bundle() -> Bundle:
    """The same questions in a study without codes."""
    text = sample_bundle().main.replace("access: codes", "access: open")
    return replace(sample_bundle(), main=text)


def journey_bundle() -> Bundle:
    """A study without codes: routes, earlier answers in later texts, four languages."""
    return load_bundle(FILE.with_name("journey.yaml"))


def types_bundle() -> Bundle:
    """A study without codes with a question of every type, in three languages."""
    return load_bundle(FILE.with_name("item_types.yaml"))


def texts_bundle() -> Bundle:
    """A reading study of two texts."""
    return load_bundle(FILE.with_name("texts.yaml"))


@dataclass(frozen=True)
class City:
    """An installation with one study, and a browser without memory in front of it."""

    home: Home
    client: FlaskClient
    study_id: str

    @property
    def address(self) -> str:
        return f"/s/{self.study_id}/"

    def codes(self, count: int) -> list[str]:
        return codes.issue(self.home, self.study_id, count)

    def count(self) -> int:
        """Number of ballots in the urn."""
        with links.reading(self.home) as link:
            return urn.exact_count(link, self.study_id)

    def ballots(self) -> list[Ballot]:
        """What the urn of a demo holds, opened with the keys on its server."""
        stored = load_study(self.home, self.study_id)
        identities = keys.read_server_identities(self.home, self.study_id, demo=True)
        host_key = keys.read_host_key(stored.host_key)
        with links.reading(self.home) as link:
            sealed = [ballot.unframe(row) for row in urn.shuffled(link, self.study_id)]
        for _ in stored.seal.recipients:
            sealed = [ballot.open_layer(layer, identities) for layer in sealed]
        return [ballot.decode(payload, host_key) for payload in sealed]

    def send(self, fields: Fields, headers: Mapping[str, str] = HERE) -> TestResponse:
        """One POST as a browser on the study's own page sends it."""
        return self.client.post(self.address, data=dict(fields), headers=dict(headers))

    def begin(self, code: str = "") -> TestResponse:
        return self.send({"go": "begin", "code": code})

    def turn(self, page: TestResponse, fields: Fields, go: str = "next") -> TestResponse:
        """Fill the page at hand and press a button."""
        return self.send({"go": go, "state": state_of(page), **fields})

    def to_review(self, code: str = "") -> TestResponse:
        """Answer every page."""
        page = self.begin(code)
        for fields in ANSWERS:
            page = self.turn(page, fields)
        return page


def make_city(path: Path, bundle: Bundle, *, demo: bool = True) -> City:
    home = Home(path)
    study = add_study(home, bundle, demo=demo)
    for office in missing(home, study, bundle):
        today = datetime.now(UTC)
        sign(home, study.id, office, f"Person of {office.value}", today.date(), today)
    open_study(home, study.id, datetime.now(UTC))
    return City(home, create_app(Settings(path)).test_client(use_cookies=False), study.id)


class Shown(Protocol):
    """A page by whatever way it came."""

    @property
    def text(self) -> str: ...


def state_of(page: Shown) -> str:
    """The hidden state of a page."""
    found = re.search(r'name="state" value="([^"]*)"', page.text)
    assert found, page.text[:400]
    return html.unescape(found[1])


def step(page: Shown) -> str:
    """What a page says about how far one has come."""
    (found,) = re.findall(r'id="step">(.*?)</p>', page.text)
    return str(found)


SCRIPT = re.compile(r'<script src="/static/survey-[0-9a-f]{12}\.js" defer></script>')


def without_script(page: TestResponse) -> str:
    """A page without the one script that it links; whatever else runs is left to be found."""
    text, found = SCRIPT.subn("", page.text)
    assert found <= 1
    return text


def heading(page: Shown) -> str:
    """The one heading of the first level."""
    (found,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    return html.unescape(found)


def desk(city: City) -> Desk:
    return Desk.open(city.home, city.study_id)
