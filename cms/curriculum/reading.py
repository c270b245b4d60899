"""The curriculum's files as values: what the YAML says, checked, without a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from core.errors import DomainError

HERE = Path(__file__).resolve().parent
UNCHECKED = "未核对"
RawBody = list[dict[str, Any]]


@dataclass(frozen=True)
class LawEntry:
    """A row of the table of laws; what was not checked is None or an empty string."""

    title: str
    short: str
    kind: str
    number: str
    issuer: str
    adopted: date | None
    effective: date | None
    revised: tuple[date, ...]
    status: str
    articles: int | None
    checked_against: str


@dataclass(frozen=True)
class QuestionEntry:
    key: str
    kind: str
    indicator: str
    difficulty: int
    stem: str
    options: tuple[str, ...]
    answer: tuple[int, ...]
    explanation: str


@dataclass(frozen=True)
class CheckEntry:
    pass_mark: int
    questions: tuple[QuestionEntry, ...]


@dataclass(frozen=True)
class LessonEntry:
    key: str
    title: str
    kind: str
    required: bool
    video: str
    captions: str
    body: RawBody
    check: CheckEntry | None
    cues: tuple[tuple[int, QuestionEntry], ...] = ()  # questions on the way through the film, each at its second

    @property
    def case_keys(self) -> set[str]:
        """The cases that the lesson leads to."""
        return {block["case"] for block in self.body if "case" in block}


@dataclass(frozen=True)
class ModuleEntry:
    title: str
    lessons: tuple[LessonEntry, ...]


@dataclass(frozen=True)
class CourseEntry:
    key: str
    title: str
    track: str
    summary: str
    lecturer: str
    hours: Decimal
    notice: str
    outcomes: tuple[tuple[str, str], ...]
    modules: tuple[ModuleEntry, ...]

    @property
    def lessons(self) -> list[LessonEntry]:
        return [lesson for module in self.modules for lesson in module.lessons]


@dataclass(frozen=True)
class CaseEntry:
    key: str
    title: str
    track: str
    indicators: tuple[str, ...]
    summary: str
    notice: str
    background: str
    process: str
    figures: dict[str, Any]
    result: str
    discussion: tuple[str, ...]
    teaching: str
    sources: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class LibraryEntry:
    key: str
    law: str
    summary: str
    points: tuple[dict[str, str], ...]
    practice: str
    related_courses: tuple[str, ...]
    notice: str


@dataclass(frozen=True)
class PageEntry:
    """A page of plain words: an overview, a track, or a standing page with sections."""

    slug: str
    title: str
    summary: str
    notice: str
    body: RawBody
    track: str = ""


@dataclass(frozen=True)
class SiteEntry:
    """What the public site always has."""

    home: dict[str, str]
    tracks_page: PageEntry
    cases_page: PageEntry
    laws_page: PageEntry
    tracks: tuple[PageEntry, ...]
    pages: tuple[PageEntry, ...]


@dataclass(frozen=True)
class Curriculum:
    """Everything below one folder, with where its files lie."""

    root: Path
    laws: tuple[LawEntry, ...]
    bank: tuple[QuestionEntry, ...]
    courses: tuple[CourseEntry, ...]
    cases: tuple[CaseEntry, ...]
    library: tuple[LibraryEntry, ...]
    site: SiteEntry

    def media(self, name: str) -> Path:
        return self.root / "media" / name


class Fields:
    """One mapping of a file; what it lacks is named together with the file."""

    def __init__(self, source: str, values: Any) -> None:
        if not isinstance(values, dict):
            raise DomainError(f"课程文件 {source} 的格式不对，请对照其他文件修改。")
        self.source = source
        self.values = values

    def __getitem__(self, name: str) -> Any:
        value = self.values.get(name)
        if value in (None, ""):
            raise DomainError(f"课程文件 {self.source} 缺少“{name}”一项，请补上后再载入。")
        return value

    def get(self, name: str, default: Any = "") -> Any:
        value = self.values.get(name)
        return default if value is None else value

    def each(self, name: str) -> list[Fields]:
        return [Fields(self.source, value) for value in self[name]]


def checked(value: Any) -> Any:
    """None for what the file marks as not checked."""
    return None if value in (None, UNCHECKED) else value


def law(fields: Fields) -> LawEntry:
    return LawEntry(
        title=fields["title"],
        short=fields["short"],
        kind=fields["kind"],
        number=checked(fields["number"]) or "",
        issuer=checked(fields["issuer"]) or "",
        adopted=checked(fields["adopted"]),
        effective=checked(fields["effective"]),
        revised=tuple(fields.get("revised", [])),
        status=fields["status"],
        articles=fields.get("articles", None),
        checked_against=fields["checked_against"],
    )


def question(fields: Fields, *, key: str = "") -> QuestionEntry:
    return QuestionEntry(
        key=key or fields["key"],
        kind=fields["kind"],
        indicator=fields["indicator"],
        difficulty=fields.get("difficulty", 2),
        stem=str(fields["stem"]).strip(),
        options=tuple(str(option) for option in fields["options"]),
        answer=tuple(fields["answer"]),
        explanation=str(fields["explanation"]).strip(),
    )


def check(fields: Fields, lesson_key: str) -> CheckEntry:
    entries = fields.each("questions")
    numbered = [question(entry, key=f"{lesson_key}-q{number}") for number, entry in enumerate(entries, 1)]
    return CheckEntry(fields["pass_mark"], tuple(numbered))


def lesson(fields: Fields) -> LessonEntry:
    check_of_lesson = fields.get("check", None)
    return LessonEntry(
        key=fields["key"],
        title=fields["title"],
        kind=fields["kind"],
        required=fields.get("required", True),
        video=fields.get("video"),
        captions=fields.get("captions"),
        body=fields["body"],
        check=check(Fields(fields.source, check_of_lesson), fields["key"]) if check_of_lesson else None,
        cues=cues(fields) if fields.get("cues", None) else (),
    )


def cues(fields: Fields) -> tuple[tuple[int, QuestionEntry], ...]:
    found = fields.each("cues")
    return tuple((int(one["at"]), question(one, key=f"{fields['key']}-at-{one['at']}")) for one in found)


def module(fields: Fields) -> ModuleEntry:
    return ModuleEntry(fields["title"], tuple(lesson(entry) for entry in fields.each("lessons")))


def course(fields: Fields) -> CourseEntry:
    return CourseEntry(
        key=fields["key"],
        title=fields["title"],
        track=fields["track"],
        summary=fields["summary"],
        lecturer=fields.get("lecturer"),
        hours=Decimal(str(fields["hours"])),
        notice=fields.get("notice"),
        outcomes=tuple((entry["indicator"], entry["text"]) for entry in fields.each("outcomes")),
        modules=tuple(module(entry) for entry in fields.each("modules")),
    )


def case(fields: Fields) -> CaseEntry:
    return CaseEntry(
        key=fields["key"],
        title=fields["title"],
        track=fields["track"],
        indicators=tuple(fields["indicators"]),
        summary=fields["summary"],
        notice=fields.get("notice"),
        background=fields["background"],
        process=fields["process"],
        figures=fields["figures"],
        result=fields["result"],
        discussion=tuple(fields["discussion"]),
        teaching=fields.get("teaching"),
        sources=tuple({"title": one["title"], "note": one.get("note")} for one in fields.each("sources")),
    )


def library_entry(fields: Fields) -> LibraryEntry:
    return LibraryEntry(
        key=fields["key"],
        law=fields["law"],
        summary=fields["summary"],
        points=tuple(
            {"article": str(one["article"]), "heading": one["heading"], "text": one["text"]}
            for one in fields.each("points")
        ),
        practice=fields["practice"],
        related_courses=tuple(fields.get("related_courses", [])),
        notice=fields.get("notice"),
    )


def page(fields: Fields) -> PageEntry:
    sections = [{"section": section} for section in fields.get("sections", [])]
    return PageEntry(
        slug=fields["slug"],
        title=fields["title"],
        summary=fields["summary"],
        notice=fields.get("notice"),
        body=sections or fields.get("intro", []),
        track=fields.get("track"),
    )


def site(root: Path) -> SiteEntry:
    fields = Fields("site.yaml", _load(root / "site.yaml"))
    overview = {name: page(Fields("site.yaml", fields[name])) for name in ("tracks_page", "cases_page", "laws_page")}
    home = Fields("site.yaml", fields["home"])
    return SiteEntry(
        home={"title": home["title"], "heading": home["heading"], "lede": home["lede"], "notice": home.get("notice")},
        tracks=tuple(map(page, fields.each("tracks"))),
        pages=tuple(map(page, _files(root, "pages"))),
        **overview,
    )


def _load(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DomainError(f"课程文件 {path.name} 读不出来，请检查它的格式。") from error


def _files(root: Path, folder: str) -> Iterable[Fields]:
    return (Fields(path.name, _load(path)) for path in sorted((root / folder).glob("*.yaml")))


def _rows(path: Path) -> Iterable[Fields]:
    rows = _load(path) if path.exists() else []
    if not isinstance(rows, list):
        raise DomainError(f"课程文件 {path.name} 应为一张清单，请检查它的格式。")
    return (Fields(path.name, row) for row in rows)


def read(root: Path = HERE) -> Curriculum:
    """Every file below ``root``; a file that is not as it should be is refused with its name."""
    if not (root / "laws.yaml").exists():
        raise DomainError(f"没有找到课程目录 {root.name}，请检查路径。")
    banks = [row for path in sorted((root / "questions").glob("*.yaml")) for row in _rows(path)]
    return Curriculum(
        root=root,
        laws=tuple(map(law, _rows(root / "laws.yaml"))),
        bank=tuple(question(row) for row in banks),
        courses=tuple(map(course, _files(root, "courses"))),
        cases=tuple(map(case, _files(root, "cases"))),
        library=tuple(map(library_entry, _files(root, "library"))),
        site=site(root),
    )
