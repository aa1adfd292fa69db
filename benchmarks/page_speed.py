"""What one step of a respondent costs: reading and validating a page, and drawing the next.

    python benchmarks/page_speed.py [QUESTIONS]

Prints CPU milliseconds for a page of 40 radio questions (240 options) posted through the whole
application, the same for its error page, what our own two parts of it take, and a hello-world
Flask application in the same process for the ratio. Every round is a real request through the
WSGI interface; the urn is an ordinary database file.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

from flask import Flask
from werkzeug.datastructures import MultiDict

from survey.app import create_app
from survey.forms import read_page
from survey.home import Home
from survey.questionnaire import Bundle, read_bundle
from survey.rendering import Filling
from survey.screens import Screens
from survey.settings import Settings
from survey.studies import add_study, open_study
from survey.theme import load_theme

ROUNDS = 200

HEAD = """\
schema: 1
study:
  id: speed
  title: Eine lange Seite
  regime: open_participation
  access: open
  population: Alle
  closes: 2099-05-21T18:00:00+02:00
scales:
  success:
    steps:
      - {code: "1", label: gar nicht gut}
      - {code: "2", label: wenig gut}
      - {code: "3", label: mittelmäßig gut}
      - {code: "4", label: ziemlich gut}
      - {code: "5", label: sehr gut}
      - {code: dk, label: weiß nicht, missing: dont_know}
pages:
"""


def questionnaire(questions: int) -> str:
    """Two pages of so many rating questions."""
    lines = [HEAD]
    for page in "ab":
        lines.append(f"  - id: {page}\n    title: Seite {page}\n    items:\n")
        for n in range(questions):
            text = f"Wie gut gelingt Aufgabe {n}?"
            lines.append(
                f"      - {{id: {page}{n}, type: rating, text: '{text}', scale: success}}\n"
            )
    return "".join(lines)


def milliseconds(act: Callable[[], object]) -> float:
    """Median CPU milliseconds of an act, after a few rounds that nobody counts."""
    for _ in range(5):
        act()
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        act()
        taken.append(time.process_time() - start)
    return statistics.median(taken) * 1000


def hello() -> Callable[[], object]:
    """One request to the smallest Flask application."""
    app = Flask("hello", static_folder=None)
    app.add_url_rule("/", view_func=lambda: "hello")
    client = app.test_client(use_cookies=False)
    return lambda: client.get("/").data


def main(questions: int = 40) -> None:
    """Print times and ratios."""
    bundle = Bundle(questionnaire(questions))
    form = {f"a{n}": str(n % 5 + 1) for n in range(questions)}
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home")
        add_study(home, bundle, demo=True)
        open_study(home, "speed", datetime.now(UTC))
        client = create_app(Settings(home.path)).test_client(use_cookies=False)
        headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}

        def send(fields: dict[str, str]) -> str:
            answer = client.post("/s/speed/", data=fields, headers=headers)
            assert answer.status_code in (200, 422), answer.status
            return answer.text

        first = send({"go": "begin"})
        found = re.search(r'name="state" value="([^"]*)"', first)
        assert found is not None
        state = unescape(found[1])
        onward = milliseconds(lambda: send({"go": "next", "state": state, **form}))
        wrong = form | {"a0": "forged"}
        mistaken = milliseconds(lambda: send({"go": "next", "state": state, **wrong}))
    base = milliseconds(hello())

    read = read_bundle(bundle)
    page, screens = read.instrument.pages[0], Screens(read, load_theme())
    posted = MultiDict(form)
    validating = milliseconds(lambda: read_page(page, posted, "de"))
    filling = Filling(values={name: [value] for name, value in form.items()})
    drawing = milliseconds(lambda: screens.draw_page(0, filling))
    print(f"{questions} questions, {len(first):,} characters a page, median of {ROUNDS} in CPU ms")
    print(f"hello world        {base:6.2f}")
    print(f"page sent, next    {onward:6.2f}   {onward / base:5.1f} times hello world")
    print(f"page with mistakes {mistaken:6.2f}   {mistaken / base:5.1f} times hello world")
    print(f"  of it validating {validating:6.2f}")
    print(f"  of it drawing    {drawing:6.2f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
