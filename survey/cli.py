"""The command ``survey``: a table of commands, loaded only when one is called.

A command is a click command that takes the home of the installation with ``@click.pass_obj``.
``--home DIR`` is understood before and after the name of a command. Other packages add
commands through the entry-point group ``meinungsbild.survey_commands``.

Exit status: 0 done, 1 something that the user can mend, 2 usage, 3 a system library is
missing, 130 interrupted.
"""

from __future__ import annotations

import errno
import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from survey import __version__
from survey.errors import DatabaseError, MissingProgramError, SurveyError
from survey.home import Home

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

COMMANDS: dict[str, tuple[str, str]] = {
    "new": ("survey.commands.new:new", "Write an example questionnaire to start from."),
    "check": ("survey.commands.check:check", "Find every mistake in questionnaires."),
    "schema": ("survey.commands.schema:schema", "What editors need to complete keys."),
    "convert": ("survey.commands.convert:convert", "Convert LimeSurvey files and XLSForms."),
    "diff": ("survey.commands.diff:diff", "Say what changed between two versions."),
    "preview": ("survey.commands.preview:preview", "Show every page of a questionnaire file."),
    "paper": ("survey.commands.paper:paper", "Print a questionnaire as a tagged PDF."),
    "paper-entry": ("survey.commands.paper_entry:paper_entry", "Enter sheets typed in twice."),
    "init": ("survey.commands.init:init", "Make the secrets and the database of a home."),
    "migrate": ("survey.commands.init:migrate", "Bring the database to this version's schema."),
    "study": ("survey.commands.study:study", "Add, open, close and list studies."),
    "keys": ("survey.commands.keys:keys", "Key holders: create and register their keys."),
    "codes": ("survey.commands.codes:codes", "Make access codes for printing."),
    "serve": ("survey.commands.serve:serve", "Show the pages to respondents."),
    "simulate": ("survey.commands.simulate:simulate", "Cast ballots with a known truth."),
    "demo": ("survey.commands.demo:demo", "Fill a home with simulated studies to look at."),
    "urn": ("survey.commands.urn:urn", "Count, export and open the sealed ballots."),
    "promise": ("survey.commands.promise:promise", "Print what a study promises, two pages."),
    "backup": ("survey.commands.care:backup", "Write a consistent backup without secrets."),
    "restore": ("survey.commands.care:restore", "Put a backup back, by recorded decisions."),
    "purge": ("survey.commands.care:purge", "Delete data on the day that a study names."),
    "import": ("survey.commands.import_data:import_data", "Make a data set from foreign answers."),
    "attack": ("survey.commands.attack:command", "Play the adversaries; print what held."),
    "doctor": ("survey.commands.doctor:command", "Check an installation; say what to do."),
    "inspect": ("survey.commands.inspect:command", "List everything that is kept, and why."),
}
"""Name on the command line: where the command is, and its line in ``survey --help``."""

ENTRY_POINTS = "meinungsbild.survey_commands"
"""Entry-point group; each entry names a click command, its name is the command's."""

