"""The year step by step, through the services that the screens call; the clock stands at each step's own day."""

from __future__ import annotations

from collections import defaultdict
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

from certificates.models import CertificateTemplate
from certificates.services import candidates, confirm_issuance, create_template
from cohorts.models import Cohort, Half
from cohorts.services import advance, appoint, attach_paper, close, form_groups, register_members
from competencies.services import load_framework
from core import clock, jobs
from core.calendar import load_calendar
from core.drawing import draw_table_document
from core.models import CalendarDay
from courses.models import Track
from people import roster
from people.models import Posting, Role, Unit, User
from people.ranks import Regime
from people.services import create_person, grant_role
from people.start import start_url
from planning.models import CallUp, Nomination, PlannedClass, TrainingPlan
from planning.querysets.calls import UNITS
from planning.reading.call_facts import audience_of, eligible_people
from planning.services.calls import change_call_up, open_call_up
from planning.services.costs import install_sample_standard
from planning.services.founding import found_class, last_day_to_nominate
from planning.services.needs import survey_needs
from planning.services.nominations import apply_for_class, nominate_many
from planning.services.places import confirm_many, queue_many
from planning.services.plan_approval import approve_plan, submit_plan
from planning.services.plan_copying import copy_plan
from planning.services.plans import add_class, create_plan
from planning.services.quotas import proposal, set_quotas
from planning.services.reviewing import review
from portal.demo import accounts, classroom
from portal.demo.calendar import Week
from portal.demo.stage import PASSWORD, Stage
from portal.demo.year import hours, town
from portal.demo.year.catalogue import Entry, entries
from portal.demo.year.weeks import class_weeks
from portal.snapshots import rebuild_all
from records.importing import order_import, stage_import
from records.services import install_first_policies
from records.services.outlooks import rebuild_everybody

ROOMS = ("领航楼三楼报告厅", "领航楼二楼201教室")
REASON = "工作需要，近期学时尚有缺口"
OPEN_PLACES, APPLICANTS = 20, 12
PER_PERSON_DAY = 520  # yuan of the plan's budget, below the standard
SIGNED_IN = (town.ROOT, "YS11", "YS51", "YS5101")  # administrators of the city and of three levels below
CASTING = {"teacher": "class_teacher", "lecturer": "lecturer"}
OPENS, PUBLISHES = -40, -7  # days from the first day of a class
REVIEWS, CONFIRMS = 3, 5  # days from the last day on which people may be named


@dataclass
class Year:
    """What the steps share: the stage of the demo, the administrators by unit, the classes with their weeks."""

    stage: Stage
    people: int = town.PEOPLE
    admins: dict[str, User] = field(default_factory=dict)
    weeks: list[Week] = field(default_factory=list)
    plan: TrainingPlan | None = None
    template: CertificateTemplate | None = None

    @property
    def office(self) -> User:
        return self.stage.cast["training_office"]

    @property
    def teacher(self) -> User:
        return self.stage.cast["class_teacher"]


def play(year: Year) -> None:
    """Every step of the year in its order."""
    for step in STEPS:
        step(year)


def _at(day: date) -> AbstractContextManager[None]:
    return Week(day).at(0, 9)


def set_up(year: Year) -> None:
    """Units of the house, the people who run it, framework, rules and calendar, as of the year's beginning."""
    stage, installer = year.stage, accounts.installer()
    with _at(date(stage.today.year - 1, 11, 2)):
        load_framework(actor=installer)
        install_first_policies(actor=installer)
        install_sample_standard(actor=installer)
        load_calendar()
        accounts.hire(stage, accounts.add_house(installer))
        classroom.furnish(stage)
    first, last = date(stage.today.year, 1, 1), date(stage.today.year, 12, 31)
    year.weeks = class_weeks(stage.today, CalendarDay.objects.exceptions(first, last))
    stage.progress("准备单位、人员和规则", 1, 1)


def import_city(year: Year) -> None:
    """The units and all cadres as one roster workbook."""
    places, installer = town.places(), accounts.installer()
    with _at(date(year.stage.today.year - 1, 11, 3)):
        data = town.roster_file(places, year.stage.seed, year.people)
        report = roster.preview(
            actor=installer, name="干部名册.xlsx", data=data, units=town.units_file(places), synthetic=True
        )
        roster.commit(actor=installer, report=report)
    year.stage.people = list(User.objects.filter(work_number__startswith="Y").order_by("work_number"))
    year.stage.progress("导入单位和干部名册", len(year.stage.people), len(year.stage.people))


