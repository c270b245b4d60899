"""Reckoning what the office's cadres need, as a job, and turning a need into draft classes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from competencies.models import Expectation, Framework
from competencies.profiles import Profile
from competencies.reading import profiles_of
from core import clock, jobs
from core.errors import Conflict, DomainError
from core.models import Job
from courses.models import Track
from courses.rules import advice
from people.models import Unit, User
from people.ranks import Regime
from planning.models import FeeClass, NeedLine, NeedPerson, NeedSurvey, PlannedClass, TrainingPlan
from planning.models.needs import LEVELS
from planning.permissions.plans import OFFICE, require_planner
from planning.reading.call_facts import postings_of
from planning.reading.plans import basis_of
from planning.rules.needs import OTHER, THEME_OF, PersonNeed, classes_needed, count_needs, level_of
from planning.rules.shifting import free_week, mondays
from planning.services.plans import add_class, held_plan
from records.models import Bucket
from records.reading.hours import gaps_of_many, policy_on

KIND = "planning.needs"
CHUNK = 100
MOST_DRAFTED = 30  # classes from one figure
TITLES = {
    Track.BASE: gettext_lazy("政治能力与决策执行专题领航班"),
    Track.REFORM: gettext_lazy("行政改革专题领航班"),
    Track.DIGITAL: gettext_lazy("数字政府专题领航班"),
    Track.TALENT: gettext_lazy("人才队伍专题领航班"),
    Track.LAW: gettext_lazy("法治监督专题领航班"),
    Track.SERVICE: gettext_lazy("服务参与专题领航班"),
}


def reckoned_on(year: int) -> date:
    """The day on which requirements are judged: today, or the first day of a year to come."""
    return max(clock.today(), date(year, 1, 1))


@transaction.atomic
def survey_needs(*, actor: User, unit: Unit, year: int, client_key: UUID) -> NeedSurvey:
    """Order the reckoning for the cadres below the unit; the same key again is the survey that was ordered."""
    require_planner(actor, unit)
    this_year = clock.today().year
    if year not in (this_year, this_year + 1):
        raise DomainError(_("请选择本年度或下一年度。"))
    on = reckoned_on(year)
    policy, framework = policy_on(on), Framework.objects.order_by("-version").first()
    known = NeedSurvey.objects.filter(client_key=client_key, made_by=actor).first()
    if known:
        return known
    try:
        with transaction.atomic():
            survey = NeedSurvey.objects.create(
                unit=unit, year=year, on=on, policy=policy.version, client_key=client_key, made_by=actor,
                framework=framework.version if framework else None, made_at=clock.now(),
            )  # fmt: skip
    except IntegrityError as second:
        raise Conflict(_("这次测算已经提交，请刷新页面。")) from second
    survey.job = jobs.enqueue(
        kind=KIND, owner=actor, params={"survey": survey.pk}, title=_("测算%(what)s") % {"what": survey},
        dedupe_key=f"needs-{client_key}",
    )  # fmt: skip
    survey.save(update_fields=["job"])
    log(survey, "planning.needs.survey", user=actor, data={"unit": unit.name, "year": year})
    return survey


def _survey(job: Job) -> NeedSurvey:
    return NeedSurvey.objects.select_related("unit", "made_by").get(pk=job.params["survey"])


def _total(job: Job) -> int:
    """Everybody whom the office's grants reach below the unit, one row each."""
    survey = _survey(job)
    people = User.objects.active().managed_by_grants(survey.made_by, OFFICE)
    keys = people.filter(unit__path__startswith=survey.unit.path).order_by("pk").values_list("pk", flat=True)
    rows = [NeedPerson(survey=survey, user_id=key, regime="", is_short=False) for key in keys]
    NeedPerson.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    return -(-len(rows) // CHUNK)


def _step(job: Job, n: int) -> str:
    survey = _survey(job)
    rows = list(survey.persons.order_by("user_id")[n * CHUNK : (n + 1) * CHUNK])
    _fill(rows, survey.on)
    NeedPerson.objects.bulk_update(rows, ["regime", "level", "is_short", "short", "themes", "known"])
    return _("已测算 %(n)s 人") % {"n": n * CHUNK + len(rows)}


def _fill(rows: Sequence[NeedPerson], on: date) -> None:
    """Gaps in hours and in competencies of one chunk; a constant number of queries.

    What the classes in which somebody has a place will bring is taken off: who will meet the requirement needs no seat.
    """
    keys = [row.user_id for row in rows]
    gaps, profiles, expected = gaps_of_many(keys, on), profiles_if_any(keys), expectations()
    postings = postings_of(keys)
    for row in rows:
        found = gaps.get(row.user_id, [])
        row.regime = found[0].regime if found else ""
        posting = postings.get(row.user_id)
        row.level = level_of(posting.level, posting.rank, row.regime) if posting else OTHER
        short = [gap for gap in found if gap.bucket == Bucket.CENTRAL and gap.stays_open]
        row.is_short, row.short = bool(short), [f"{gap.window_words}：{gap.words_then}" for gap in short]
        profile = profiles.get(row.user_id)
        row.themes, row.known = themes_of(profile, expected.get(row.regime, {})) if profile else ([], [])


def profiles_if_any(keys: Sequence[int]) -> dict[int, Profile]:
    """Profiles of the people; none at all where no framework was loaded."""
    return profiles_of(keys) if Framework.objects.exists() else {}


def expectations() -> dict[str, dict[str, Decimal]]:
    """Regime → code of indicator → expected level, by the newest framework."""
    newest = Framework.objects.order_by("-version").first()
    rows = Expectation.objects.filter(indicator__dimension__framework=newest)
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for regime, code, level in rows.values_list("regime", "indicator__code", "level"):
        found[regime][code] = level
    return found


def themes_of(profile: Profile, expected: Mapping[str, Decimal]) -> tuple[list[str], list[str]]:
    """The themes in which somebody has a gap, and those in which there is enough evidence to tell."""
    gaps = {THEME_OF[gap.dimension] for gap in advice.gaps_of(profile, expected) if gap.dimension in THEME_OF}
    known = {THEME_OF[one.code] for one in profile.dimensions if one.sufficient and one.code in THEME_OF}
    return sorted(gaps), sorted(known)


def _finish(job: Job) -> dict[str, Any]:
    """The figures; of the people only those whom a statutory figure counts stay, without anything of competencies."""
    survey = _survey(job)
    survey.persons.filter(regime="").delete()
    rows = survey.persons.values_list("regime", "is_short", "themes", "known", "level")
    people = [PersonNeed(regime, short, frozenset(t), frozenset(k), level) for regime, short, t, k, level in rows]
    survey.lines.all().delete()
    NeedLine.objects.bulk_create(
        NeedLine(survey=survey, **vars(need))
        for need in count_needs(people, Regime.values, Track.values, list(dict(LEVELS)))
    )
    survey.persons.filter(is_short=False).delete()
    survey.persons.update(themes=[], known=[])
    NeedSurvey.objects.filter(pk=survey.pk).update(finished_at=clock.now(), people=len(people))
    return {"url": reverse("planning:need", args=[survey.public_id])}


JOB = jobs.JobKind(name=KIND, title=gettext_lazy("测算培训需求"), total=_total, step=_step, finish=_finish)


# From a need to draft classes.


Seats = Mapping[tuple[str, str, str], int]


def seats_planned(survey: NeedSurvey) -> dict[tuple[str, str, str], int]:
    """(regime, theme, level) → places of the year's planned classes of the unit and below.

    The regime is empty for everybody, the level where a class is for none or several.
    """
    rows = PlannedClass.objects.standing().filter(plan__unit__path__startswith=survey.unit.path, plan__year=survey.year)
    found: dict[tuple[str, str, str], int] = defaultdict(int)
    for regime, theme, levels, places in rows.values_list("regime", "theme", "levels", "places"):
        found[regime, theme, levels[0] if len(levels) == 1 else ""] += places
    return found


def seats_for(line: NeedLine, planned: Seats) -> int:
    """The places planned for the people of a line: of its theme, or of any theme where the statute asks.

    Of a line for one post or rank only those of classes for it alone.
    """
    return sum(
        places
        for (regime, theme, level), places in planned.items()
        if regime == line.regime and line.theme in ("", theme) and line.level in ("", level)
    )


def missing_for(line: NeedLine, planned: Seats, whole: NeedLine | None) -> int:
    """Seats that are still to be planned; for a post or rank never more than its whole regime lacks."""
    own = max(line.people - seats_for(line, planned), 0)
    return min(own, max(whole.people - seats_for(whole, planned), 0)) if whole else own


def whole_of(line: NeedLine) -> NeedLine | None:
    """The line of the whole regime to which the line of a post or rank belongs; None where it is that line."""
    if not line.level:
        return None
    rows = NeedLine.objects.filter(survey=line.survey_id, basis=line.basis, regime=line.regime, theme=line.theme)
    return rows.filter(level="").first()


@transaction.atomic
def draft_classes(
    *, actor: User, line: NeedLine, plan: TrainingPlan, theme: str, size: int, days: int
) -> list[PlannedClass]:
    """Put as many classes as close the gap into a draft, each on the week that is freest; the officer edits them.

    A line is drafted once: again into the same plan changes nothing.
    """
    held = held_plan(plan, TrainingPlan.State.DRAFT)
    require_planner(actor, held.unit)
    now = NeedLine.objects.select_related("survey__unit").get(pk=line.pk)
    if now.drafted_into_id == held.pk:
        return []
    count = _wanted(now, held, size, days)
    if not NeedLine.objects.filter(pk=now.pk, drafted_into__isnull=True).update(drafted_into=held):
        raise Conflict(_("这一项需求已经生成过计划班次，请到该计划中修改。"))
    made = _drafted(actor, now, held, Track(theme or now.theme), size, days, count)
    log(held, "planning.needs.draft", user=actor, data={"count": len(made), "year": now.survey.year})
    return made


def _wanted(now: NeedLine, held: TrainingPlan, size: int, days: int) -> int:
    if now.suppressed:
        raise DomainError(_("人数不足 5 人，不按这一项生成班次。"))
    if held.year != now.survey.year:
        raise DomainError(_("请选择%(year)s年的计划。") % {"year": now.survey.year})
    if not 1 <= size <= 500 or not 1 <= days <= 30:
        raise DomainError(_("每班人数须为 1 至 500，天数须为 1 至 30。"))
    count = classes_needed(missing_for(now, seats_planned(now.survey), whole_of(now)), 0, size)
    if not count:
        raise DomainError(_("已计划的名额已能满足这一项需求。"))
    if count > MOST_DRAFTED:
        raise DomainError(_("需要 %(n)s 个班，一次最多生成 %(most)s 个，请加大每班人数。")
                          % {"n": count, "most": MOST_DRAFTED})  # fmt: skip
    return count


def _drafted(
    actor: User, now: NeedLine, held: TrainingPlan, theme: Track, size: int, days: int, count: int
) -> list[PlannedClass]:
    basis, busy = basis_of(held.year), list(held.classes.standing().values_list("starts_on", "ends_on"))
    weeks = mondays(max(clock.today() + timedelta(days=30), date(held.year, 3, 1)), date(held.year, 12, 20))
    weeks = weeks or mondays(date(held.year, 12, 1), date(held.year, 12, 31))
    title, made = str(TITLES[theme]), []
    used = held.classes.filter(title=title).values_list("intake_no", flat=True)
    for intake_no in range(max(used, default=0) + 1, max(used, default=0) + 1 + count):
        first = free_week(weeks, busy, basis.exceptions, days) or weeks[0]
        last = first + timedelta(days=_length(days) - 1)
        row = PlannedClass(
            title=title, intake_no=intake_no, theme=theme, starts_on=first, ends_on=last, days=Decimal(days),
            hours=days * (basis.rate_on(first) or Decimal(8)), regime=now.regime, places=size,
            levels=[now.level] if now.level in dict(LEVELS[:-1]) else [],
            audience=str(now.get_level_display() or Regime(now.regime).label), fee_class=FeeClass.THIRD,
            budget=Decimal(0),
        )  # fmt: skip
        budget = basis.limit_of(row).limit or Decimal(0)
        facts = {name: getattr(row, name) for name in DRAFTED}
        made.append(add_class(actor=actor, plan=held, **{**facts, "budget": budget}))
        busy.append((first, last))
    return made


DRAFTED = (
    "title", "intake_no", "theme", "starts_on", "ends_on", "days", "hours", "regime", "levels", "places", "audience",
    "fee_class",
)  # fmt: skip


def _length(days: int) -> int:
    """Calendar days from a Monday on in which so many ordinary working days lie."""
    weeks, rest = divmod(days - 1, 5)
    return weeks * 7 + rest + 1
