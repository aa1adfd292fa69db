"""The registry of item types: one line per type."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from survey.items.base import Item
from survey.items.best_worst import BestWorst
from survey.items.date import Date
from survey.items.grid import Grid
from survey.items.info import Info
from survey.items.multiple import Multiple
from survey.items.number import Number
from survey.items.pairwise import Pairwise
from survey.items.passage import Passage
from survey.items.points import Points
from survey.items.ranking import Ranking
from survey.items.rating import Rating
from survey.items.single import Single
from survey.items.text import Text

ITEM_TYPES: Mapping[str, type[Item]] = MappingProxyType(
    {
        "single": Single,
        "multiple": Multiple,
        "rating": Rating,
        "grid": Grid,
        "ranking": Ranking,
        "number": Number,
        "date": Date,
        "text": Text,
        "passage": Passage,
        "info": Info,
        "best_worst": BestWorst,
        "pairwise": Pairwise,
        "points": Points,
    }
)
"""Item types by the name that stands in the questionnaire."""
