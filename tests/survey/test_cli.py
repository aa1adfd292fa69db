from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from survey.cli import COMMANDS, LazyGroup, run, survey, with_home
from survey.errors import SurveyError
from survey.home import Home


def failing(error: BaseException) -> click.Command:
    @click.command()
    def fail() -> None:
        raise error

    return fail


@pytest.fixture
def cli() -> click.Group:
    """A group like `survey` with a command that names its home, alone and inside a group."""

    @click.group()
    @click.option("--home", default="instance", callback=lambda c, p, v: setattr(c, "obj", v))
    def top(home: str) -> None:
        pass

    @click.command()
    @click.pass_obj
    def where(home: Home) -> None:
        click.echo(getattr(home, "path", home))

    inner = click.Group("inner", commands={"where": where})
    top.add_command(with_home(inner))
    return top


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_of_the_table_exists_and_explains_itself(name: str) -> None:
    _, line = COMMANDS[name]
    result = CliRunner().invoke(survey, [name, "--help"])
    assert result.exit_code == 0, result.output
    assert len(line) <= 60
    assert line.endswith(".")


def test_help_lists_every_command_without_loading_one() -> None:
    script = (
        "import sys; from survey.cli import survey\n"
        "try: survey.main(['--help'])\n"
        "finally: print({n.split('.')[0] for n in sys.modules} & "
        "{'numpy', 'pandas', 'sqlalchemy', 'flask', 'pydantic', 'ruamel'}, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stderr.strip() == "set()"
    for name in COMMANDS:
        assert f"  {name} " in done.stdout


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (SurveyError("there is no study x"), 1, "there is no study x"),
        (click.UsageError("no such thing"), 2, "no such thing"),
        (click.Abort(), 130, "interrupted"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (OSError("cannot load library 'libpango-1.0-0'"), 3, "system library"),
        (ImportError("libx.so.1: cannot open shared object file: No such file"), 3, "libx.so.1"),
        (OSError(errno.ENOSPC, "No space left on device", "urn.sqlite"), 1, "urn.sqlite: No space"),
        (OSError(errno.ENOENT, "No such file or directory", "/proc/x"), 1, "/proc/x: No such"),
        (OSError(errno.EEXIST, "File exists", "home"), 1, "home: File exists"),
        (OSError(errno.ENOTDIR, "Not a directory", "f/sub"), 1, "f/sub: Not a directory"),
        (OSError(errno.EADDRINUSE, "Address already in use"), 1, "Address already in use"),
    ],
)
def test_errors_become_a_sentence_and_a_status(
    error: BaseException, status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(failing(error), [], "survey") == status
    captured = capsys.readouterr()
    assert said in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


@pytest.mark.parametrize("error", [OSError(errno.EBADF, "?"), ImportError("no module"), KeyError()])
def test_a_defect_keeps_its_traceback(error: BaseException) -> None:
    with pytest.raises(type(error)):
        run(failing(error), [], "survey")


def test_success_and_help_are_status_0_and_usage_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(survey, ["--help"], "survey") == 0
    assert run(survey, ["--version"], "survey") == 0
    assert run(survey, ["no-such-command"], "survey") == 2
    assert run(survey, ["simulate"], "survey") == 2
    assert "no-such-command" in capsys.readouterr().err


def test_an_exit_status_of_a_command_is_kept() -> None:
    @click.command()
    @click.pass_context
    def seven(ctx: click.Context) -> None:
        ctx.exit(7)

    assert run(seven, [], "survey") == 7


def test_home_comes_from_the_option_the_environment_or_the_default() -> None:
    @click.command()
    @click.pass_obj
    def where(home: Home) -> None:
        click.echo(home.path)

    group = click.Group("survey", params=survey.params, commands={"where": with_home(where)})

    def seen(*arguments: str, env: str | None) -> str:
        variables = {"MEINUNGSBILD_HOME": env}
        return CliRunner().invoke(group, arguments, env=variables).output.strip()

    assert seen("where", env=None) == "instance"
    assert seen("where", env="from-env") == "from-env"
    assert seen("--home", "before", "where", env="from-env") == "before"
    assert seen("where", "--home", "after", env="from-env") == "after"


def test_home_is_understood_behind_the_command_of_an_inner_group(cli: click.Group) -> None:
    result = CliRunner().invoke(cli, ["--home", "a", "inner", "where"])
    assert result.output.strip() == "a"
    result = CliRunner().invoke(cli, ["--home", "a", "inner", "where", "--home", "b"])
    assert result.output.strip() == "b"
    result = CliRunner().invoke(cli, ["inner", "--home", "c", "where"])
    assert result.output.strip() == "c"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An installed package that adds a command by an entry point."""
    info = tmp_path / "added-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: added\nVersion: 1.0\n")
    group = "meinungsbild.test_commands"
    (info / "entry_points.txt").write_text(f"[{group}]\naudit = added_commands:audit\n")
    (tmp_path / "added_commands.py").write_text(
        "import click\n\n@click.command()\ndef audit() -> None:\n"
        "    '''Judge the expected cells.'''\n    click.echo('audited')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    yield group
    sys.modules.pop("added_commands", None)


def test_another_package_adds_a_command(package: str) -> None:
    group = LazyGroup("survey", table=COMMANDS, entry_points=package)
    assert CliRunner().invoke(group, ["audit"]).output == "audited\n"
    assert "Judge the expected cells." in CliRunner().invoke(group, ["--help"]).output


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "survey.cli", "--home", str(tmp_path), "import", "x", "y"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "File 'x' does not exist" in done.stderr
