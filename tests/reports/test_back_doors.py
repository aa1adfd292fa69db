"""Whatever leaves goes through the same tables: no export, message or record knows more."""

from __future__ import annotations

import csv
import io
import json

import pytest
from cityhall import city_codebook, city_columns, city_frame, store, study
from click.testing import CliRunner

from reports.cli import reports
from reports.ledger import Ledger, published
from reports.releasing import released_results
from reports.tables import Release
from survey.dataset import store_data_set
from survey.home import Home

Exported = list[dict[str, str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    folder = tmp_path_factory.mktemp("home")
    made = store(folder / "a.zip", study(city_frame()), city_codebook(), city_columns())
    store_data_set(Home(folder / "home"), made.path)
    return Home(folder / "home")


@pytest.fixture(scope="module")
def release(home: Home) -> Release:
    from datetime import UTC, datetime

    return released_results(home, "city", now=datetime(2027, 6, 1, tzinfo=UTC)).release


@pytest.fixture(scope="module")
def rows(home: Home) -> Exported:
    done = CliRunner().invoke(reports, ["--home", str(home.path), "estimates", "city"])
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_every_exported_number_rests_on_a_large_enough_base(rows: Exported) -> None:
    valued = [row for row in rows if row["value"] and row["base_n"]]
    assert len(valued) > 500
    assert {row["statistic"] for row in valued if int(row["base_n"]) < 10} == set()


def test_hidden_units_have_neither_value_nor_base_nor_print(
    rows: Exported, release: Release
) -> None:
    hidden = {
        (table.variable.name, domain.variable, domain.code)
        for table in release.tables.values()
        for domain, _ in table.withheld
        if domain.code not in table.of_one_mind
    }
    assert ("q1", "department", "equality") in hidden
    told = [r for r in rows if (r["item"], r["domain_variable"], r["domain"]) in hidden]
    assert told
    assert all(not r["value"] + r["base_n"] + r["printed"] + r["low"] for r in told)


def test_csv_and_json_say_the_same(home: Home, rows: Exported) -> None:
    command = ["--home", str(home.path), "estimates", "city", "--format", "json"]
    objects = json.loads(CliRunner().invoke(reports, command).stdout)
    assert len(objects) == len(rows)
    assert [str(o["base_n"] or "") for o in objects] == [
        row["base_n"] if row["base_n"] != "0" else "" for row in rows
    ]


def test_the_ledger_records_released_tables_and_nothing_else(home: Home, release: Release) -> None:
    (entry,) = Ledger(home).entries()
    known = {(t.item, t.by): t.counts.tolist() for t in published(release)}
    assert {(t.item, t.by): t.counts.tolist() for t in entry.tables} == known
    text = Ledger(home).text()
    assert str(home.path) not in text


def test_the_protocol_of_the_attack_holds_no_hidden_number(home: Home) -> None:
    command = ["--home", str(home.path), "ledger", "city", "--attack"]
    protocol = json.loads(CliRunner().invoke(reports, command).stdout)
    assert protocol["findings"] == []
    assert protocol["hidden"] > 0
    assert protocol["least_span"] >= 5
