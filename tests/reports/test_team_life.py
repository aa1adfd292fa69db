"""The life of a study in the room: every step in its order, none out of it, each with a reason."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
import urn_example
from room import Browser, Room, make_room
from urn_example import HOLDERS, bundle

from reports import jobs
from reports.team.lifecycle import Step, stage_of
from survey import codes, holder_files, urn
from survey.desk import Desk
from survey.holder_turn import take_turn

STUDY = "staff"


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return make_room(tmp_path / "home")


def upload(text: str, name: str = "staff.yaml") -> dict[str, object]:
    return {"main": (io.BytesIO(text.encode()), name)}


def act(
    room: Room, role: str, path: str, data: Mapping[str, object] | None = None
) -> tuple[int, str]:
    answer = room.signed_in(role).post(f"/studies/{STUDY}{path}", data)
    return answer.status_code, answer.get_data(as_text=True)


def page(room: Room, role: str, path: str) -> str:
    answer = room.signed_in(role).get(f"/studies/{STUDY}{path}")
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.get_data(as_text=True)


def sign(room: Room) -> None:
    shown = re.search(r'name="hash" value="([0-9a-f]{64})"', page(room, "auditor", ""))
    assert shown
    for office, person in (("data_protection", "Erste Person"), ("staff_council", "Zweite Person")):
        data = {"hash": shown[1], "office": office, "person": person, "signed_on": "2026-11-02"}
        assert act(room, "auditor", "/sign-off", data)[0] == 303


def register(room: Room, folder: Path) -> None:
    for name in HOLDERS:
        made = holder_files.create_holder_files(folder / f"{name}.key", STUDY, name)
        sent = {"public": (io.BytesIO(made.public.read_bytes()), "p.public.txt")}
        assert act(room, "fieldwork", "/fieldwork/holders", sent)[0] == 303


def rehearse(room: Room, folder: Path) -> None:
    answer = room.signed_in("fieldwork").post(f"/studies/{STUDY}/fieldwork/rehearsal")
    assert answer.status_code == 200
    path = folder / "rehearsal.0"
    path.write_bytes(answer.data)
    for place, name in enumerate(HOLDERS, start=1):
        out = folder / f"rehearsal.{place}"
        take_turn(path, urn_example.identities(folder, name), out)
        path = out
    sent = {"result": (io.BytesIO(path.read_bytes()), "result.json")}
    assert act(room, "fieldwork", "/fieldwork/rehearsal/result", sent)[0] == 303


def wait(room: Room, kind: str) -> jobs.Job:
    end = time.monotonic() + 240
    while time.monotonic() < end:
        found = jobs.of_study(room.home, STUDY, kind)[0]
        if found.ended:
            return found
        time.sleep(0.2)
    raise AssertionError("the job did not end")


def opened(room: Room, folder: Path) -> None:
    """The urn goes to the holders and the data set comes back."""
    answer = room.signed_in("fieldwork").post(f"/studies/{STUDY}/opening/export")
    path = folder / "urn.0"
    path.write_bytes(answer.data)
    for place, name in enumerate(HOLDERS, start=1):
        out = folder / f"urn.{place}"
        take_turn(path, urn_example.identities(folder, name, both=False), out)
        path = out
    sent = {"data_set": (io.BytesIO(path.read_bytes()), "set.zip")}
    assert act(room, "fieldwork", "/opening/import", sent)[0] == 303


def test_a_study_goes_from_upload_to_released_files_by_the_hands_of_five_roles(
    room: Room, tmp_path: Path
) -> None:
    author = room.signed_in("author")
    assert author.post("/studies/new", upload(bundle().main)).status_code == 303
    assert stage_of(room.home, STUDY) is Step.DRAFT
    told = page(room, "fieldwork", "")
    assert "Es fehlt die Freigabe" in told
    assert "zwei Schlüsselpersonen" in told
    assert act(room, "fieldwork", "/open")[0] == 409
    sign(room)
    assert stage_of(room.home, STUDY) is Step.SIGNED
    register(room, tmp_path)
    assert "Probeöffnung" in act(room, "fieldwork", "/open")[1]
    rehearse(room, tmp_path)
    wanted = {"counts": "60", "form": "cards", "address": "https://umfrage.example"}
    assert act(room, "fieldwork", "/fieldwork/codes", wanted)[0] == 303
    job = wait(room, jobs.CODES)
    assert job.error == ""
    path = f"/studies/{STUDY}/fieldwork/codes/{job.id}/download"
    assert room.signed_in("fieldwork").get(path).status_code == 405
    fetched = room.signed_in("fieldwork").post(path)
    assert [n for n in zipfile.ZipFile(io.BytesIO(fetched.data)).namelist() if ".pdf" in n]
    assert not list((room.home.path / "prints").iterdir())
    assert room.signed_in("fieldwork").post(path).status_code == 404
    assert act(room, "fieldwork", "/open")[0] == 303
    assert stage_of(room.home, STUDY) is Step.OPEN
    desk = Desk.open(room.home, STUDY)
    drawn = codes.issue(room.home, STUDY, 137)
    room_time = urn_example.NOW
    assert desk.cast_many(urn_example.submissions(drawn), room_time) == 137
    shown = page(room, "fieldwork", "/fieldwork")
    assert "mindestens 130" in shown
    assert ">137<" not in shown
    for early in ("/results", "/texts"):
        role = "reporter" if early == "/results" else "moderator"
        answer = room.signed_in(role).get(f"/studies/{STUDY}{early}")
        assert answer.status_code == 409
    assert act(room, "fieldwork", "/opening/export")[0] == 409
    assert act(room, "fieldwork", "/close", {"confirm": "falsch"})[0] == 409
    assert act(room, "fieldwork", "/close", {"confirm": STUDY})[0] == 303
    opened(room, tmp_path)
    assert stage_of(room.home, STUDY) is Step.OPENED
    assert ">137<" in page(room, "auditor", "/opening")
    assert act(room, "reporter", "/results/build")[0] == 303
    assert wait(room, jobs.RESULTS).error == ""
    assert stage_of(room.home, STUDY) is Step.RELEASED
    shown = page(room, "reporter", "/results")
    assert "staff.csv" in shown
    assert "SHA256SUMS.txt" in shown
    assert "Bereit zum Hochladen" in shown
    assert "Nicht hochladen" not in shown
    [preview] = re.findall(r'href="([^"]*/results/preview/ratsdossier[^"]*)"', shown)
    looked_at = room.signed_in("auditor").get(preview)
    assert "<h1" in looked_at.get_data(as_text=True)
    assert "script-src" not in looked_at.headers["Content-Security-Policy"]
    assert "default-src 'none'" in looked_at.headers["Content-Security-Policy"]
    sheet = room.signed_in("reporter").get(f"/studies/{STUDY}/results/files/pruefbericht.txt")
    assert "hochladbereit" in sheet.get_data(as_text=True)
    table = room.signed_in("reporter").get(f"/studies/{STUDY}/results/files/staff.csv")
    assert table.get_data(as_text=True).startswith("study,item")
    sums = room.signed_in("auditor").get(f"/studies/{STUDY}/results/files/SHA256SUMS.txt")
    assert "staff.csv" in sums.get_data(as_text=True)
    links = re.findall(rf'href="(/studies/{STUDY}/results/(?:files|preview)/[^"]+)"', shown)
    assert len(links) > 10
    for link in links:
        content = room.signed_in("reporter").get(link).data
        packed = zipfile.ZipFile(io.BytesIO(content)) if content[:2] == b"PK" else None
        parts = [packed.read(name) for name in packed.namelist()] if packed else [content]
        assert not any(re.search(rb"(Wunsch|Sorge) \d{5}|answers\.dta", part) for part in parts)
    log = room.signed_in("auditor").get("/log").get_data(as_text=True)
    for wanted_act in ("studies.add", "study.sign", "opening.take_in", "results.download"):
        assert wanted_act in log


def test_a_questionnaire_with_mistakes_is_refused_with_file_and_line(room: Room) -> None:
    text = bundle().main.replace("type: single", "type: singel")
    answer = room.signed_in("author").post("/studies/new", upload(text))
    assert answer.status_code == 422
    shown = answer.get_data(as_text=True)
    line = text[: text.index("type: singel")].count("\n") + 1
    assert f"staff.yaml, Zeile {line}" in shown
    assert "singel" in shown
    assert room.signed_in("author").get(f"/studies/{STUDY}").status_code == 404


def test_a_changed_questionnaire_loses_its_signatures(room: Room) -> None:
    room.signed_in("author").post("/studies/new", upload(bundle().main))
    sign(room)
    changed = bundle().main.replace("Was zuerst?", "Was zu Beginn?")
    assert act(room, "author", "/questionnaire", upload(changed))[0] == 303
    assert stage_of(room.home, STUDY) is Step.DRAFT
    sign(room)
    assert stage_of(room.home, STUDY) is Step.SIGNED


def test_one_person_does_not_sign_for_both_offices_and_nobody_signs_an_old_file(
    room: Room,
) -> None:
    room.signed_in("author").post("/studies/new", upload(bundle().main))
    shown = re.search(r'name="hash" value="([0-9a-f]{64})"', page(room, "auditor", ""))
    assert shown
    first = {
        "hash": shown[1],
        "office": "staff_council",
        "person": "Erste Person",
        "signed_on": "2026-11-02",
    }
    assert act(room, "auditor", "/sign-off", first)[0] == 303
    again = {**first, "office": "data_protection", "person": "erste  person"}
    assert act(room, "auditor", "/sign-off", again)[0] == 409
    old = {**again, "person": "Zweite Person", "hash": "0" * 64}
    assert act(room, "auditor", "/sign-off", old)[0] == 409


@pytest.mark.parametrize("path", ["/fieldwork/holders", "/opening/import"])
def test_a_private_key_is_refused_and_never_kept(room: Room, tmp_path: Path, path: str) -> None:
    room.signed_in("author").post("/studies/new", upload(bundle().main))
    made = holder_files.create_holder_files(tmp_path / "x.key", STUDY, "council")
    if "opening" in path:
        register(room, tmp_path / "holders")
        rehearse(room, tmp_path / "holders")
        sign(room)
        act(room, "fieldwork", "/open")
        act(room, "fieldwork", "/close", {"confirm": STUDY})
    field = "public" if "holders" in path else "data_set"
    status, told = act(
        room, "fieldwork", path, {field: (io.BytesIO(made.key.read_bytes()), "council.key")}
    )
    assert status == 409
    assert "privater Schlüssel" in told
    secret = re.search(rb"AGE-SECRET-KEY-\w+", made.key.read_bytes())
    assert secret
    for file in room.home.path.rglob("*"):
        assert not file.is_file() or secret[0] not in file.read_bytes()


def closed(room: Room, folder: Path, paper: int = 0) -> None:
    room.signed_in("author").post("/studies/new", upload(bundle().main))
    sign(room)
    register(room, folder)
    rehearse(room, folder)
    if paper:
        assert act(room, "fieldwork", "/fieldwork/paper/codes", {"number": str(paper)})[0] == 303
    assert act(room, "fieldwork", "/open")[0] == 303
    assert act(room, "fieldwork", "/close", {"confirm": STUDY})[0] == 303


def typed(room: Room, mood: str) -> bytes:
    answer = room.signed_in("fieldwork").get(f"/studies/{STUDY}/fieldwork/paper/columns")
    head = answer.data.decode("utf-8-sig").strip()
    row = dict.fromkeys(head.split(","), "")
    row[head.split(",")[0]] = "1"
    row["mood"] = mood
    return f"{head}\n{','.join(row.values())}\n".encode()


def test_paper_is_entered_by_two_people_after_closing_and_differences_are_shown(
    room: Room, tmp_path: Path
) -> None:
    closed(room, tmp_path, paper=3)

    def enter(one: str, two: str, first: str, second: str) -> tuple[int, str]:
        data = {
            "one": one,
            "two": two,
            "first": (io.BytesIO(typed(room, first)), "a.csv"),
            "second": (io.BytesIO(typed(room, second)), "b.csv"),
        }
        return act(room, "fieldwork", "/fieldwork/paper", data)

    mood = urn_example.MOODS
    assert enter("Eins", "eins", mood[0], mood[0])[0] == 409
    status, told = enter("Eins", "Zwei", mood[0], mood[1])
    assert status == 422
    assert "1 Unterschiede" in told
    assert urn.count(room.home, STUDY, urn_example.NOW) == 0
    assert enter("Eins", "Zwei", mood[0], mood[0])[0] == 200
    assert urn.count(room.home, STUDY, urn_example.NOW) == 1


def test_the_stream_of_a_job_ends_with_the_job(room: Room) -> None:
    room.signed_in("author").post("/studies/new", upload(bundle().main))
    job = jobs.new_job(
        room.home, STUDY, (), task=jobs.RESULTS, by="reporter", at=3, total=3, state=jobs.DONE
    )
    answer = room.signed_in("reporter").get(f"/studies/{STUDY}/jobs/{job.id}/events")
    assert answer.mimetype == "text/event-stream"
    told = json.loads(answer.get_data(as_text=True).removeprefix("data: "))
    assert told["ended"] is True
    assert told["words"] == "Schritt 3 von 3"


def test_every_screen_of_the_preview_can_be_opened_and_its_buttons_only_turn_pages(
    room: Room,
) -> None:
    browser: Browser = room.signed_in("author")
    browser.post("/studies/new", upload(bundle().main))
    index = browser.get(f"/studies/{STUDY}/preview").get_data(as_text=True)
    links = re.findall(rf'href="(/studies/{STUDY}/preview/[^"]+)"', index)
    assert len(links) > 8
    for link in links:
        shown = browser.get(link)
        assert shown.status_code == 200
        text = shown.get_data(as_text=True)
        assert 'method="post"' not in text
        assert '"/s/' not in text
    turned = browser.get(f"{links[0]}?go=begin&state=preview")
    assert turned.status_code == 303
