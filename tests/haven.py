"""R's haven as an independent reader of SPSS and Stata files."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from conftest import STRICT

READ = """
library(haven)
put <- function(x, from, to) gsub(from, to, x, fixed = TRUE)
say <- function(x) put(put(enc2utf8(x), "\\t", "\\\\t"), "\\n", "\\\\n")
for (path in commandArgs(TRUE)) {
  stata <- grepl("[.]dta$", path)
  rows <- if (stata) read_dta(path) else read_sav(path, user_na = TRUE)
  cells <- list(); about <- list()
  for (i in seq_along(rows)) {
    x <- rows[[i]]
    tag <- if (stata && is.double(x)) na_tag(x) else NA_character_
    number <- sprintf("%.17g", as.numeric(unclass(x)))
    cells[[i]] <- data.frame(column = i, value = number, tag = tag)
    labels <- attr(x, "labels")
    spoken <- if (stata && length(labels)) na_tag(labels) else NA_character_
    range <- attr(x, "na_range")
    about[[i]] <- data.frame(
      column = i, name = names(rows)[i], kind = class(x)[length(class(x))],
      label = say(if (is.null(attr(x, "label"))) "" else attr(x, "label")),
      low = if (is.null(range)) NA else range[1], high = if (is.null(range)) NA else range[2],
      code = if (length(labels)) sprintf("%.17g", as.numeric(labels)) else NA,
      tag = spoken, text = if (length(labels)) say(names(labels)) else NA
    )
  }
  for (part in c("cells", "about")) write.table(
    do.call(rbind, get(part)), paste0(path, ".", part), sep = "\\t", quote = FALSE,
    row.names = FALSE, na = "<NA>", fileEncoding = "UTF-8"
  )
}
"""


@dataclass(frozen=True)
class Read:
    """A column as haven sees it."""

    name: str
    kind: str
    label: str
    values: tuple[float, ...]
    tags: tuple[str | None, ...]
    labels: dict[float | str, str]
    missing_range: tuple[float, float] | None


@cache
def rscript() -> str:
    """The program; skips where R or haven is missing, but never in CI."""
    program = shutil.which("Rscript")
    asked = "quit(status = !requireNamespace('haven', quietly = TRUE))"
    if not program or subprocess.run([program, "-e", asked], check=False).returncode:
        missing = "R with haven is missing (apt-test.txt: r-cran-haven)"
        if STRICT:
            pytest.fail(missing)
        pytest.skip(missing)
    return program


def read(paths: Sequence[Path], folder: Path) -> list[list[Read]]:
    """The columns of every file, read in one run of R."""
    script = folder / "read.R"
    script.write_text(READ, encoding="utf-8")
    done = subprocess.run(
        [rscript(), "--vanilla", str(script), *map(str, paths)], capture_output=True, text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [_columns(path) for path in paths]


def _columns(path: Path) -> list[Read]:
    def table(part: str) -> pd.DataFrame:
        return pd.read_csv(
            f"{path}.{part}", sep="\t", dtype=str, keep_default_na=False, na_values=["<NA>"],
            quoting=3, encoding="utf-8",
        )  # fmt: skip

    cells, found = table("cells"), []
    for number, about in table("about").groupby("column", sort=False):
        own = cells[cells["column"] == number]
        first = about.iloc[0]
        coded = about[about["text"].notna()]
        codes = [
            tag if isinstance(tag, str) else float(code)
            for code, tag in zip(coded["code"], coded["tag"], strict=True)
        ]
        low = first["low"]
        found.append(
            Read(
                first["name"],
                first["kind"],
                first["label"] if first.notna()["label"] else "",
                tuple(float("nan" if v == "NA" else v) for v in own["value"]),
                tuple(tag if isinstance(tag, str) else None for tag in own["tag"]),
                dict(zip(codes, coded["text"], strict=True)),
                (float(low), float(first["high"])) if isinstance(low, str) else None,
            )
        )
    return found
