"""A study of 40 questions on 12 pages with routes, mentions, shuffled lists and codes, to be timed.

Ten grids of six rows, thirteen choices, a list of thirty, two rankings of eight, one choice of
several, one number and twelve texts: 113 answers to one ballot.
"""

from __future__ import annotations

import json

STEPS = 5
TEXT = "Mehr Zeit für die Bürgerinnen und Bürger, weniger doppelte Ablage."
STUDY = "long"
PAGES = 12

_HEAD = """\
schema: 1
study:
  id: long
  title: Eine Umfrage mit vierzig Fragen
  regime: open_participation
  access: ACCESS
  opening: all
  population: Alle
  closes: 2099-05-21T18:00:00+02:00
"""


def questionnaire(access: str = "codes") -> str:
    """The YAML of the study."""
    scale = [{"code": str(n), "label": f"Stufe {n}"} for n in range(1, STEPS + 1)]
    scale.append({"code": "dk", "label": "weiß nicht", "missing": "dont_know"})
    lists = {
        "rows": [{"code": f"r{n}", "label": f"Aussage {n}"} for n in range(6)],
        "topics": [{"code": f"t{n}", "label": f"Themenfeld {n}"} for n in range(8)],
        "units": [{"code": f"u{n}", "label": f"Dienststelle {n}"} for n in range(30)],
    }
    parts = {"scales": {"success": {"steps": scale}}, "lists": lists, "pages": _pages()}
    # JSON is YAML.
    body = "".join(f"{key}: {json.dumps(value)}\n" for key, value in parts.items())
    return _HEAD.replace("ACCESS", access) + body


def _pages() -> list[dict[str, object]]:
    items = _items()
    share = -(-len(items) // PAGES)
    pages: list[dict[str, object]] = []
    for number in range(PAGES):
        # The first pages have a question more than the last.
        start = round(number * len(items) / PAGES)
        end = round((number + 1) * len(items) / PAGES)
        assert end - start <= share
        pages.append({"id": f"p{number}", "title": f"Seite {number}", "items": items[start:end]})
    return pages


def _items() -> list[dict[str, object]]:
    grids = [
        {"type": "grid", "list": "rows", "scale": "success", "shuffle": n == 0} for n in range(10)
    ]
    ratings = [{"type": "rating", "scale": "success"} for _ in range(13)]
    texts = [{"type": "text", "max_length": 500} for _ in range(12)]
    others: list[dict[str, object]] = [
        {"type": "single", "list": "units"},
        {"type": "ranking", "list": "topics", "depth": 3, "shuffle": True},
        {"type": "ranking", "list": "topics", "depth": 3},
        {"type": "multiple", "list": "topics", "at_most": 3},
        {"type": "number", "max": 60},
    ]
    mixed: list[dict[str, object]] = []
    for place in range(13):
        mixed += [pool[place] for pool in (grids, ratings, texts, others) if place < len(pool)]
    items = [
        {"id": f"q{n}", "text": f"Wie ist es mit der Sache {n}?", **item}
        for n, item in enumerate(mixed)
    ]
    # A route and a mention, so that both are worked out on every page.
    items[-1] |= {"when": {"answer": "q1", "in": ["1", "2"]}}
    items[-2] |= {"text": "Sie haben {{q1}} gesagt. Was fehlt?"}
    return items


def answers(place: int, seed: int) -> dict[str, str]:
    """What one person fills in on a page."""
    fields: dict[str, str] = {}
    for item in _pages()[place]["items"]:  # type: ignore[attr-defined]
        fields |= _answer(item, seed)
    return fields


def _answer(item: dict[str, object], seed: int) -> dict[str, str]:
    id, kind = str(item["id"]), item["type"]
    if kind == "grid":
        return {f"{id}.r{row}": str((seed + row) % STEPS + 1) for row in range(6)}
    if kind == "ranking":
        places = {(seed + place) % 8: str(place + 1) for place in range(3)}
        return {f"{id}.t{topic}": places.get(topic, "") for topic in range(8)}
    return {
        "rating": {id: "1" if id == "q1" else str(seed % STEPS + 1)},
        "single": {id: f"u{seed % 30}"},
        "multiple": {id: f"t{seed % 8}"},
        "number": {id: str(seed % 60)},
        "text": {id: f"{TEXT} {seed}"},
    }[str(kind)]
