"""How long `survey check` takes for a questionnaire of 300 questions.

    python benchmarks/check_speed.py [QUESTIONS]

Prints the seconds for plain YAML parsing, for the whole check, and their ratio; the goal is a
check under two seconds. Every round takes a new text, so that nothing comes from a cache.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

from ruamel.yaml import YAML

from survey.questionnaire import Bundle, check_bundle

ROUNDS = 5

HEAD = """\
schema: 1
study:
  id: large
  title: Eine lange Umfrage {round}
  regime: open_participation
  access: open
  population: Alle
  closes: 2027-05-21T18:00:00+02:00
scales:
  success:
    scored: true
    steps:
      - {{code: 1, label: gar nicht gut}}
      - {{code: 2, label: wenig gut}}
      - {{code: 3, label: mittelmäßig gut}}
      - {{code: 4, label: ziemlich gut}}
      - {{code: 5, label: sehr gut}}
      - {{code: dont_know, label: weiß nicht, missing: dont_know}}
lists:
  rows:
    - {{code: a, label: zügig}}
    - {{code: b, label: verständlich}}
    - {{code: c, label: verlässlich}}
pages:
"""

KINDS = (
    "type: rating, text: 'Wie gut gelingt Aufgabe {n}?', scale: success",
    "type: grid, text: 'Wie gut gelingt Aufgabe {n}?', list: rows, scale: success",
    "type: ranking, text: 'Was zählt bei Aufgabe {n} zuerst?', list: rows, depth: 2",
    "type: multiple, text: 'Was gilt für Aufgabe {n}?', list: rows",
    "type: single, text: 'Kennen Sie Aufgabe {n}?', "
    "options: [{{code: yes, label: ja}}, {{code: no, label: nein}}]",
    "type: text, text: 'Was fehlt bei Aufgabe {n}?', max_length: 50",
)


def questionnaire(questions: int, round: int = 0) -> str:
    """A questionnaire with so many questions, five on a page, every fifth page conditional."""
    lines = [HEAD.format(round=round)]
    for n in range(questions):
        if n % 5 == 0:
            lines.append(f"  - id: page{n}\n    title: Seite {n}\n")
            if n % 25 == 20:
                lines.append(f"    when: {{answer: q{n - 20}, answered: true}}\n")
            lines.append("    items:\n")
        lines.append(f"      - {{id: q{n}, {KINDS[n % len(KINDS)].format(n=n)}}}\n")
    return "".join(lines)


def seconds(act: Callable[[str], object], texts: list[str]) -> float:
    """Median seconds of an act over some texts."""
    taken = []
    for text in texts:
        start = time.perf_counter()
        act(text)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def main(questions: int = 300) -> None:
    """Print both times and their ratio."""
    texts = [questionnaire(questions, round) for round in range(ROUNDS)]
    parsing = seconds(lambda text: YAML().compose(text), texts)
    checking = seconds(lambda text: check_bundle(Bundle(text)), texts)
    errors = [p for p in check_bundle(Bundle(texts[0])) if p.severity == "error"]
    print(f"{questions} questions, {len(texts[0]):,} characters, {len(errors)} errors")
    print(f"plain YAML parsing {parsing:.2f} s, survey check {checking:.2f} s")
    print(f"ratio {checking / parsing:.1f}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
