"""Commands with bad arguments: a sentence and exit code 1, never a traceback, nothing written."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from people.models import Role, Unit, User
from tests.factories.people import UnitFactory, UserFactory, grant

pytestmark = [pytest.mark.django_db, pytest.mark.once, pytest.mark.xdist_group("bad-commands")]
ROOT = Path(settings.BASE_DIR)


@pytest.fixture
def office(reference: None) -> User:
    city = UnitFactory(code="YS", name="云山市")
    person = UserFactory(work_number="PX001", unit=city)
    grant(person, Role.TRAINING_OFFICE, city)
    return person


def people_and_units() -> tuple[int, int]:
    return User.objects.count(), Unit.objects.count()


def refused(*words: Any) -> str:
    """The sentence with which a command ends; nobody and no unit was written."""
    before = people_and_units()
    with pytest.raises(CommandError) as refusal:
        call_command(*map(str, words), stdout=StringIO())
    assert people_and_units() == before and refusal.value.returncode == 1
    sentence = str(refusal.value)
    assert sentence.endswith("。") and "Traceback" not in sentence and "Errno" not in sentence, sentence
    return sentence


ROSTER = "姓名,工号,单位\n示范甲,ZZ0001,云山市\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "good.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "empty.csv").write_bytes(b"")
    (tmp_path / "blank.csv").write_text("\n\n \n", encoding="utf-8")
    (tmp_path / "binary.csv").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "nul.csv").write_text("姓名,工号,单位\n示\x00范,ZZ0002,云山市\n", encoding="utf-8")
    (tmp_path / "program.xlsx").write_bytes(b"MZ\x90\x00 a program")
    (tmp_path / "half.xlsx").write_bytes(b"PK\x03\x04" + b"\x00" * 60)
    (tmp_path / "half.xls").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600)
    (tmp_path / "letter.docx").write_bytes(b"PK\x03\x04 letter")
    (tmp_path / "units.csv").write_text("名称甲,乙\n云山市,1\n", encoding="utf-8")
    return tmp_path


BAD_FILES = ("nowhere.xlsx", ".", "empty.csv", "blank.csv", "binary.csv", "nul.csv", "program.xlsx", "half.xlsx",
             "half.xls", "letter.docx", "units.csv")  # fmt: skip


@pytest.mark.parametrize("name", BAD_FILES)
@pytest.mark.parametrize("more", [(), ("--json",), ("--dry-run",)], ids=["plain", "json", "dry"])
def test_a_roster_that_cannot_be_read(name: str, more: tuple[str, ...], office: User, files: Path):
    refused("import_roster", files / name, *more)


@pytest.mark.parametrize("units", ["nowhere.csv", ".", "empty.csv", "units.csv", "program.xlsx"])
def test_a_file_of_units_that_cannot_be_read(units: str, office: User, files: Path):
    refused("import_roster", files / "good.csv", "--units", files / units)
    assert not User.objects.filter(work_number="ZZ0001").exists()


@pytest.mark.parametrize("words", [("--cohort", "没有这个班"), ("--actor", "nobody"), ("--actor", "🌻" * 300)])
def test_a_class_or_an_actor_that_is_not_there(words: tuple[str, str], office: User, files: Path):
    refused("import_roster", files / "good.csv", *words)


def test_without_anybody_in_whose_name(db: None, files: Path):
    assert "--actor" in refused("import_roster", files / "good.csv")


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("", ""),
        ("laws.yaml", "{"),
        ("laws.yaml", "just words"),
        ("laws.yaml", "- 1\n- [2]\n"),
        ("laws.yaml", "- {title: 法}\n"),
        ("laws.yaml", "\x00"),
        ("laws.yaml", ""),
    ],
)
def test_a_curriculum_that_is_none(file: str, text: str, office: User, tmp_path: Path):
    if file:
        (tmp_path / file).write_text(text, encoding="utf-8")
    refused("load_curriculum", "--as", office.work_number, "--publish-as", office.work_number, "--from", tmp_path)


def test_a_curriculum_of_nobodys(db: None):
    assert "nobody" in refused("load_curriculum", "--as", "nobody", "--publish-as", "nobody")


def run(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    values = {**os.environ, "LINGHANG_VAR": str(folder)}
    return subprocess.run([sys.executable, *words], env=values, cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--roster", "nowhere.xlsx"), "ROSTER=nowhere.xlsx"),
        (("--roster", "."), "ROSTER=."),
        (("--units", "nowhere.csv"), "UNITS=nowhere.csv"),
        (("--seed", "seven"), "SEED=seven"),
        (("--seed", "²"), "SEED=²"),
        (("--seed=-1",), "SEED=-1"),
        (("--seed", "9" * 30), "SEED=99"),
        (("--host", "http://10.0.0.5:8000/"), "HOST=http"),
        (("--host", "two words"), "HOST=two words"),
    ],
)
def test_the_demo_names_the_wrong_argument(words: tuple[str, ...], said: str, tmp_path: Path):
    ended = run("scripts/demo.py", "--serve", "0", *words, folder=tmp_path)
    assert ended.returncode == 1 and ended.stderr.startswith(said), ended.stderr
    assert "for example" in ended.stderr and "Traceback" not in ended.stderr
    assert list(tmp_path.iterdir()) == []
