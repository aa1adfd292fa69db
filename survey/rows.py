"""The rows of a data set as columns of small integers.

Only the gate of ``reports`` may import this module: what leaves the rows leaves them as
counts that are safe to publish.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np

from survey.dataset import ANSWERS, DataSet, stata_names

_HEAD = re.compile(
    rb"<stata_dta><header><release>118</release><byteorder>LSF</byteorder>"
    rb"<K>(?P<K>..)</K><N>(?P<N>.{8})</N><label>.{2,322}</label><timestamp>.{1,18}</timestamp>"
    rb"</header><map>(?P<map>.{112})</map>",
    re.DOTALL,
)
_KINDS = {65530: ("<i1", 100), 65529: ("<i2", 32_740), 65528: ("<i4", 2_147_483_620)}
"""Kinds of whole numbers: how they are stored, and the highest that is not a missing one."""

_NAME_BYTES = 129

Column = np.ndarray[Any, np.dtype[np.integer[Any]]]


def read_columns(data_set: DataSet) -> Mapping[str, Column]:
    """One array (int8, int16 or int32, length n) per variable of the codebook, by its name."""
    variables = data_set.codebook.variables
    with zipfile.ZipFile(data_set.path) as parts:
        content = parts.read(ANSWERS)
    found = packed_columns(content) or _any_columns(content)
    names = zip(variables, stata_names(variables), strict=True)
    return {variable.name: found[name] for variable, name in names}


def packed_columns(content: bytes) -> Mapping[str, Column] | None:
    """The columns of a Stata 118 file as an opening writes it; None for any other.

    Such a file holds integers alone, lowest byte first and none of them missing, so its rows are
    records of numpy as they lie there. Source: Stata's description of the format (help dta_118).
    """
    head = _HEAD.match(content)
    if head is None:
        return None
    width, length = (int.from_bytes(head[part], "little") for part in ("K", "N"))
    at = head.end("map")
    places = struct.unpack("<14Q", content[head.start("map") : at])
    kinds = _section(content, places[2], b"variable_types", 2 * width)
    titles = _section(content, places[3], b"varnames", _NAME_BYTES * width)
    if kinds is None or titles is None:
        return None
    types = struct.unpack(f"<{width}H", kinds)
    if not set(types) <= _KINDS.keys():
        return None
    names = [titles[i : i + _NAME_BYTES].partition(b"\0")[0].decode()
             for i in range(0, len(titles), _NAME_BYTES)]  # fmt: skip
    record = np.dtype([(name, _KINDS[kind][0]) for name, kind in zip(names, types, strict=True)])
    rows = _section(content, places[9], b"data", record.itemsize * length)
    if rows is None:
        return None
    table = np.frombuffer(rows, record, count=length if width else 0)
    found = {name: table[name].astype(table[name].dtype.newbyteorder("=")) for name in names}
    most = (_KINDS[kind][1] for kind in types)
    full = any(found[name].max(initial=0) > high for name, high in zip(names, most, strict=True))
    return None if full else found


def _section(content: bytes, at: int, name: bytes, size: int) -> bytes | None:
    """What stands between two marks, None unless they enclose exactly so many bytes."""
    begin, end = b"<" + name + b">", b"</" + name + b">"
    first = at + len(begin)
    if content[at:first] != begin or content[first + size : first + size + len(end)] != end:
        return None
    return content[first : first + size]


def _any_columns(content: bytes) -> Mapping[str, Column]:
    """The columns of any file in a format of Stata's."""
    import pandas as pd  # as long to load as the gate takes to count, and hardly ever needed

    frame = pd.read_stata(io.BytesIO(content), convert_categoricals=False, preserve_dtypes=True)
    return {str(name): frame[name].to_numpy() for name in frame.columns}
