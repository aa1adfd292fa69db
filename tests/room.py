"""A project team with an account for every role, and browsers without a screen for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import argon2
import pyotp
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from reports.team import accounts, sessions
from reports.team.app import create_team_app
from reports.team.guard import SESSION
from reports.team.roles import Role, Stage
from reports.team.store import Store
from survey.home import Home
from survey.settings import Settings

PASSWORD = "vier zufällige lange Wörter"
HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
START = 1_800_000_000.0
# Tests sign in hundreds of times; the shipped digests cost what argon2's authors advise.
accounts._HASHER = argon2.PasswordHasher(time_cost=1, memory_cost=64)
accounts._DUMMY = accounts._HASHER.hash("nobody")


@dataclass
class Clock:
    """A time that tests move."""

    time: float = START

    def __call__(self) -> float:
        return self.time


@dataclass
class Room:
    """An application, its accounts, and the time in it."""

    home: Home
    app: Flask
    clock: Clock = field(default_factory=Clock)
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        found: Store = self.app.extensions["store"]
        return found

    def add(self, name: str, *roles: Role) -> None:
        """An account that is ready, without the pages of the invitation."""
        word = accounts.invite(self.store, name, [role.value for role in roles], self.clock())
        accounts.accept(self.store, word, PASSWORD, self.clock())
        self.secrets[name] = accounts.new_secret()
        code = pyotp.TOTP(self.secrets[name]).at(int(self.clock()))
        assert accounts.enrol(self.store, name, self.secrets[name], code, self.clock())

    def code(self, name: str) -> str:
        """A code that was not used yet: time goes on by a step for it."""
        self.clock.time += accounts.STEP
        return pyotp.TOTP(self.secrets[name]).at(int(self.clock()))

    def browser(self) -> Browser:
        return Browser(self, self.app.test_client())

    def signed_in(self, name: str) -> Browser:
        """A browser in which somebody is signed in, by a session made directly."""
        found = accounts.find(self.store, name)
        assert found is not None
        token = sessions.begin(self.store, found, Stage.FULL, self.clock())
        browser = self.browser()
        browser.client.set_cookie(SESSION, token, secure=True)
        return browser


@dataclass
class Browser:
    """A client that fills the forms which it was shown."""

    room: Room
    client: FlaskClient

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, buffered=True)

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, *, form: str = "", **more: Any
    ) -> TestResponse:
        """Send a form as the page at ``form`` shows it, by default the account's page."""
        sent = {"csrf": self.csrf(form or "/account"), **(data or {})}
        return self.client.post(
            path, data=sent, headers=more.pop("headers", HERE), buffered=True, **more
        )

    def csrf(self, path: str) -> str:
        page = self.client.get(path, follow_redirects=True).get_data(as_text=True)
        found = re.search(r'name="csrf" value="([0-9a-f]+)"', page)
        return found[1] if found else ""

    def cookie(self, name: str = SESSION) -> str:
        found = self.client.get_cookie(name)
        return found.value if found else ""

    def give_password(self, name: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/sign-in", {"name": name, "password": password}, form="/sign-in")

    def give_code(self, code: str) -> TestResponse:
        return self.post("/second-factor", {"code": code}, form="/second-factor")

    def sign_in(self, name: str) -> TestResponse:
        self.give_password(name)
        return self.give_code(self.room.code(name))


def make_room(path: Path, *, everybody: bool = True) -> Room:
    """A room in a new home; with everybody, one account per role under the role's name."""
    home = Home(path)
    room = Room(home, create_team_app(Settings(path)))
    room.app.extensions["clock"] = room.clock
    room.app.testing = False
    for role in Role if everybody else ():
        room.add(role.value, role)
    return room
