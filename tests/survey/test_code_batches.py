"""Codes for the printer: what stands on paper, what is stored, what a failure leaves."""

from __future__ import annotations

import io
import re
import stat
import subprocess
from collections import Counter
from pathlib import Path

import pikepdf
import pytest
import verapdf
from urn_example import add, files_of

from survey import codes, links
from survey.cli import run, survey
from survey.code_batches import print_codes, read_groups
from survey.code_cards import Form, Imprint, codes_pdf, set_codes
from survey.errors import DataError, SurveyError
from survey.home import CODE_KEY, Home
from survey.stamping import SPECIMENS, specimens, stamped

CODE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]\b")
IMPRINT = Imprint(
    "Wie arbeiten wir morgen? Umfrage <Leitbild>",
    "https://umfrage.musterstadt.example/s/staff/",
    "Stadt Musterstadt",
    "Projektteam, Telefon 0000 12345",
    "29. Mai 2027, 18 Uhr",
    "Die Teilnahme ist freiwillig.",
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    add(home, "staff")
    return home


def printed(path: Path) -> list[str]:
    command = ["pdftotext", "-layout", str(path), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return CODE.findall(text)


def test_every_printed_code_is_live_and_only_its_keyed_digest_is_stored(
    home: Home, tmp_path: Path
) -> None:
    out = tmp_path / "cards"
    told: list[int] = []
    counts = {"Grünflächen": 52, "Schulen": 50}
    print_codes(home, "staff", counts, IMPRINT, Form.CARDS, out, told.append)
    assert told[-1] == 102
    found = {path.name: printed(path) for path in sorted(out.glob("*.pdf"))}
    assert {name: len(drawn) for name, drawn in found.items()} == {
        "cards-001-grunflachen-001.pdf": 52,
        "cards-002-schulen-001.pdf": 50,
    }
    drawn = [code for part in found.values() for code in part]
    key = home.secret(CODE_KEY)
    with links.reading(home) as link:
        for code in drawn:
            digest = codes.digest(key, "staff", codes.normalise(code))
            assert codes.is_live(link, "staff", digest)
    assert dict(codes.counts(home, "staff")) == counts
    for content in files_of(home.path).values():
        assert not [c for c in drawn if c.encode() in content]
        assert not [c for c in drawn if c.replace("-", "").encode() in content]
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    lines = (out / "batches.csv").read_text().splitlines()
    assert lines[1] == "cards-001-grunflachen-001.pdf,Grünflächen,52"
    assert not CODE.search("\n".join(lines))


def test_a_commit_that_fails_leaves_neither_files_nor_codes(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: links.Link) -> None:
        raise SurveyError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(links.Link, "commit", fail)
        with pytest.raises(SurveyError, match="disk is full"):
            print_codes(home, "staff", {"": 3}, IMPRINT, Form.CARDS, tmp_path / "cards")
    assert not list(tmp_path.glob("*cards*"))
    assert codes.counts(home, "staff") == []


def test_all_small_groups_are_refused_at_once(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "groups.csv"
    path.write_text("group;codes\nSchulen;700\nPrüfung;9\nKämmerei;49\nSchulen;60\npaper;60\nX;y\n")
    with pytest.raises(DataError) as caught:
        read_groups(path)
    assert [problem.line for problem in caught.value.problems] == [3, 4, 5, 6, 7]
    assert "Prüfung has 9 codes; a reporting group has at least 50" in str(caught.value)
    with pytest.raises(SurveyError, match="at least 50"):
        print_codes(home, "staff", {"Prüfung": 9}, IMPRINT, Form.CARDS, tmp_path / "cards")
    assert not (tmp_path / "cards").exists()


def test_nothing_but_the_code_tells_two_cards_apart() -> None:
    from survey.print_pdf import templates

    drawn = codes.draw(10)
    template = templates().get_template("print/cards.html")
    html = template.render(pages=[drawn], imprint=IMPRINT)
    cards = [part.partition("</section>")[0] for part in html.split('<section class="card">')[1:]]
    blank = Counter(card.replace(code, "") for card, code in zip(cards, drawn, strict=True))
    assert len(blank) == 1
    assert "&lt;Leitbild&gt;" in html


@pytest.mark.parametrize("form", list(Form))
def test_cards_and_letters_are_accessible_pdf_in_a4(root: Path, tmp_path: Path, form: Form) -> None:
    # Enough for pages that are stamped.
    drawn = codes.draw(6 * form.per_page + 2)
    out = tmp_path / "out.pdf"
    out.write_bytes(codes_pdf(drawn, IMPRINT, form))
    assert printed(out) == drawn or sorted(printed(out)) == sorted(drawn)
    facts = subprocess.run(["pdfinfo", out], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Page size: .*\(A4\)", facts)
    assert re.search(rf"Pages: +{7 if form is Form.CARDS else 8}\b", facts)
    verdict = verapdf.judged(verapdf.compiled(root, tmp_path), out, "PDFUA-1")
    assert verdict.compliant, verdict.rules


@pytest.mark.parametrize("form", list(Form))
def test_a_stamped_page_looks_like_a_set_one(tmp_path: Path, form: Form) -> None:
    drawn = codes.draw(6 * form.per_page + 1)
    pages = [drawn[start : start + form.per_page] for start in range(0, len(drawn), form.per_page)]
    made, all_set = tmp_path / "stamped.pdf", tmp_path / "set.pdf"
    made.write_bytes(codes_pdf(drawn, IMPRINT, form))
    all_set.write_bytes(set_codes(pages, IMPRINT, form))
    found, wanted = words_with_places(made), words_with_places(all_set)
    assert [(page, word) for page, word, _ in found] == [(page, word) for page, word, _ in wanted]
    for (*_, place), (*_, expected) in zip(found, wanted, strict=True):
        assert place == pytest.approx(expected, abs=0.3)
    assert {word for _, word, _ in found} >= set(drawn)


@pytest.mark.parametrize("form", list(Form))
def test_a_stamped_page_keeps_its_tags(tmp_path: Path, form: Form) -> None:
    drawn = codes.draw(6 * form.per_page + 1)
    out, again = tmp_path / "stamped.pdf", tmp_path / "set.pdf"
    out.write_bytes(codes_pdf(drawn, IMPRINT, form))
    pages = [drawn[start : start + form.per_page] for start in range(0, len(drawn), form.per_page)]
    again.write_bytes(set_codes(pages, IMPRINT, form))
    read, wanted = tagged_text(out), tagged_text(again)
    assert read == wanted
    assert CODE.findall(read) == drawn


def test_no_specimen_is_left_and_a_page_without_specimens_is_refused() -> None:
    drawn = codes.draw(7)
    made = codes_pdf(drawn, IMPRINT, Form.LETTERS)
    with pikepdf.open(io.BytesIO(made)) as document:
        assert len(document.pages) == 7
        assert len({page.Contents.read_bytes() for page in document.pages}) == 7
    assert set("".join(SPECIMENS)) == {*codes.ALPHABET, "-"}
    other = [[code] for code in codes.draw(5)]
    assert len(specimens(1)) == 3
    plain = set_codes(other, IMPRINT, Form.LETTERS)
    with pytest.raises(SurveyError, match="cannot be read"):
        stamped(plain, 1, other, centred=True)
    with pytest.raises(SurveyError, match="cannot be found"):
        stamped(plain, 1, [["A"] * 10] * 3, centred=False)


def words_with_places(path: Path) -> list[tuple[int, str, tuple[float, ...]]]:
    """Every word of a PDF with its page and its four edges in points."""
    command = ["pdftotext", "-bbox", str(path), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = []
    for number, page in enumerate(text.split("<page ")[1:], start=1):
        for *edges, word in re.findall(
            r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>', page
        ):
            found.append((number, word, tuple(float(edge) for edge in edges)))
    return found


def tagged_text(path: Path) -> str:
    """What a screen reader gets: the tags of a PDF with their text."""
    command = ["pdfinfo", "-struct-text", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_command_prints_cards_with_the_address_of_the_study(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "cards"
    command = ["--home", str(home.path), "codes", "create", "staff", "-n", "11"]
    assert run(survey, [*command, "--cards", str(out)], "survey") == 2
    address = ["--address", "https://umfrage.example"]
    assert run(survey, [*command, "--cards", str(out), *address], "survey") == 0
    told = capsys.readouterr()
    assert "11 codes of staff are in" in told.out
    assert "printing 11 codes: 100 %" in told.err
    assert not CODE.search(told.out + told.err)
    text = subprocess.run(
        ["pdftotext", out / "cards-001.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "umfrage.example/s/staff" in text.replace("\n", "")
    assert run(survey, [*command, "--cards", str(out), *address], "survey") == 1
    assert dict(codes.counts(home, "staff")) == {"": 11}