def appoint_administrators(year: Year) -> None:
    """One administrator of the city, of each bureau and district, and of each bureau of the districts."""
    places = [p for p in town.places() if p.leads or p.code == town.ROOT]
    units = {unit.code: unit for unit in Unit.objects.all()}
    with _at(date(year.stage.today.year - 1, 11, 4)):
        for number, place in enumerate(year.stage.each("任命单位管理员", places)):
            user = create_person(
                actor=accounts.installer(), work_number=f"UA{number:03d}", name=f"管理员{number:02d}",
                unit=units[place.code], synthetic=True,
            )  # fmt: skip
            grant_role(actor=accounts.installer(), user=user, role=Role.UNIT_ADMIN, unit=units[place.code])
            year.admins[place.code] = user
    for code in SIGNED_IN:
        accounts.let_in(year.admins[code])
    accounts.let_in(year.stage.people[-1])


def import_old_hours(year: Year) -> None:
    """Five years of hours, a workbook for each year."""
    regimes = {posting.user_id: posting.regime for posting in Posting.objects.open()}
    this = year.stage.today.year
    for count, old in enumerate(range(this - hours.YEARS + 1, this + 1), 1):
        data = hours.workbook_of(year.stage, old, year.stage.people, regimes)
        staged, _plan = stage_import(actor=year.office, source=hours.SOURCE, name=f"{old}年学时.xlsx", data=data)
        if job := order_import(actor=year.office, staged=staged):
            jobs.run_now(job)
        year.stage.progress("导入历年学时", count, hours.YEARS)


def draw_up_plan(year: Year) -> None:
    """The annual plan with its twelve classes, handed in by the office and approved by the leader."""
    stage = year.stage
    with _at(date(stage.today.year - 1, 12, 1)):
        title = f"云山市{stage.today.year}年领航班培训计划（示范）"
        plan = create_plan(actor=year.office, unit=stage.root, year=stage.today.year, title=title, synthetic=True)
        for entry, week in zip(entries(), year.weeks, strict=True):
            add_class(actor=year.office, plan=plan, **_facts(entry, week))
        plan.refresh_from_db()
        submit_plan(actor=year.office, plan=plan, version=plan.version)
    with _at(date(stage.today.year - 1, 12, 8)):
        number = f"云组发〔{stage.today.year - 1}〕第41号"
        approve_plan(actor=stage.cast["leader"], plan=plan, version=plan.version, document_no=number)
    year.plan = plan
    stage.progress("编制并批准年度计划", 1, 1)


def _facts(entry: Entry, week: Week) -> dict[str, object]:
    return {
        "title": entry.title, "theme": entry.theme, "regime": entry.regime, "audience": entry.audience,
        "starts_on": week.day(0), "ends_on": week.day(4), "days": Decimal(5), "hours": Decimal(40),
        "places": entry.places, "venue": "云山市领航干部学院（虚构）", "fee_class": "third",
        "budget": Decimal(entry.places * 5 * PER_PERSON_DAY),
    }  # fmt: skip


def hold_classes(year: Year) -> None:
    """Each class as far as it has come by today: closed, running, filled, being filled, founded, planned."""
    assert year.plan
    lines = list(year.plan.classes.order_by("position"))
    for entry, week, planned in year.stage.each("办班", list(zip(entries(), year.weeks, lines, strict=True))):
        _hold(year, entry, week, planned)


def _hold(year: Year, entry: Entry, week: Week, planned: PlannedClass) -> None:
    """The steps whose day has come; what ends a day has to wait until the day is over."""
    with week.at(OPENS, 9):
        named = (last_day_to_nominate(week.monday) - week.monday).days
    morning = (
        (OPENS, found_and_open), (named, name), (named + REVIEWS, pass_on), (named + CONFIRMS, confirm),
        (PUBLISHES, publish),
    )  # fmt: skip
    evening = (*((day, call_roll) for day in range(5)), (4, end), (7, issue))
    steps = [(day, 10, step) for day, step in (*morning, (0, begin))] + [(day, 18, step) for day, step in evening]
    for day, hour, step in steps:
        if week.day(day) > year.stage.today or (hour == 18 and week.day(day) == year.stage.today):
            return
        with week.at(day, 8 if step is begin else hour):
            step(year, entry, week, planned)
        planned.refresh_from_db()


