"""A questionnaire around an example of one item or one part, to check the example."""

from __future__ import annotations

import json

from survey.errors import Problem
from survey.questionnaire import Bundle, check_bundle
from survey.yaml_source import read_source

FRAME = """\
schema: 1
study:
  id: example
  title: Beispiel
  regime: open_participation
  access: open
  population: Alle
  closes: 2027-05-21T18:00:00+02:00
scales:
  success:
    steps:
      - {code: 1, label: gar nicht gut}
      - {code: 2, label: mittelmäßig}
      - {code: 3, label: sehr gut}
      - {code: dont_know, label: weiß nicht, missing: dont_know}
lists:
  fields:
    - {code: service, label: Service}
    - {code: digital, label: Digitales}
    - {code: places, label: Orte}
pages:
  - id: start
    title: Beginn
    items:
      - id: contact
        type: single
        text: Waren Sie bei uns?
        options: [{code: yes, label: ja}, {code: no, label: nein}]
      - id: unit
        type: single
        role: department
        purpose: Ergebnisse je Amt
        text: Wo arbeiten Sie?
        options: [{code: parks, label: Parks}, {code: roads, label: Straßen}]
      - {id: main, type: ranking, role: ranking, text: Was zuerst?, list: fields}
"""


def whole(fragment: str) -> Bundle:
    """A questionnaire around a fragment; JSON is YAML as well."""
    frame, part = read_source(FRAME).data, read_source(fragment).data
    assert part is not None
    files = {"heads.csv": "unit,headcount\nparks,1200\nroads,1000\n"}
    if isinstance(part, list):
        frame["pages"].append({"id": "more", "title": "Mehr", "items": part})
    elif "language" in part:
        files["translation.yaml"] = fragment
        frame["study"]["translations"] = {part["language"]: "translation.yaml"}
    else:
        part["study"] = {**frame["study"], **part.get("study", {})}
        frame.update(part)
    return Bundle(json.dumps(frame, ensure_ascii=False), files)


def findings(fragment: str) -> list[Problem]:
    """What is wrong with an example; that it does not use or translate all does not count."""
    partly = ("unused", "sample_incomplete")
    return [problem for problem in check_bundle(whole(fragment)) if problem.code not in partly]
