"""The loopback page of ``survey urn open --page`` and ``survey keys create --page``.

It is served until its reader ends it.
"""

from __future__ import annotations

import secrets
import signal
import threading
import webbrowser
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from werkzeug.serving import WSGIRequestHandler, make_server

from survey.holder_key_page import destroying
from survey.holder_page import HOST, create_holder_app

_ENDINGS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """No line per request: the address holds the page's secret word."""


def serve_holder_page(*, browser: bool, task: str = "") -> None:
    """Serve the page on a free port of this machine; its files are gone afterwards.

    ``task`` is the part of the address to begin with.
    """
    ended, word = threading.Event(), secrets.token_urlsafe(24)
    # Closing the window of the terminal must not leave an opened layer behind.
    for name in _ENDINGS:
        signal.signal(name, lambda *_: ended.set())
    with TemporaryDirectory(prefix="urne-") as folder, destroying(Path(folder)):
        app = create_holder_app(Path(folder), word, ended.set)
        server = make_server(HOST, 0, app, threaded=True, request_handler=_Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        address = f"http://{HOST}:{server.server_port}/{word}/{task}"
        click.echo(f"Im Browser öffnen / open in the browser: {address}")
        if browser:
            webbrowser.open(address)
        try:
            ended.wait()
            # The last page is still on its way.
            ended.clear()
            ended.wait(1)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
