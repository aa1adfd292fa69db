"""Free texts: two people for everything, and nothing leaves that names few or one."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from urn_example import questionnaire

from reports.cli import reports
from reports.errors import DisclosureError, ReportError
from reports.estimators.krippendorff import interval, krippendorff_alpha
from reports.ledger import Ledger
from reports.moderation.flags import Flag, Kind, Lists, flags, redacted
from reports.moderation.journal import Journal
from reports.moderation.release import TextRelease, counted, release
from reports.moderation.room import Room
from reports.moderation.state import Decision, Status
from reports.releasing import release_texts, released_results
from reports.tables import Themes
from survey.dataset import DataSet, store_data_set, write_data_set
from survey.home import Home

STUDY = questionnaire("staff")
DAY = date(2027, 6, 1)
NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
CLEAN, REDACT, WITHHOLD = Decision

# Krippendorff (2011), pages 1 to 8: four observers, twelve units, gaps as dots.
OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)


def data_set(folder: Path, wishes: Sequence[str]) -> DataSet:
    columns = {v.name: [-1] * len(wishes) for v in STUDY.codebook.variables}
    return write_data_set(
        folder / "data.zip",
        study=STUDY.study,
        codebook=STUDY.codebook,
        columns=columns,
        texts={"wish": list(wishes), "worry": []},
        orders={},
        protocol={"ballots": len(wishes), "accepted": len(wishes), "rejected": {}},
    )


def room_of(folder: Path, wishes: Sequence[str], names: Sequence[str] = ()) -> Room:
    journal = Journal(folder / "moderation" / "staff.jsonl")
    return Room(data_set(folder, wishes), journal, Lists(tuple(names)), DAY)


def settled(folder: Path, counts: dict[str, int]) -> Room:
    """A room with so many texts per theme, all clean and coded by two."""
    themes = [theme for theme, count in counts.items() for _ in range(count)]
    room = room_of(folder, [f"Mehr {theme}." for theme in themes])
    for theme in counts:
        if theme != "none":
            room.theme("wish", "Amsel", theme, theme.title())
    for number, theme in enumerate(themes, start=1):
        for person in ("Amsel", "Drossel"):
            room.judge("wish", number, person, CLEAN)
            room.code("wish", number, person, [theme])
    return room


def wish(found: Sequence[TextRelease]) -> TextRelease:
    return next(one for one in found if one.question == "wish")


# -- agreement ---------------------------------------------------------------------------------


def test_alpha_is_that_of_the_published_example() -> None:
    rows = [line.split() for line in OBSERVERS]
    units = [[None if v == "." else float(v) for v in unit] for unit in zip(*rows, strict=True)]
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=5e-4)
    assert krippendorff_alpha(units, interval) == pytest.approx(0.849, abs=5e-4)


def test_alpha_is_one_for_equal_coders_and_says_nothing_where_nothing_varies() -> None:
    assert krippendorff_alpha([(1, 1), (2, 2), (1, 1)]) == 1
    assert krippendorff_alpha([(1, 1), (1, 1)]) is None
    assert krippendorff_alpha([(1, None), (None, 2)]) is None


# -- flags -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("Bitte Anna Beispiel fragen.", "name", "Anna Beispiel"),
        ("Das war Frau Muster.", "name", "Frau Muster"),
        ("Schreiben Sie an a.b@example.org bitte", "contact", "a.b@example.org"),
        ("Ruf 0221 1234567 an", "contact", "0221 1234567"),
        ("Wohnt Musterstraße 12a", "contact", "Musterstraße 12a"),
        ("Die Amtsleitung hört nicht zu", "title", "Amtsleitung"),
        ("Am 12.03.2026 war es laut", "date", "12.03.2026"),
        ("Seit 2019 fehlt Licht", "date", "Seit 2019"),
        ("Ich habe es als einzige gemeldet", "situation", "Ich habe"),
        ("Nach meiner Elternzeit war alles anders", "situation", "Elternzeit"),
    ],
)
def test_what_may_point_to_a_person_is_flagged(text: str, kind: str, place: str) -> None:
    found = flags(text, Lists(names=("anna beispiel",)))
    assert (kind, place) in [(flag.kind.value, text[flag.start : flag.end]) for flag in found]


@pytest.mark.parametrize("text", ["Mehr Licht im Flur.", "3 von 10 Türen klemmen.", "Weniger Wege"])
def test_plain_wishes_have_no_flags(text: str) -> None:
    assert flags(text, Lists(names=("Weg",))) == ()


@given(st.text(max_size=80), st.lists(st.tuples(st.integers(0, 80), st.integers(1, 9)), max_size=5))
def test_nothing_of_a_span_is_left_and_all_else_is(
    text: str, places: list[tuple[int, int]]
) -> None:
    spans = [Flag(a, a + n, Kind.NAME) for a, n in places if a + n <= len(text)]
    out = {i for span in spans for i in range(span.start, span.end)}
    kept = "".join(char for i, char in enumerate(text) if i not in out)
    assert redacted(text, spans).replace("[Name]", "") == kept.replace("[Name]", "")


# -- two people --------------------------------------------------------------------------------


def test_a_text_is_settled_by_two_different_people_who_say_the_same(tmp_path: Path) -> None:
    room = room_of(tmp_path, ["Mehr Licht."])

    def status() -> Status:
        return room.state()["wish"].text(1).status

    room.judge("wish", 1, "Amsel", CLEAN)
    room.judge("wish", 1, " AMSEL ", CLEAN)
    assert status() is Status.ONE
    room.judge("wish", 1, "Drossel", WITHHOLD, ["recognisable"])
    assert status() is Status.DISPUTED
    room.judge("wish", 1, "Drossel", CLEAN)
    assert status() is Status.CLEAN


def test_different_places_taken_out_are_a_dispute(tmp_path: Path) -> None:
    room = room_of(tmp_path, ["Frau Muster und Frau Beispiel helfen."])
    first, second = room.flags("wish", 1)
    room.judge("wish", 1, "Amsel", REDACT, ["name"], [first, second])
    with pytest.raises(ReportError, match="still holds"):
        room.judge("wish", 1, "Drossel", REDACT, ["name"], [first])
    room.judge("wish", 1, "Drossel", REDACT, ["name", "checked"], [first])
    assert room.state()["wish"].text(1).status is Status.DISPUTED


def test_a_flagged_text_is_not_clean_without_a_reason(tmp_path: Path) -> None:
    room = room_of(tmp_path, ["Seit 2019 fehlt Licht."])
    with pytest.raises(ReportError, match="date"):
        room.judge("wish", 1, "Amsel", CLEAN)
    room.judge("wish", 1, "Amsel", CLEAN, ["checked"])


def test_no_word_of_a_text_is_in_the_journal(tmp_path: Path) -> None:
    room = room_of(tmp_path, ["Frau Wunderlich hat Geheimes gesagt."])
    for person in ("Amsel", "Drossel"):
        room.judge("wish", 1, person, REDACT, ["name"], room.flags("wish", 1))
        room.code("wish", 1, person, ["none"])
    text = room.journal.path.read_text("utf-8")
    assert not any(word in text for word in ("Wunderlich", "Geheimes", "gesagt"))
    assert room.journal.path.stat().st_mode & 0o077 == 0


def test_a_changed_journal_is_refused(tmp_path: Path) -> None:
    room = settled(tmp_path, {"light": 2})
    path = room.journal.path
    lines = path.read_bytes().splitlines(keepends=True)
    for changed in (
        [lines[0].replace(b"Light", b"Night"), *lines[1:]],
        lines[1:],
        [*lines[:2], *lines[3:]],
        [*lines[:2], lines[3], lines[2], *lines[4:]],
    ):
        path.write_bytes(b"".join(changed))
        with pytest.raises(ReportError, match="changed by hand"):
            Journal(path).acts()
    path.write_bytes(b"".join(lines))
    assert Journal(path).verify() == room.journal.head


def test_half_an_act_that_an_interruption_left_is_no_act(tmp_path: Path) -> None:
    room = settled(tmp_path, {"light": 2})
    path, before = room.journal.path, room.journal.path.read_bytes()
    path.write_bytes(before + b'{"act": "judge", "at": "20')
    fresh = Room(room.data_set, Journal(path), room.lists, DAY)
    assert len(fresh.journal.acts()) == before.count(b"\n")
    fresh.judge("wish", 1, "Meise", CLEAN)
    lines = path.read_bytes().splitlines()
    assert len(lines) == before.count(b"\n") + 1
    assert Journal(path).verify() == fresh.journal.head


# -- release -----------------------------------------------------------------------------------


def test_nothing_leaves_before_everything_is_settled_and_coded(tmp_path: Path) -> None:
    room = room_of(tmp_path, ["Mehr Licht."] * 12)
    room.theme("wish", "Amsel", "light", "Licht")
    with pytest.raises(DisclosureError, match="not settled"):
        release(room, "Amsel", ["wish"])
    for number in range(1, 13):
        for person in ("Amsel", "Drossel"):
            room.judge("wish", number, person, CLEAN)
    with pytest.raises(DisclosureError, match="no themes"):
        release(room, "Amsel", ["wish"])
    for number in range(1, 13):
        room.code("wish", number, "Amsel", ["light"])
    with pytest.raises(DisclosureError, match="second person"):
        release(room, "Amsel", ["wish"])
    room.code("wish", 1, "Drossel", ["none"])
    with pytest.raises(DisclosureError, match="differ"):
        release(room, "Amsel", ["wish"])
    room.agree("wish", 1, "Drossel", ["light"])
    assert [theme.texts for theme in wish(release(room, "Amsel", ["wish"])).themes] == [12, 0]


def test_small_themes_are_joined_and_texts_that_stay_are_counted(tmp_path: Path) -> None:
    room = settled(tmp_path, {"light": 20, "rest": 11, "noise": 3, "none": 9, "air": 0})
    for person in ("Amsel", "Drossel"):
        room.judge("wish", 1, person, WITHHOLD, ["recognisable"])
    found = wish(release(room, "Amsel"))
    assert (found.texts, found.withheld, found.coded) == (43, 1, 42)
    themes = [(theme.code, theme.texts) for theme in found.themes]
    assert themes == [("light", 19), ("rest", 11), ("air", 0)]
    assert (found.others, found.other_texts) == (2, 12)
    assert found.agreement is not None
    assert (found.agreement.double_coded, found.agreement.alpha) == (43, 1)


def test_of_few_texts_only_their_number_leaves(tmp_path: Path) -> None:
    found = wish(release(settled(tmp_path, {"light": 9}), "Amsel"))
    assert (found.texts, found.withheld, found.coded) == (9, 0, None)
    assert (found.themes, found.quotes, found.agreement) == ((), (), None)


THEMES = "abcde"
CODED = st.lists(st.frozensets(st.sampled_from(THEMES), min_size=1), max_size=60)


@settings(deadline=None)
@given(CODED, st.integers(10, 15))
def test_no_small_count_leaves_and_what_is_joined_adds_up(
    coded: list[frozenset[str]], minimum: int
) -> None:
    shown, others, together = counted(THEMES, coded, minimum)
    assert all(count == 0 or count >= minimum for count in shown.values())
    assert others != 1
    assert together is None or (together == 0) is (others == 0)
    assert not together or together >= minimum
    for theme, count in shown.items():
        assert count == sum(theme in themes for themes in coded)
    if together is not None:
        hidden = set(THEMES) - set(shown)
        assert len(hidden) == others
        assert together == sum(bool(themes & hidden) for themes in coded)


@pytest.mark.parametrize("total", [10, 15, 18, 26])
def test_an_attacker_who_knows_the_rules_keeps_five_values_for_every_joined_theme(
    total: int,
) -> None:
    """By brute force: all ways to part the texts that give the same release."""
    seen: dict[str, list[tuple[int, ...]]] = {}
    for counts in parted(total):
        coded = [frozenset(t) for t, n in zip("abc", counts, strict=True) for _ in range(n)]
        seen.setdefault(repr(counted("abc", coded, 10)), []).append(counts)
    for released, found in seen.items():
        for place, theme in enumerate("abc"):
            if f"'{theme}'" not in released:
                assert len({counts[place] for counts in found}) >= 5, released


def parted(total: int) -> Iterator[tuple[int, int, int]]:
    """All ways to part texts that have one theme each among three themes."""
    for a in range(total + 1):
        for b in range(total - a + 1):
            yield a, b, total - a - b


def test_a_second_release_a_few_texts_later_is_refused_and_names_the_pair(tmp_path: Path) -> None:
    room = settled(tmp_path, {"light": 20, "rest": 20})
    release(room, "Amsel", ["wish"])
    assert release(room, "Amsel", ["wish"])
    for person in ("Amsel", "Drossel"):
        room.code("wish", 1, person, ["rest"])
    with pytest.raises(DisclosureError, match=r"light was released as 20 .* would now be 19"):
        release(room, "Amsel", ["wish"])
    for number in range(2, 11):
        for person in ("Amsel", "Drossel"):
            room.code("wish", number, person, ["rest"])
    assert [theme.texts for theme in wish(release(room, "Amsel", ["wish"])).themes] == [30, 10, 0]


def test_a_quote_needs_two_people_and_new_places_need_new_consent(tmp_path: Path) -> None:
    wishes = ["Frau Muster soll bleiben, die Räume sind gut.", *["Mehr Licht."] * 11]
    room = room_of(tmp_path, wishes)
    room.theme("wish", "Amsel", "light", "Licht")
    for number in range(1, 13):
        for person in ("Amsel", "Drossel"):
            spans = room.flags("wish", number)
            decision = REDACT if spans else CLEAN
            room.judge("wish", number, person, decision, ["name"] if spans else (), spans)
            room.code("wish", number, person, ["light"])
    room.quote("wish", 1, "Amsel")
    room.quote("wish", 1, "Amsel")
    assert wish(release(room, "Amsel", ["wish"])).quotes == ()
    room.quote("wish", 1, "Drossel")
    said = "[Name] soll bleiben, die Räume sind gut."
    assert wish(release(room, "Amsel", ["wish"])).quotes == (said,)
    for person in ("Amsel", "Drossel"):
        more = [*room.flags("wish", 1), Flag(30, 36, Kind.SITUATION)]
        room.judge("wish", 1, person, REDACT, ["name"], more)
    assert wish(release(room, "Amsel", ["wish"])).quotes == ()


def test_a_name_that_joins_the_list_later_keeps_its_quote_back(tmp_path: Path) -> None:
    room = settled(tmp_path, {"light": 12})
    for person in ("Amsel", "Drossel"):
        room.quote("wish", 3, person)
    assert wish(release(room, "Amsel", ["wish"])).quotes == ("Mehr light.",)
    room.lists = Lists(names=("light",))
    assert wish(release(room, "Amsel", ["wish"])).quotes == ()


def test_a_paraphrase_is_released_by_somebody_else(tmp_path: Path) -> None:
    room = settled(tmp_path, {"light": 12})
    room.paraphrase("wish", "light", "Amsel", "Viele wünschen sich hellere Flure.")
    with pytest.raises(ReportError, match="somebody who has not written it"):
        room.approve("wish", "light", 1, "amsel")
    assert wish(release(room, "Amsel", ["wish"])).themes[0].paraphrases == ()
    room.approve("wish", "light", 1, "Drossel")
    theme, _ = wish(release(room, "Amsel", ["wish"])).themes
    assert theme.paraphrases == ("Viele wünschen sich hellere Flure.",)
    with pytest.raises(ReportError, match="names a person"):
        room.paraphrase("wish", "light", "Amsel", "Frau Muster will Licht.")


# -- commands ----------------------------------------------------------------------------------


def run(home: Home, *arguments: str) -> Result:
    return CliRunner().invoke(
        reports, ["--home", str(home.path), "texts", *arguments], standalone_mode=False
    )


def test_a_study_is_moderated_from_sheet_to_release(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure()
    made = data_set(tmp_path, ["Frau Muster hilft.", "=1+1 Licht", *["Mehr Licht."] * 10])
    store_data_set(home, made.path)
    for person in ("Amsel", "Drossel"):
        path = tmp_path / f"{person}.csv"
        assert run(home, "sheet", "staff", "wish", "--out", str(path)).exception is None
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        assert rows[1]["text"] == "'=1+1 Licht"
        for row in rows:
            row["decision"], row["themes"] = "clean", "light"
        rows[0] |= {"decision": "redact", "reasons": "name", "take_out": "name", "themes": "none"}
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        run(home, "theme", "staff", "wish", "light", "Licht", "--as", person)
        run(home, "take", "staff", "wish", str(path), "--as", person)
    assert "1 redacted" in run(home, "status", "staff").output
    assert run(home, "list", "staff", "wish", "--status", "redacted").output.startswith("1: ")
    again = run(home, "take", "staff", "wish", str(tmp_path / "Amsel.csv"), "--as", "Amsel")
    assert (again.return_value, again.output) == (0, "24 entries taken in, 0 not\n")
    assert "all: 1.000" in run(home, "agreement", "staff", "wish").output
    out = tmp_path / "texts.json"
    result = run(home, "release", "staff", "wish", "--out", str(out), "--as", "Amsel")
    assert result.exception is None
    raw = json.loads(out.read_text("utf-8"))
    (found,) = raw["questions"]
    assert (found["texts"], found["redacted"], found["coded"]) == (12, 1, 12)
    assert "Muster" not in out.read_text("utf-8")
    assert raw["journal"] == Journal(home.path / "moderation" / "staff.jsonl").head


def test_mistakes_of_a_sheet_are_named_by_line_and_the_rest_is_taken_in(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").ensure()
    store_data_set(home, data_set(tmp_path, ["Mehr Licht."] * 3).path)
    path = tmp_path / "sheet.csv"
    path.write_text("number;decision;themes\n1;clean;\n2;good;\n9;clean;\n3;;none\n", "utf-8")
    result = run(home, "take", "staff", "wish", str(path), "--as", "Amsel")
    assert result.return_value == 1
    assert "1 entries taken in, 3 not" in result.output
    for line in (":3: “good”", ":4: wish has 3 texts", ":5: wish 3: judge it first"):
        assert line in result.output


def in_home(folder: Path, wishes: dict[str, int]) -> tuple[Home, Room]:
    """A home with a data set whose texts are settled."""
    home = Home(folder / "home").ensure()
    room = settled(folder, wishes)
    store_data_set(home, room.data_set.path)
    return home, Room(room.data_set, room.journal, room.lists, DAY)


def test_released_texts_stand_in_the_ledger_and_come_back_sealed(tmp_path: Path) -> None:
    home, room = in_home(tmp_path, {"light": 30, "paths": 12, "rest": 3})
    assert released_results(home, "staff", now=NOW).release.texts == {}
    room.paraphrase("wish", "light", "Amsel", "Es ist zu dunkel.")
    release_texts(home, room, "Amsel", ["wish"], now=NOW)
    release_texts(home, room, "Amsel", ["wish"], now=NOW)
    kinds = [entry.kind for entry in Ledger(home).entries()]
    assert kinds == ["release", "texts"]
    listed = CliRunner().invoke(reports, ["--home", str(home.path), "ledger", "staff"]).stdout
    tables, texts = (line.split("\t")[4] for line in listed.splitlines())
    assert re.fullmatch(r"\d+ tables", tables)
    assert texts == "1 question: 45 texts, 0 withheld, 0 quoted"
    results = released_results(home, "staff", now=NOW)
    found = results.release.texts["wish"]
    assert (found.texts, found.withheld, found.coded) == (45, 0, 45)
    assert (found.themes[0].code, found.themes[0].texts) == ("light", 30)
    assert (found.others, found.other_texts) == (2, 15)
    assert found.themes[0].paraphrases == ()  # nobody else has approved it yet
    printed = {row.category: row.printed for row in results.select("wish", "theme")}
    assert printed["light"] == "30"
    assert "rest" not in printed
    assert results.get("wish", "theme_others").value == 15
    assert results.get("wish", "texts_withheld").printed == "0"
    with pytest.raises(DisclosureError, match="gate"):
        Themes(found.question, 1, 0, 0, 1, (), 0, None, 0, None, ())


def test_texts_that_differ_by_a_few_from_the_ledger_are_refused_without_any_journal(
    tmp_path: Path,
) -> None:
    home, room = in_home(tmp_path / "first", {"light": 30, "paths": 20})
    release_texts(home, room, "Amsel", ["wish"], now=NOW)
    (tmp_path / "second").mkdir()
    later = settled(tmp_path / "second", {"light": 33, "paths": 20})
    with pytest.raises(DisclosureError, match="was released as 50 on 2027-06-01"):
        release_texts(home, later, "Amsel", ["wish"], now=NOW)
    assert len(Ledger(home).entries()) == 1
