"""Write COMMANDS.md, the reference of all commands, anew.

Usage: ``.venv/bin/python docs/make_commands.py``
"""

from __future__ import annotations

from pathlib import Path

from reports.cli import reports
from survey.cli import survey
from survey.command_reference import command_reference

if __name__ == "__main__":
    page = Path(__file__).parent / "COMMANDS.md"
    page.write_text(command_reference(survey, reports), encoding="utf-8")
