"""Forms are read as Werkzeug reads them."""

from __future__ import annotations

import io
from urllib.parse import quote_from_bytes, urlencode

import pytest
from flask import Flask, Request
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.test import EnvironBuilder

from survey.form_body import FORM, fields_in, form_fields

RAW = st.text("ab1=&+%;#?2Ff \u00e4\U0001f600", max_size=40).map(str.encode) | st.binary(
    max_size=20
)
FIELDS = st.lists(st.tuples(st.text(max_size=8), st.text(max_size=20)), max_size=6)


def request(body: bytes, content_type: str = FORM, **environ: str) -> Request:
    builder = EnvironBuilder(
        method="POST", input_stream=io.BytesIO(body), content_type=content_type
    )
    builder.content_length = len(body)
    return Request(builder.get_environ() | environ)


@given(body=RAW | FIELDS.map(lambda fields: urlencode(fields).encode()))
def test_every_body_gives_the_fields_that_werkzeug_finds(body: bytes) -> None:
    assert list(fields_in(body).items(multi=True)) == list(request(body).form.items(multi=True))


@given(fields=FIELDS)
def test_what_was_typed_comes_out(fields: list[tuple[str, str]]) -> None:
    assert fields_in(urlencode(fields).encode()) == MultiDict(fields)


def test_another_kind_of_form_is_read_by_werkzeug() -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="go"\r\n\r\nnext\r\n--x--\r\n'
    sent = request(body, "multipart/form-data; boundary=x")
    assert form_fields(sent).to_dict() == {"go": "next"}


def test_the_form_can_be_read_again_by_an_error_page() -> None:
    sent = request(b"go=next&a=%20")
    assert form_fields(sent) == sent.form


@given(body=RAW | FIELDS.map(lambda fields: urlencode(fields).encode()))
def test_a_body_within_the_limit_is_read_at_once_and_again(body: bytes) -> None:
    sent = request(body)
    assert form_fields(sent, 1000) == sent.form


def test_a_form_that_breaks_off_is_no_form() -> None:
    sent = request(b"go=submit", CONTENT_LENGTH="12")
    with pytest.raises(ClientDisconnected):
        form_fields(sent, 1000)


@pytest.mark.parametrize("said", ["", "-1", "1e1", "\u00b2"])
def test_a_body_without_a_length_is_left_to_werkzeug(said: str) -> None:
    sent = request(b"go=submit", CONTENT_LENGTH=said)
    assert form_fields(sent, 1000) == sent.form


def test_a_form_beyond_the_limit_is_refused_before_it_is_read() -> None:
    app = Flask("limit")
    app.config["MAX_CONTENT_LENGTH"] = 10
    body = b"words=" + quote_from_bytes("ä".encode() * 10).encode()
    with app.test_request_context(method="POST", data=body, content_type=FORM) as context:
        with pytest.raises(RequestEntityTooLarge):
            form_fields(context.request, 10)
        assert context.request.environ["wsgi.input"].read(6) == b"words="
