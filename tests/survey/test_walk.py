"""Routes, earlier answers in later texts, languages and reading studies, page by page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path

import html5lib
import pytest
from casting import opened_ballots
from respondent import (
    City,
    Fields,
    desk,
    heading,
    journey_bundle,
    make_city,
    state_of,
    step,
    texts_bundle,
)
from werkzeug.test import TestResponse

from survey.page_state import StateBox
from survey.studies import close_study

BIKE: Fields = {"means": "bike"}


@pytest.fixture
def city(tmp_path: Path) -> City:
    return make_city(tmp_path / "home", journey_bundle())


@pytest.fixture
def library(tmp_path: Path) -> City:
    """A reading study."""
    return make_city(tmp_path / "home", texts_bundle())


def walk(city: City, page: TestResponse, *filled: Fields) -> TestResponse:
    """Page after page filled and sent on."""
    for fields in filled:
        page = city.turn(page, fields)
    return page
