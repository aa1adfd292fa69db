"""A command loads what it needs: a short one would spend most of its time on the rest."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata

import pytest

from reports.dossiers import DOSSIERS
from reports.installed import installed_version


def loaded_by(code: str) -> set[str]:
    """The modules that are loaded once some code has run in a process of its own."""
    told = f"import sys\n{code}\nprint(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(ran.stdout.split())


def test_a_kind_of_dossiers_loads_the_module_of_no_other() -> None:
    found = loaded_by("from reports.dossiers import DOSSIERS; DOSSIERS['council']")
    assert "reports.dossiers.council" in found
    others = {f"reports.dossiers.{name}" for name in ("department", "intensive", "letter", "team")}
    assert not found & others


def test_every_kind_is_known_by_its_name_and_can_be_loaded() -> None:
    assert len(DOSSIERS) == len(list(DOSSIERS)) == 7
    assert "council" in DOSSIERS
    assert "minutes" not in DOSSIERS
    assert all((kind.compose is None) is (kind.parts is not None) for kind in DOSSIERS.values())
    with pytest.raises(KeyError):
        DOSSIERS["minutes"]


def test_what_composes_a_dossier_loads_neither_statistics_nor_charts_nor_helpers() -> None:
    code = "import reports.commands.dossier, reports.building; from reports.dossiers import council"
    heavy = {"scipy", "pandas", "statsmodels", "matplotlib", "weasyprint", "pikepdf"}
    heavy |= {"importlib.metadata", "multiprocessing", "concurrent.futures", "reports.results"}
    assert not loaded_by(code) & heavy


@pytest.mark.parametrize("name", ["numpy", "Jinja2", "fontpkg-source-sans-3", "ruamel.yaml"])
def test_the_version_of_a_package_is_that_of_its_description(name: str) -> None:
    assert installed_version(name) == metadata.version(name)


def test_a_package_that_is_not_there_has_no_version() -> None:
    with pytest.raises(metadata.PackageNotFoundError):
        installed_version("no-such-package")