def found_and_open(year: Year, entry: Entry, week: Week, planned: PlannedClass) -> None:
    cohort = found_class(actor=year.office, planned=planned)
    for duty, role in CASTING.items():
        appoint(actor=year.office, cohort=cohort, user=year.stage.cast[role], duty=duty)
    call_up = cohort.call_up
    set_quotas(actor=year.office, call_up=call_up, places=proposal(call_up=call_up))
    open_call_up(actor=year.office, call_up=call_up)


def name(year: Year, entry: Entry, week: Week, planned: PlannedClass) -> None:
    """Each unit names as many as it has places for; the administrator nearest to somebody names them."""
    call_up = CallUp.objects.get(cohort=planned.cohort)
    for quota in call_up.quotas.select_related("unit"):
        for admin, people in _chosen(year, call_up, quota.unit, quota.places).items():
            nominate_many(
                actor=admin, call_up=call_up, users=people, reason="工作需要，近期学时尚有缺口", skip_refused=True
            )


def _chosen(year: Year, call_up: CallUp, unit: Unit, places: int) -> dict[User, list[User]]:
    """So many eligible people of the unit, by the administrator nearest to them who reaches them."""
    chance, found = year.stage.chance("named", call_up.pk, unit.code), defaultdict(list)
    left = places
    for admin in sorted(year.admins.values(), key=lambda one: -len(one.unit.path)):
        within = User.objects.active().managed_by_grants(admin, UNITS).within(unit).exclude(pk=admin.pk)
        taken = {user.pk for users in found.values() for user in users}
        people = [u for u in eligible_people(within, audience_of(call_up)).order_by("work_number") if u.pk not in taken]
        count = min(left, len(people), places if len(admin.unit.path) <= len(unit.path) else 2)
        found[admin] = chance.sample(people, count)
        left -= count
    return {admin: users for admin, users in found.items() if users}


def pass_on(year: Year, entry: Entry, week: Week, planned: PlannedClass) -> None:
    """Every level agrees to what has come to it, until all is at the office."""
    waiting = Nomination.objects.filter(call_up__cohort=planned.cohort, state=Nomination.State.REVIEWING)
    for _level in range(3):
        for nomination in waiting.select_related("call_up"):
            step = nomination.steps.select_related("unit").get(position=nomination.step)
            review(actor=year.admins[step.unit.code], nomination=nomination, position=step.position, agree=True)


def confirm(year: Year, entry: Entry, week: Week, planned: PlannedClass) -> None:
    """The office confirms as many as there are places, the others wait in their order."""
    call_up = CallUp.objects.get(cohort=planned.cohort)
    there = list(call_up.nominations.filter(state=Nomination.State.AT_OFFICE).order_by("pk"))
    confirm_many(actor=year.office, call_up=call_up, nominations=there[: call_up.places], skip_refused=True)
    queue_many(actor=year.office, call_up=call_up, nominations=there[call_up.places :])
    advance(actor=year.office, cohort=Cohort.objects.get(pk=planned.cohort_id), to="confirmed")


def publish(year: Year, entry: Entry, week: Week, planned: PlannedClass) -> None:
    table = list(zip(entry.topics[::2], entry.topics[1::2], strict=True))
    classroom.lay_timetable(year.stage, planned.cohort, week, table, ROOMS[0])


def begin(year: Year, entry: Entry, week: Week, planned: PlannedClass) -> None:
    cohort = planned.cohort
    advance(actor=year.teacher, cohort=cohort, to="running")
    register_members(actor=year.teacher, cohort=cohort, members=cohort.memberships.all())
    form_groups(actor=year.teacher, cohort=cohort, size=10)


def call_roll(year: Year, entry: Entry, week: Week, planned: PlannedClass) -> None:
    day = (clock.today() - week.monday).days
    for half in (Half.MORNING, Half.AFTERNOON):
        classroom.call_roll(year.stage, planned.cohort, week, day, half, set())


