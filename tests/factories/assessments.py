"""A synthetic question bank, exams with seats, and tasks with a rubric; the same every time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from assessments import services
from assessments.models import (
    Attempt,
    Blueprint,
    BlueprintLine,
    Exam,
    QuestionKind,
    QuestionVersion,
    Rubric,
    RubricCriterion,
    Task,
)
from competencies.models import Indicator, Phase
from competencies.services import load_framework
from core import clock
from people.models import Role, User
from tests.factories.people import UserFactory

_number = count(1)
OPTIONS = {
    QuestionKind.SINGLE: (["甲方案", "乙方案", "丙方案", "丁方案"], [2]),
    QuestionKind.MULTIPLE: (["甲措施", "乙措施", "丙措施", "丁措施"], [0, 3]),
    QuestionKind.JUDGE: (["正确", "错误"], [1]),
}


def office() -> User:
    """Somebody of the training office."""
    held = User.objects.holding(Role.TRAINING_OFFICE).order_by("pk").first()
    return held or UserFactory(role=Role.TRAINING_OFFICE)


def indicator(code: str = "C2") -> Indicator:
    return Indicator.objects.get(dimension__framework=load_framework(), code=code)


def make_question(kind: str = "single", code: str = "C2", difficulty: int = 1, **changes: Any) -> QuestionVersion:
    """A question of the kind with a key of its own."""
    number = next(_number)
    options, answer = OPTIONS.get(kind, OPTIONS["single"])
    said = {
        "actor": office(),
        "key": f"示{number:04d}",
        "kind": kind,
        "indicator": indicator(code),
        "difficulty": difficulty,
        "stem": f"示范试题{number}：下列说法哪一项符合要求？",
        "options": options,
        "answer": answer,
        "explanation": f"示范解析{number}：依据示范办法第{number}条。",
    }
    return services.save_question(**{**said, **changes})


def make_bank(codes: Sequence[str] = ("C2", "E1"), kinds: Sequence[str] = QuestionKind.values, each: int = 4) -> None:
    """``each`` questions of every kind for every indicator."""
    for code in codes:
        for kind in kinds:
            for n in range(each):
                make_question(kind, code, difficulty=n % 3 + 1)


def make_blueprint(*lines: tuple[str, int, str], title: str = "示范组卷方案", codes: Sequence[str] = ()) -> Blueprint:
    """Lines of (kind, count, points); ``codes`` names the indicator of each line."""
    blueprint = Blueprint.objects.create(title=title)
    wanted = lines or (("single", 4, "10"), ("multiple", 2, "20"), ("judge", 2, "10"))
    for n, (kind, number, points) in enumerate(wanted):
        BlueprintLine.objects.create(
            blueprint=blueprint,
            kind=kind,
            count=number,
            points=Decimal(points),
            indicator=indicator(codes[n]) if n < len(codes) else None,
        )
    return blueprint


def make_exam(users: Iterable[User] = (), *, now: datetime | None = None, bank: bool = True, **changes: Any) -> Exam:
    """An exam of 60 minutes that opened an hour ago and closes in a day, with seats for the users."""
    moment = now or clock.now()
    if bank and "blueprint" not in changes:
        make_bank()
    said = {
        "actor": office(),
        "context_key": "trial:示范",
        "title": "结业测试（示范）",
        "phase": Phase.POST,
        "opens_at": moment - timedelta(hours=1),
        "closes_at": moment + timedelta(days=1),
        "minutes": 60,
        "pass_percent": Decimal(60),
    }
    blueprint = changes.pop("blueprint", None) or make_blueprint()
    exam = services.create_exam(**{**said, "blueprint": blueprint, **changes})
    services.seat(actor=office(), exam=exam, users=users)
    return exam


def answer_all(attempt: Attempt, *, wrong: Iterable[int] = (), leave: Iterable[int] = ()) -> None:
    """Answer the paper through the service: right, but ``wrong`` and not at all at the positions named."""
    wrong_ones, left = set(wrong), set(leave)
    items = attempt.items.select_related("version__question", "answer")
    for item in items:
        if item.position in left:
            continue
        key = item.version.answer
        other = [n for n in range(len(item.version.options)) if n not in key][:1]
        services.save_answer(
            user=attempt.seat.user,
            attempt=attempt,
            position=item.position,
            choice=other if item.position in wrong_ones else key,
            sequence=item.answer.sequence + 1,
        )


def sit(user: User, exam: Exam, *, wrong: Iterable[int] = (), leave: Iterable[int] = ()) -> Attempt:
    """Start, answer and hand in."""
    attempt = services.start_attempt(user=user, exam=exam, seed=user.pk)
    answer_all(attempt, wrong=wrong, leave=leave)
    return services.submit(user=user, attempt=attempt)


def make_rubric(*criteria: tuple[str, str, str]) -> Rubric:
    """Criteria of (indicator code, title, weight)."""
    rubric = Rubric.objects.create(title="案例分析评分标准（示范）")
    wanted = criteria or (("B3", "协同机制", "0.50"), ("C2", "数据共享", "0.30"), ("E1", "依法决策", "0.20"))
    for n, (code, title, weight) in enumerate(wanted):
        RubricCriterion.objects.create(
            rubric=rubric, indicator=indicator(code), title=title, weight=Decimal(weight), position=n
        )
    return rubric


def make_task(markers: Iterable[User], users: Iterable[User], **changes: Any) -> Task:
    """A task due in three days."""
    said = {
        "actor": office(),
        "context_key": "trial:示范",
        "title": "案例分析（示范）",
        "brief": "结合本单位实际，分析一个跨部门事项的办理流程，提出改进措施。",
        "due_at": clock.now() + timedelta(days=3),
    }
    rubric = changes.pop("rubric", None) or make_rubric()
    return services.create_task(**{**said, "rubric": rubric, "markers": markers, "users": users, **changes})


def levels(task: Task, *values: int) -> dict[int, Decimal]:
    """A level per criterion in the rubric's order."""
    return {c.pk: Decimal(v) for c, v in zip(task.rubric.criteria.all(), values, strict=True)}
