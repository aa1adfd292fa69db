"""The shipped systemd units and the container file name what is there, and give no more rights."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from survey.commands.serve import server_options
from survey.settings import Settings

ROOT = Path(__file__).parent.parent
UNITS = ROOT / "deploy" / "systemd"
OPT, HOME = "/opt/meinungsbild", "/srv/meinungsbild"


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units as they are, except that the program lies where this one does."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed (apt-test.txt)")
    for path in UNITS.iterdir():
        text = path.read_text("utf-8").replace(OPT, str(ROOT)).replace(HOME, str(tmp_path))
        (tmp_path / path.name).write_text(text, "utf-8")
    return sorted(tmp_path.glob("meinungsbild*"))


def analyse(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = ["systemd-analyze", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_systemd_finds_nothing_to_say_about_the_units(units: list[Path]) -> None:
    assert len(units) == 5
    done = analyse("verify", "--man=no", *units)
    # An unknown or misspelt line is only a warning for systemd.
    assert (done.returncode, done.stderr) == (0, "")


def test_a_mistake_in_a_unit_would_be_found(units: list[Path]) -> None:
    service = next(path for path in units if path.name == "meinungsbild.service")
    for old, new in (("LimitCORE=0", "LimitCOER=0"), ("gunicorn -c", "gunicron -c")):
        text = service.read_text("utf-8")
        service.write_text(text.replace(old, new), "utf-8")
        done = analyse("verify", "--man=no", service)
        assert done.returncode or done.stderr, new
        service.write_text(text, "utf-8")


def test_no_reload_goes_on_serving_a_program_that_was_replaced(units: list[Path]) -> None:
    # The processes of a server share what was loaded before they parted; a reload keeps it.
    assert server_options("127.0.0.1", 8000)["preload_app"]
    assert [path.name for path in units if "ExecReload=" in path.read_text("utf-8")] == []


def test_the_services_can_reach_little_but_their_home(units: list[Path]) -> None:
    for service in (path for path in units if path.suffix == ".service"):
        done = analyse("security", "--offline=true", "--threshold=20", "--no-pager", service)
        assert done.returncode == 0, done.stdout[-300:]
        lines = service.read_text("utf-8").splitlines()
        assert {"LimitCORE=0", "MemorySwapMax=0", "CapabilityBoundingSet="} <= set(lines)
        writable = [line for line in lines if line.startswith("ReadWritePaths=")]
        assert writable == [f"ReadWritePaths={service.parent}"]


def test_the_service_starts_what_the_other_tests_start() -> None:
    text = (UNITS / "meinungsbild.service").read_text("utf-8")
    [line] = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    program, flag, config, app = shlex.split(line)
    assert (program, flag, app) == (f"{OPT}/.venv/bin/gunicorn", "-c", "wsgi:survey_app")
    assert (ROOT / config.removeprefix(f"{OPT}/")).is_file()


def test_every_variable_that_the_program_reads_is_in_the_table_of_the_manual() -> None:
    sources = [*ROOT.glob("survey/**/*.py"), *ROOT.glob("reports/**/*.py")]
    sources += [ROOT / "wsgi.py", ROOT / "deploy" / "gunicorn.conf.py"]
    read = {
        name
        for path in sources
        for name in re.findall(r'"(MEINUNGSBILD_[A-Z_]+)"', path.read_text("utf-8"))
    }
    table = (ROOT / "deploy" / "README.md").read_text("utf-8")
    assert len(read) >= 4
    assert [name for name in sorted(read) if f"| `{name}` |" not in table] == []
    assert Settings.from_environment({}).home == Path("instance")


def container() -> list[str]:
    """The lines of the container file, each whole."""
    text = (ROOT / "deploy" / "Containerfile").read_text("utf-8").replace("\\\n", " ")
    return text.splitlines()


def after(word: str) -> list[str]:
    """What stands behind an instruction, wherever it is given."""
    return [line.removeprefix(word).strip() for line in container() if line.startswith(f"{word} ")]


def test_the_builder_of_the_container_sees_what_is_copied_and_nothing_else() -> None:
    copied = {name for line in after("COPY") for name in line.split()[:-1]}
    assert {"requirements.lock", "survey", "reports", "wsgi.py", "deploy"} <= copied
    seen = (ROOT / "deploy" / "Containerfile.dockerignore").read_text("utf-8").splitlines()
    assert "*" in seen
    assert {line[1:] for line in seen if line.startswith("!")} == copied
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_the_container_has_the_packages_of_the_list_and_is_what_the_units_start() -> None:
    [install] = [line for line in after("RUN") if "apt-get" in line]
    assert "xargs apt-get install -y --no-install-recommends < /tmp/apt.txt" in install
    unit = (UNITS / "meinungsbild.service").read_text("utf-8")
    [start] = re.findall(r"^ExecStart=(.*)$", unit, re.MULTILINE)
    [user] = re.findall(r"^User=(.*)$", unit, re.MULTILINE)
    command = json.loads(after("CMD")[0])
    there = after("WORKDIR")[0]
    assert there == OPT
    # A container may have no disk but its home; what gunicorn's processes say they say in memory.
    ours = [word for word in command if word not in ("--worker-tmp-dir", "/dev/shm")]
    assert [word.removeprefix(f"{OPT}/") for word in shlex.split(start)] == [
        f".venv/bin/{ours[0]}",
        *ours[1:],
    ]
    assert after("USER") == [user]
    assert f"useradd --system --home-dir {HOME} --shell /usr/sbin/nologin {user}" in install
    assert f"install -d -m 700 -o {user} -g {user} {HOME}" in install
    assert after("VOLUME") == [HOME]


def test_the_environment_of_the_container_is_in_the_reference_and_fits_its_port() -> None:
    [given] = after("ENV")
    variables = dict(word.split("=", 1) for word in given.split())
    table = (ROOT / "deploy" / "README.md").read_text("utf-8")
    ours = ("MEINUNGSBILD_", "MALLOC_")
    own = [name for name in variables if name.startswith(ours)]
    assert [name for name in own if f"| `{name}` |" not in table] == []
    assert variables["MEINUNGSBILD_HOME"] == HOME
    unit = (UNITS / "meinungsbild.service").read_text("utf-8")
    heaps = re.findall(r"^Environment=MALLOC_ARENA_MAX=(.*)$", unit, re.MULTILINE)
    assert heaps == [variables["MALLOC_ARENA_MAX"]]
    [port] = after("EXPOSE")
    assert variables["MEINUNGSBILD_BIND"].endswith(f":{port}")
    [health] = [line for line in container() if line.startswith("HEALTHCHECK")]
    asked = json.loads(health[health.index("[") :])
    assert f"http://127.0.0.1:{port}/" in asked[-1]
    compile(asked[-1], "healthcheck", "exec")
    # Its root may be read-only: what is written beside the home goes to a file system in memory.
    assert variables["XDG_CACHE_HOME"] == "/tmp"
    how = (ROOT / "deploy" / "Containerfile").read_text("utf-8").partition("FROM")[0]
    for part in ("--read-only --tmpfs /tmp", "--cap-drop ALL", "no-new-privileges"):
        assert part in how
    assert f"-v meinungsbild:{HOME}" in how


def test_the_container_takes_every_library_by_its_hash_and_runs_without_rights() -> None:
    lines = container()
    text = "\n".join(lines)
    installs = [part for line in lines for part in line.split("&&") if "pip install" in part]
    # Every library comes by its hash; the program itself brings none along.
    assert all("--require-hashes" in part or "--no-deps" in part for part in installs)
    users = [line.split()[1] for line in lines if line.startswith("USER")]
    assert users == ["meinungsbild"]
    assert lines.index("USER meinungsbild") < next(
        place for place, line in enumerate(lines) if line.startswith("CMD")
    )
    [script] = re.findall(r"awk '(.*?)' requirements-test\.lock", text)
    found = subprocess.run(
        ["awk", script, "requirements-test.lock"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    names = re.findall(r"^([a-z-]+)==", found, re.MULTILINE)
    assert names == ["psycopg", "psycopg-binary"]
    assert found.count("--hash=") >= 4
