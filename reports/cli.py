"""The command ``reports``: a table of commands, loaded only when one is called.

Exit status as for ``survey``: 0 done, 1 something that the user can mend, 2 usage, 3 a system
library is missing, 130 interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

from survey.cli import command_group, run

COMMANDS: dict[str, tuple[str, str]] = {
    "estimates": ("reports.commands.estimates:estimates", "Print every released estimate."),
    "texts": ("reports.commands.texts:texts", "Moderate free texts, two people for each."),
    "ledger": ("reports.commands.ledger:ledger", "Show what has been released."),
    "dossier": ("reports.commands.dossier:dossier", "Write dossiers as PDF."),
    "charts": ("reports.commands.charts:charts_command", "Draw charts for slides."),
    "worker": ("reports.commands.worker:worker", "Build the dossiers that wait in the queue."),
    "jobs": ("reports.commands.worker:jobs", "Show what waits, is built or done."),
    "explain": ("reports.commands.explain:explain", "Show how one number came about."),
    "trace": ("reports.commands.trace:trace", "Find the address of every number of a PDF."),
    "serve": ("reports.team.commands.serve:serve", "Show the project team's room."),
}
"""Name on the command line: where the command is, and its line in ``reports --help``."""

ENTRY_POINTS = "meinungsbild.reports_commands"
"""Entry-point group; each entry names a click command, its name is the command's."""


@command_group("reports", COMMANDS, ENTRY_POINTS)
def reports() -> None:
    """Evaluate an opened survey: released estimates and dossiers."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run ``reports`` and end the process with the exit status of decisions."""
    sys.exit(run(reports, arguments, "reports"))


if __name__ == "__main__":
    main()
