"""``reports serve``: the team's room on its own, apart from the respondents' pages."""

from __future__ import annotations

import click
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from reports.team.app import create_team_app
from survey.commands.serve import Server, server_options
from survey.home import Home
from survey.settings import Settings
from survey.studies import check_installation


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535))
@click.pass_obj
def serve(home: Home, host: str, port: int) -> None:
    """Show the project team's room under /team/, until interrupted.

    Accounts are made by `survey user add`. Put it behind TLS, on a host name of its own or one
    that only the city's network reaches: respondents never need it.
    """
    check_installation(home)
    room = create_team_app(Settings(home.path), alone=True)
    room.wsgi_app = mounted(room.wsgi_app)  # type: ignore[method-assign]
    click.echo(f"http://{host}:{port}/team/")
    Server(room, server_options(host, port)).run()


def mounted(application: object) -> DispatcherMiddleware:
    """The room under ``/team``; every other address is unknown."""

    def nothing(_environ: object, start_response: object) -> list[bytes]:
        start_response("404 Not Found", [("Content-Type", "text/plain")])  # type: ignore[operator]
        return [b"/team/\n"]

    return DispatcherMiddleware(nothing, {"/team": application})  # type: ignore[dict-item]
