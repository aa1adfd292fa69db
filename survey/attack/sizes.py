"""How large an attack is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sizes:
    """Numbers of an attack; the defaults are those that a protocol for a staff council needs.

    ``codes`` people are followed one by one; ``rounds`` times one code is sent ``posts`` times
    at once; the server is killed ``kills`` times.
    """

    codes: int = 400
    rounds: int = 15
    posts: int = 40
    kills: int = 40
