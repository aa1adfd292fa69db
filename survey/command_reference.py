"""The reference of all commands, written from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

INTRODUCTION = """\
# Commands

This page is written from the commands themselves. `--home DIR` (or `MEINUNGSBILD_HOME`, default
`instance/`) is understood by every command, before and after its name. Exit status: 0 done, 1
something that the user can mend, 2 usage, 3 a system library is missing, 130 interrupted.
"""


def command_reference(*programs: click.Command) -> str:
    """A page in Markdown with a section for every command of the programs, and every option."""
    parts = [INTRODUCTION]
    for program in programs:
        parts.extend(_sections(program, program.name or "", 2))
    return "\n".join(parts)


def _sections(command: click.Command, name: str, level: int) -> Iterator[str]:
    with click.Context(command, info_name=name) as context:
        yield f"{'#' * min(level, 4)} `{name}`\n"
        yield f"{_text(command.help or '')}\n"
        usage = " ".join(command.collect_usage_pieces(context))
        if not isinstance(command, click.Group):
            yield f"`{name} {usage}`\n"
        if rows := list(_options(command, context)):
            yield "\n".join(("| option | meaning |", "|---|---|", *rows)) + "\n"
        if isinstance(command, click.Group):
            for child in command.list_commands(context):
                found = command.get_command(context, child)
                if found is not None and not found.hidden:
                    yield from _sections(found, f"{name} {child}", level + 1)


def _options(command: click.Command, context: click.Context) -> Iterator[str]:
    for parameter in command.get_params(context):
        if not isinstance(parameter, click.Option) or set(parameter.opts) & {"--home", "--help"}:
            continue
        record = parameter.get_help_record(context)
        if record is not None:
            names, meaning = (part.replace("|", "\\|") for part in record)
            yield f"| `{names}` | {' '.join(meaning.split())} |"


def _text(help: str) -> str:
    paragraphs = inspect.cleandoc(help).replace("\f", "").split("\n\n")
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in paragraphs)
