"""The record of an opening: what came in and out, signed with the key of the web host."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature

from survey import codes, keys
from survey.dataset import DataSet, row_count
from survey.home import Home
from survey.records import Record, read_records, write_record

KIND = "opened"
_CONTEXT = b"meinungsbild opening 1\n"


def record_opening(home: Home, data_set: DataSet, now: datetime) -> Record:
    """The record of a stored data set; repeated for the same one, the first record."""
    study_id = data_set.study.id
    for known in read_records(home, study_id, KIND):
        if known.content.get("data_set") == data_set.fingerprint:
            return known
    content: dict[str, Any] = {
        "data_set": data_set.fingerprint,
        "rows": row_count(data_set),
        "protocol": dict(data_set.protocol),
        "codes_issued": dict(codes.counts(home, study_id)),
        "destroyed": ["ballots", "codes", "page key"],
    }
    content["signature"] = keys.signing_key(home).sign(_CONTEXT + _canonical(content)).hex()
    return write_record(home, study_id, KIND, content, now)


def is_genuine(content: Mapping[str, Any], host_key: str) -> bool:
    """Whether a record of an opening was signed with the key whose public half is given."""
    unsigned = {name: value for name, value in content.items() if name != "signature"}
    try:
        signature = bytes.fromhex(content["signature"])
        keys.read_host_key(host_key).verify(signature, _CONTEXT + _canonical(unsigned))
    except (InvalidSignature, KeyError, TypeError, ValueError):
        return False
    return True


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()
