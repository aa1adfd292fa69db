"""Every route × every role: what is declared is what happens, and nothing is open by default."""

from __future__ import annotations

from pathlib import Path

import pytest
import urn_example
from flask import Flask
from room import Room, make_room
from werkzeug.routing import Rule

from reports.jobs import CODES, DONE, new_job, printed_codes
from reports.team.roles import ALL, Role, Stage, declared

A, F, M, R, X = (Role.AUTHOR, Role.FIELDWORK, Role.MODERATOR, Role.REPORTER, Role.AUDITOR)

TABLE: dict[str, frozenset[Role] | Stage] = {
    "static_file": Stage.NONE,
    "start": Stage.NONE,
    "sign_in.form": Stage.NONE,
    "sign_in.password": Stage.NONE,
    "sign_in.invitation": Stage.NONE,
    "sign_in.accept": Stage.NONE,
    "sign_in.second": Stage.PASSWORD,
    "sign_in.code": Stage.PASSWORD,
    "sign_in.enrol": Stage.ENROL,
    "sign_in.enrolled": Stage.ENROL,
    "sign_in.sign_out": ALL,
    "account.show": ALL,
    "account.password": ALL,
    "account.recovery": ALL,
    "account.end_others": ALL,
    "studies.index": ALL,
    "studies.new": frozenset({A}),
    "studies.add": frozenset({A}),
    "study.show": ALL,
    "study.questionnaire": ALL,
    "study.update": frozenset({A}),
    "study.sign": frozenset({X}),
    "study.open_": frozenset({F}),
    "study.close": frozenset({F}),
    "study.purge": frozenset({F}),
    "preview.index": ALL,
    "preview.screen": ALL,
    "fieldwork.show": frozenset({F, X}),
    "fieldwork.register": frozenset({F}),
    "fieldwork.unregister": frozenset({F}),
    "fieldwork.begin_rehearsal": frozenset({F}),
    "fieldwork.finish_rehearsal": frozenset({F}),
    "fieldwork.print_codes": frozenset({F}),
    "fieldwork.fetch_codes": frozenset({F}),
    "fieldwork.delete_codes": frozenset({F}),
    "fieldwork.paper_codes": frozenset({F}),
    "fieldwork.columns": frozenset({F}),
    "fieldwork.paper": frozenset({F}),
    "jobs.events": frozenset({F, R}),
    "opening.show": frozenset({F, X}),
    "opening.export": frozenset({F}),
    "opening.take_in": frozenset({F}),
    "opening.open_here": frozenset({F}),
    "results.show": frozenset({R, X}),
    "results.build": frozenset({R}),
    "results.preview": frozenset({R, X}),
    "results.download": frozenset({R, X}),
    "texts.show": frozenset({M}),
    "texts.listed": frozenset({M}),
    "texts.text": frozenset({M}),
    "texts.judge": frozenset({M}),
    "texts.themes": frozenset({M}),
    "texts.theme": frozenset({M}),
    "texts.paraphrase": frozenset({M}),
    "texts.approve": frozenset({M}),
    "texts.release_texts": frozenset({M}),
    "oversight.show": frozenset({X}),
    "oversight.kept": frozenset({X}),
    "oversight.log": frozenset({X}),
}
"""What every endpoint is open to; whoever adds a route says so here as well."""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    made = make_room(tmp_path_factory.mktemp("room") / "home")
    urn_example.add(made.home, "staff")
    return made


def rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def address(rule: Rule) -> str:
    """An address of a rule with something in every hole."""
    values = {"study_id": "staff", "number": 1, "place": 1, "name": "x", "tag": "de"}
    text = rule.rule
    for argument in rule.arguments:
        value = str(values.get(argument, "x"))
        for kind in ("", "int:", "path:"):
            text = text.replace(f"<{kind}{argument}>", value)
    return text


def test_every_route_declares_what_the_table_says_and_the_table_knows_every_route(
    room: Room,
) -> None:
    found: dict[str, frozenset[Role] | Stage] = {}
    for rule in rules(room.app):
        access = declared(room.app.view_functions[rule.endpoint])
        assert access is not None, f"{rule.endpoint} declares nothing"
        found[rule.endpoint] = access.roles if access.stage is Stage.FULL else access.stage
    assert found == TABLE


@pytest.mark.parametrize("role", [*Role, None], ids=[*(r.value for r in Role), "stranger"])
def test_every_route_admits_and_refuses_as_declared(room: Room, role: Role | None) -> None:
    for rule in rules(room.app):
        admitted = TABLE[rule.endpoint]
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            browser = room.signed_in(role.value) if role else room.browser()
            path = address(rule)
            answer = browser.get(path) if method == "GET" else browser.post(path)
            told = (rule.endpoint, method, role, answer.status_code)
            if admitted is Stage.NONE:
                assert answer.status_code not in (401, 500), told
            elif role is None:
                assert (answer.status_code, answer.location) in ((303, "/sign-in"), (403, None)), (
                    told
                )
            elif isinstance(admitted, Stage):
                assert (answer.status_code, answer.location) == (303, "/studies"), told
            elif role in admitted:
                assert answer.status_code not in (401, 403, 500, 503), told
            else:
                assert answer.status_code == 403, told


def test_a_route_that_declares_nothing_is_refused_to_everybody(tmp_path: Path) -> None:
    room = make_room(tmp_path / "home")
    room.app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    for role in Role:
        answer = room.signed_in(role.value).get("/forgotten")
        assert answer.status_code == 403
        assert "secret" not in answer.get_data(as_text=True)


def test_only_get_and_post_are_answered(room: Room) -> None:
    client = room.signed_in("author").client
    for method in ("PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"):
        assert client.open("/studies", method=method).status_code == 405


def test_a_refused_request_stands_in_the_audit_log(room: Room) -> None:
    before = len(room.app.extensions["audit"].entries())
    room.signed_in("author").post("/sign-out", {"csrf": "wrong"})
    entries = room.app.extensions["audit"].entries()[before:]
    assert [(e.by, e.act, e.outcome) for e in entries] == [
        ("author", "sign_in.sign_out", "refused 403")
    ]


def test_a_job_of_one_study_is_none_of_another(tmp_path: Path) -> None:
    room = make_room(tmp_path / "home")
    for name in ("one", "other"):
        urn_example.add(room.home, name)
    job = new_job(room.home, "one", (), task=CODES, state=DONE)
    printed = printed_codes(room.home, job)
    printed.parent.mkdir()
    printed.write_bytes(b"codes")
    browser = room.signed_in("fieldwork")
    assert browser.get(f"/studies/one/jobs/{job.id}/events").status_code == 200
    assert browser.get(f"/studies/other/jobs/{job.id}/events").status_code == 404
    for act in ("download", "delete"):
        path = f"/studies/other/fieldwork/codes/{job.id}/{act}"
        assert browser.post(path).status_code == 404
    assert printed.exists()
    assert browser.post(f"/studies/one/fieldwork/codes/{job.id}/download").data == b"codes"
    assert not printed.exists()