_MENDABLE = {
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EADDRINUSE),
    *(errno.ENOENT, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP),
}
_LIBRARY_SIGNS = ("cannot load library", "cannot open shared object file")


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called, not when help is printed."""

    def __init__(
        self,
        *args: Any,
        table: Mapping[str, tuple[str, str]] | None = None,
        entry_points: str = "",
        **settings: Any,
    ) -> None:
        super().__init__(*args, **settings)
        self._table = dict(table or {})
        self._group = entry_points

    @cached_property
    def _added(self) -> dict[str, EntryPoint]:
        # Looked for here, because a command of the table needs to know of no other.
        from importlib.metadata import entry_points

        return {e.name: e for e in entry_points(group=self._group or "-")}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table, added commands behind them."""
        return [*self._table, *sorted(set(self._added) - set(self._table))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with this name, imported now; None if there is none."""
        if cmd_name in self._table:
            return with_home(_load(self._table[cmd_name][0]))
        if cmd_name in self._added:
            command: click.Command = self._added[cmd_name].load()
            return with_home(command)
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write one line per command without importing those of the table."""
        lines = [(name, self._short_help(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(lines)

    def _short_help(self, ctx: click.Context, name: str) -> str:
        if name in self._table:
            return self._table[name][1]
        command = self.get_command(ctx, name)
        return command.get_short_help_str(limit=80) if command else ""


def _load(place: str) -> click.Command:
    module, attribute = place.split(":")
    # The table is the one place where a command is named by a string; the contracts see the
    # command modules themselves, so nothing hides from them.
    loaded = importlib.import_module(module)  # noqa: TID251 - lazy commands, see above
    command: click.Command = getattr(loaded, attribute)
    return command


def set_home(ctx: click.Context, _parameter: click.Parameter, value: Path | None) -> None:
    """Make a directory given with ``--home`` the object that commands receive."""
    if value is not None:
        ctx.obj = Home(value)


def with_home(command: click.Command) -> click.Command:
    """The command, and every command below it, with an option ``--home`` of its own."""
    if not any(parameter.name == "home" for parameter in command.params):
        command.params.append(
            click.Option(
                ["--home"],
                type=click.Path(path_type=Path, file_okay=False),
                callback=set_home,
                expose_value=False,
                is_eager=True,
                hidden=True,
            )
        )
    if isinstance(command, click.Group):
        for below in command.commands.values():
            with_home(below)
    return command


def command_group(
    name: str, table: Mapping[str, tuple[str, str]], entry_points: str
) -> Callable[[Callable[[], None]], click.Group]:
    """What makes a function the group of a command line: ``--home``, ``--version``, the table.

    ``name`` is typed to call it; ``entry_points`` is the group through which others add to it.
    """

    def grouped(described: Callable[[], None]) -> click.Group:
        home = click.option(
            "--home",
            type=click.Path(path_type=Path, file_okay=False),
            default=Path("instance"),
            envvar="MEINUNGSBILD_HOME",
            show_envvar=True,
            show_default=True,
            callback=set_home,
            expose_value=False,
            help="Directory that holds all state: database, secrets, data sets, dossiers.",
        )
        version = click.version_option(__version__, prog_name="meinungsbild")
        group = click.group(
            cls=LazyGroup,
            table=table,
            entry_points=entry_points,
            context_settings={"help_option_names": ["-h", "--help"]},
            epilog=f"“{name} COMMAND --help” explains a command. STUDY is the id of a study.",
        )
        return group(version(home(described)))

    return grouped


@command_group("survey", COMMANDS, ENTRY_POINTS)
def survey() -> None:
    """Ask a city's people: check a questionnaire, collect sealed ballots, open the urn."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run ``survey`` and end the process with the exit status of decisions."""
    sys.exit(run(survey, arguments, "survey"))


def run(command: click.Command, arguments: Sequence[str] | None, name: str) -> int:
    """The exit status of a command line; errors that the user can mend become sentences."""
    try:
        result = command.main(args=arguments, prog_name=name, standalone_mode=False)
    except click.Abort:
        click.echo(f"{name}: interrupted", err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SurveyError as error:
        click.echo(str(error), err=True)
        return 3 if isinstance(error, MissingProgramError) else 1
    except (OSError, ImportError) as error:
        status = _status_of(error)
        if status is None:
            raise
        click.echo(f"{name}: {_sentence(error, status)}", err=True)
        return status
    except Exception as error:
        said = _database_sentence(error)
        if said is None:
            raise
        click.echo(f"{name}: {said}", err=True)
        return 1
    return result if isinstance(result, int) else 0


def _status_of(error: OSError | ImportError) -> int | None:
    if any(sign in str(error) for sign in _LIBRARY_SIGNS):
        return 3
    return 1 if isinstance(error, OSError) and error.errno in _MENDABLE else None


def _sentence(error: OSError | ImportError, status: int) -> str:
    if status == 3:
        return f"a system library is missing ({str(error).splitlines()[0]}); see apt.txt"
    filename = getattr(error, "filename", None)
    return ": ".join(str(part) for part in (filename, getattr(error, "strerror", error)) if part)


def _database_sentence(error: Exception) -> str | None:
    """What a database that is locked, away or damaged says; None for every other error."""
    if not isinstance(error, DatabaseError):
        return None
    kinds = [kind.__name__ for kind in type(error.orig).__mro__]
    missing = "no such table" in str(error.orig) or kinds[0] == "UndefinedTable"
    # The plain DatabaseError is a damaged file; those below it are mostly defects of a query.
    if not missing and "OperationalError" not in kinds and kinds[0] != "DatabaseError":
        return None
    # Never the whole error: it quotes the query and what was to be stored.
    said = next(iter(str(error.orig).splitlines()), "")
    hint = "; `survey migrate` brings it to this version's schema" if missing else ""
    return f"the database cannot be used: {said}{hint}"


if __name__ == "__main__":
    main()
