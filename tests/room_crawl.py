"""Everything that somebody of the team can come to by following links."""

from __future__ import annotations

import re

from room import Browser, Room
from room_process import Served

from reports.team.roles import Role


def crawled(room: Room, role: Role, study: str, served: Served | None = None) -> dict[str, bytes]:
    """Everything that links lead to, and every address of the map that needs no more."""
    browser: Browser | Served = served or room.signed_in(role.value)
    fixed = [rule.rule for rule in room.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    waiting = [path.replace("<study_id>", study) for path in fixed]
    waiting = [path for path in waiting if "<" not in path]
    waiting += [f"/studies/{study}/texts/wish", f"/studies/{study}/texts/wish/1"]
    seen: dict[str, bytes] = {}
    while waiting:
        path = waiting.pop().partition("#")[0]
        # Screens of the preview hold no answer: one of them stands for all.
        if path in seen or (path.count("/") > 4 and "/preview/" in path and "page-1" not in path):
            continue
        answer = browser.get(path)
        seen[path] = answer.data
        if answer.mimetype == "text/html":
            found = re.findall(r'href="(/[^"]+)"', answer.get_data(as_text=True))
            waiting += [link.replace("&amp;", "&") for link in found if "/static/" not in link]
    return seen
