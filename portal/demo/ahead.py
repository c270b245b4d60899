"""What lies before the office: next year's plan with a class that is being filled, a change, a claim of hours."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.core.files.uploadedfile import SimpleUploadedFile

from cohorts.services import appoint
from core.drawing import draw_table_document
from core.uploads import checked_upload
from courses.models import Track
from people.models import Unit, User
from people.ranks import Regime
from people.scopes import managed_condition
from planning.models import PlannedClass, TrainingPlan
from planning.reading.call_facts import audience_of, eligible_people
from planning.services.calls import open_call_up
from planning.services.costs import install_sample_standard
from planning.services.founding import found_class
from planning.services.nominations import nominate_many
from planning.services.plan_approval import approve_plan, submit_plan
from planning.services.plan_changes import ask_change
from planning.services.plans import add_class, create_plan
from planning.services.quotas import set_quotas
from portal.demo.calendar import Week
from portal.demo.stage import Stage
from records.services import hand_in_claim
from records.services.outlooks import rebuild_everybody

CLASSES = [
    # month, title, theme, regime, places, yuan per person and day
    (3, "数字政府与依法行政领航班", Track.DIGITAL, Regime.JUNIOR, 12, 520),
    (5, "服务质量与公众参与领航班", Track.SERVICE, Regime.JUNIOR, 40, 540),
    (9, "依法决策与合法性审查领航班", Track.LAW, Regime.SENIOR, 30, 545),
    (11, "青年干部能力提升领航班", Track.TALENT, Regime.JUNIOR, 50, 500),
]
MOST_BYTES = 1024 * 1024
NAMED = 2  # people whom the unit's administrator names for the first class


def look_ahead(stage: Stage) -> None:
    """After the accounts of the units are there."""
    with stage.week.at(11, 9):
        install_sample_standard(actor=stage.cast["training_office"])
        plan = _approved_plan(stage)
    lines = list(plan.classes.order_by("position"))
    _fill(stage, lines[0])
    _ask(stage, lines[1])
    _claim(stage)
    rebuild_everybody()
    stage.progress("编制下一年计划", 1, 1)


def _approved_plan(stage: Stage) -> TrainingPlan:
    assert stage.root
    office, year = stage.cast["training_office"], stage.today.year + 1
    plan = create_plan(actor=office, unit=stage.root, year=year, title=f"云山市{year}年领航班培训计划", synthetic=True)
    for line in CLASSES:
        add_class(actor=office, plan=plan, **_facts(year, *line))
    plan.refresh_from_db()
    submit_plan(actor=office, plan=plan, version=plan.version)
    plan.refresh_from_db()
    number = f"云组发〔{stage.today.year}〕第41号"
    return approve_plan(actor=stage.cast["leader"], plan=plan, version=plan.version, document_no=number)


def _facts(
    year: int, month: int, title: str, theme: Track, regime: Regime, places: int, cost: int
) -> dict[str, object]:
    first = date(year, month, 10)
    week = Week(first - timedelta(days=first.weekday()))
    return {
        "title": title, "intake_no": 4 if month == 3 else 1, "theme": theme, "regime": regime, "places": places,
        "audience": "市直部门科级干部" if regime == Regime.JUNIOR else "市直部门县处级领导干部",
        "starts_on": week.day(0), "ends_on": week.day(4), "days": Decimal(5), "hours": Decimal(40),
        "venue": "云山市领航干部学院（虚构）", "fee_class": "third", "budget": Decimal(places * 5 * cost),
    }  # fmt: skip


def _fill(stage: Stage, planned: PlannedClass) -> None:
    """The first class is founded, its places are shared out, one unit has named people."""
    office, admin = stage.cast["training_office"], stage.cast["unit_admin"]
    cohort = found_class(actor=office, planned=planned)
    appoint(actor=office, cohort=cohort, user=stage.cast["class_teacher"], duty="teacher")
    call_up = cohort.call_up
    units = Unit.objects.filter(pk__in=[user.unit_id for user in stage.people])
    each = max(1, planned.places // len(units))
    set_quotas(actor=office, call_up=call_up, places=dict.fromkeys(units[: planned.places], each))
    open_call_up(actor=office, call_up=call_up)
    within = User.objects.active().filter(managed_condition(admin, ("unit_admin",))).exclude(pk=admin.pk)
    people = eligible_people(within, audience_of(call_up)).order_by("work_number")[:NAMED]
    nominate_many(actor=admin, call_up=call_up, users=people, reason="承担数据共享协调工作", skip_refused=True)


def _ask(stage: Stage, planned: PlannedClass) -> None:
    ask_change(
        actor=stage.cast["training_office"], planned=planned, version=planned.version, reason="报名需求增加，扩大规模",
        places=planned.places + 10, budget=planned.budget + Decimal(10 * 5 * 540),
    )  # fmt: skip


def _claim(stage: Stage) -> None:
    """The cadre of the demo claims hours of a class held elsewhere."""
    rows = [["学时", "24"], ["天数", "3"]]
    drawn = draw_table_document("结业证明（示范）", "省行政学院（虚构）", ["项目", "内容"], rows)
    proof = checked_upload(SimpleUploadedFile("结业证明.pdf", drawn), kinds=("pdf",), max_bytes=MOST_BYTES)
    ended = stage.week.day(-60)
    hand_in_claim(
        actor=stage.cast["trainee"], bucket="central", category="special", mode="off_job", days=Decimal(3),
        hours=Decimal(24), starts_on=ended - timedelta(days=2), ends_on=ended, title="数据安全专题研修班",
        organiser="省行政学院（虚构）", certificate_no="省行院结〔示范〕第0312号",
        file=proof, declared=True,
    )  # fmt: skip
