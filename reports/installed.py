"""Versions of installed packages, read off the names of the folders that describe them.

``NAME-VERSION.dist-info`` says it all; ``importlib.metadata`` reads what is inside with a parser
for mail, whose loading alone takes a tenth of the time of a short command.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


def installed_version(name: str) -> str:
    """The version of an installed package.

    Raises ``importlib.metadata.PackageNotFoundError`` where there is none.
    """
    found = _described().get(_folded(name))
    if found is not None:
        return found
    from importlib.metadata import version

    return version(name)


@cache
def _described() -> dict[str, str]:
    """Versions by name, of the first folder of the search path that has one."""
    found: dict[str, str] = {}
    for entry in sys.path:
        for path in sorted(Path(entry).glob("*.dist-info")):
            name, _, version = path.stem.partition("-")
            found.setdefault(_folded(name), version)
    return found


def _folded(name: str) -> str:
    return name.replace("-", "_").replace(".", "_").lower()