def end(year: Year, entry: Entry, week: Week, planned: PlannedClass) -> None:
    """The papers and the closing: hours are credited."""
    cohort = planned.cohort
    for kind, words in (("plan", "培训方案"), ("timetable", "最终课表"), ("sign_in", "签到表")):
        rows = [[str(n), topic] for n, topic in enumerate(entry.topics, 1)]
        data = draw_table_document(words, cohort.full_title, ["序号", "内容"], rows)
        attach_paper(actor=year.teacher, cohort=cohort, kind=kind, name=f"{words}.pdf", data=data)
    close(actor=year.office, cohort=cohort)


def issue(year: Year, entry: Entry, week: Week, planned: PlannedClass) -> None:
    """Certificates of everybody who graduated."""
    year.template = year.template or create_template(
        actor=year.office, name="结业证书", issuer="云山市领航干部学院（虚构）", seal_text="样章",
        number_prefix="领航示范结字",
    )  # fmt: skip
    chosen = [one.membership.pk for one in candidates(planned.cohort) if one.ok]
    run = confirm_issuance(
        actor=year.office, cohort=planned.cohort, template=year.template, members=chosen, client_key=uuid4()
    )
    jobs.run_now(run.job)


def offer_open_class(year: Year) -> None:
    """A class that cadres choose themselves, in four weeks, out of a plan for what was not foreseen; some apply."""
    stage, week = year.stage, Week(year.stage.today + timedelta(days=28 - year.stage.today.weekday()))
    plan = create_plan(
        actor=year.office, unit=stage.root, year=week.monday.year, title="自主选学班次（示范）",
        kind=TrainingPlan.Kind.AD_HOC, synthetic=True,
    )  # fmt: skip
    entry = Entry("数据安全与个人信息保护选学班", Track.DIGITAL, Regime.JUNIOR, OPEN_PLACES, ())
    planned = add_class(actor=year.office, plan=plan, **_facts(entry, week))
    plan.refresh_from_db()
    submit_plan(actor=year.office, plan=plan, version=plan.version)
    plan.refresh_from_db()
    approve_plan(actor=stage.cast["leader"], plan=plan, version=plan.version)
    cohort = found_class(actor=year.office, planned=planned)
    for duty, role in CASTING.items():
        appoint(actor=year.office, cohort=cohort, user=stage.cast[role], duty=duty)
    call_up = cohort.call_up
    change_call_up(actor=year.office, call_up=call_up, version=call_up.version, basis=CallUp.Basis.OPEN)
    call_up.refresh_from_db()
    open_call_up(actor=year.office, call_up=call_up)
    call_up.refresh_from_db()
    for user in _free_cadres(year, call_up)[:APPLICANTS]:
        apply_for_class(actor=user, call_up=call_up, reason="本岗位经手数据共享申请，希望系统学习。")
    stage.progress("开放自主选学", 1, 1)


def _free_cadres(year: Year, call_up: CallUp) -> list[User]:
    """Eligible cadres of the bureaus, whose administrators would review them."""
    within = User.objects.active().within(year.admins["YS11"].unit).filter(work_number__startswith="Y")
    return list(eligible_people(within, audience_of(call_up)).order_by("work_number"))


def look_ahead(year: Year) -> None:
    """The needs of next year, its plan as a draft, and every figure that pages read."""
    assert year.plan and year.stage.root
    following = year.stage.today.year + 1
    with clock.freeze(clock.now()):
        survey = survey_needs(actor=year.office, unit=year.stage.root, year=following, client_key=uuid4())
        if survey.job:
            jobs.run_now(survey.job)
        copy_plan(actor=year.office, source=year.plan, year=following)
    rebuild_everybody()
    rebuild_all()
    year.stage.progress("测算需求，编制下一年计划", 1, 1)


def account_list(year: Year) -> list[dict[str, str]]:
    """``{role, login, password, start}`` of those who can sign in."""
    roles = ("training_office", "leader", "class_teacher", "system_admin", "security_admin", "audit_admin")
    people = [(str(Role(role).label), year.stage.cast[role]) for role in roles]
    people += [(f"单位管理员（{year.admins[code].unit.name}）", year.admins[code]) for code in SIGNED_IN]
    people.append((str(Role.TRAINEE.label), year.stage.people[-1]))
    return [
        {"role": words, "login": user.work_number, "password": PASSWORD,
         "start": start_url(User.objects.get(pk=user.pk))}
        for words, user in people
    ]  # fmt: skip


STEPS = (
    set_up,
    import_city,
    appoint_administrators,
    import_old_hours,
    draw_up_plan,
    hold_classes,
    offer_open_class,
    look_ahead,
)
