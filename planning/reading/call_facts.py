"""What must be known of people before they are named, read in a number of queries that does not grow with them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Q, QuerySet

from cohorts.models import Cohort, Membership
from courses.models import Track
from people.models import Posting, User
from people.ranks import SENIOR_LEVELS, SENIOR_RANKS, Regime
from planning.models import CallUp, Nomination
from planning.rules.nominating import OPEN, Audience, Span, Standing, clash_words, repeat_words, why_not_eligible

YEAR = timedelta(days=365)
GONE = ("no_show", "withdrawn")
TAKEN_PART = ("registered", "graduated", "not_graduated")


@dataclass(frozen=True)
class Verdict:
    """Why somebody cannot be named, what should be weighed, and the posting that was looked at."""

    blocks: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    posting: Posting | None = None


@dataclass
class Classes:
    """The classes of one person that matter for a call-up."""

    same_days: list[Span] = field(default_factory=list)
    named: list[Span] = field(default_factory=list)
    same_theme: list[Span] = field(default_factory=list)


def audience_of(call_up: CallUp) -> Audience:
    return Audience(call_up.regime, tuple(call_up.levels))


def span_of(cohort: Cohort) -> Span:
    return Span(cohort.full_title, cohort.starts_on, cohort.ends_on)


def postings_of(users: Iterable[int]) -> dict[int, Posting]:
    """The open posting of each person; one query."""
    rows = Posting.objects.open().filter(user__in=list(users)).select_related("unit")
    return {row.user_id: row for row in rows}


def standing_of(posting: Posting | None) -> Standing:
    return Standing(posting.level, posting.rank) if posting else Standing(known=False)


def eligible_people(people: QuerySet[User], audience: Audience) -> QuerySet[User]:
    """Those among the people whose open posting the class is for."""
    postings = Posting.objects.open()
    if audience.regime:
        senior = Q(level__in=SENIOR_LEVELS) | Q(rank__in=SENIOR_RANKS)
        postings = postings.filter(senior if audience.regime == Regime.SENIOR else ~senior)
    if audience.levels:
        postings = postings.filter(Q(level__in=audience.levels) | Q(rank__in=audience.levels))
    if not audience.regime and not audience.levels:
        return people
    return people.filter(pk__in=postings.values("user"))


def verdicts(call_up: CallUp, users: Iterable[User]) -> dict[int, Verdict]:
    """What speaks against naming each person, and what is only a warning; four queries."""
    wanted = [user.pk for user in users]
    postings, classes = postings_of(wanted), classes_of(call_up, wanted)
    return {pk: _verdict(call_up, postings.get(pk), classes[pk]) for pk in wanted}


def _verdict(call_up: CallUp, posting: Posting | None, known: Classes) -> Verdict:
    mine, theme = span_of(call_up.cohort), str(Track(call_up.theme).label)
    why = why_not_eligible(audience_of(call_up), standing_of(posting))
    blocks = [*clash_words(mine, known.same_days, named=False), *clash_words(mine, known.named, named=True)]
    return Verdict((*([why] if why else []), *blocks), tuple(repeat_words(theme, known.same_theme)), posting)


def verdicts_of_one(user: User, posting: Posting | None, call_ups: Iterable[CallUp]) -> dict[int, Verdict]:
    """The verdict of one person for several classes, by call-up; two queries."""
    rows = Membership.objects.filter(user=user).exclude(state__in=GONE).exclude(cohort__state="cancelled")
    members = list(rows.select_related("cohort__call_up", "cohort__planned").order_by("-cohort__starts_on", "pk"))
    open_ones = Nomination.objects.filter(user=user, state__in=OPEN).not_over().select_related("call_up__cohort")
    named = list(open_ones.order_by("pk"))
    return {row.pk: _verdict(row, posting, _classes_for(row, members, named)) for row in call_ups}


def _classes_for(call_up: CallUp, members: list[Membership], named: list[Nomination]) -> Classes:
    first, last = call_up.cohort.starts_on - YEAR, call_up.cohort.starts_on
    others = [row for row in members if row.cohort_id != call_up.cohort_id]
    same_theme = [
        span_of(row.cohort)
        for row in others
        if row.state in TAKEN_PART and call_up.theme in _themes(row.cohort) and first <= row.cohort.ends_on < last
    ]
    elsewhere = [span_of(row.call_up.cohort) for row in named if row.call_up_id != call_up.pk]
    return Classes([span_of(row.cohort) for row in others], elsewhere, same_theme)


def _themes(cohort: Cohort) -> set[str]:
    """The theme by the class's call-up and by its plan."""
    return {getattr(cohort, name).theme for name in ("call_up", "planned") if hasattr(cohort, name)}


def classes_of(call_up: CallUp, users: Iterable[int]) -> dict[int, Classes]:
    """The classes on the same days, those one is named for, and those of the same theme in the last year; 3 queries."""
    found: dict[int, Classes] = defaultdict(Classes)
    people = list(users)
    members = Membership.objects.filter(user__in=people).exclude(cohort=call_up.cohort_id)
    for user, span in _spans(members.filter(_same_days("cohort", call_up.cohort)).exclude(state__in=GONE)):
        found[user].same_days.append(span)
    for user, span in _named_elsewhere(people, call_up):
        found[user].named.append(span)
    for user, span in _spans(members.filter(_same_theme(call_up), state__in=TAKEN_PART)):
        found[user].same_theme.append(span)
    return found


def _spans(members: QuerySet[Membership]) -> list[tuple[int, Span]]:
    rows = members.exclude(cohort__state="cancelled").select_related("cohort").order_by("-cohort__starts_on", "pk")
    return [(row.user_id, span_of(row.cohort)) for row in rows]


def _same_days(prefix: str, cohort: Cohort) -> Q:
    return Q(**{f"{prefix}__starts_on__lte": cohort.ends_on, f"{prefix}__ends_on__gte": cohort.starts_on})


def _same_theme(call_up: CallUp) -> Q:
    """Classes of the theme, by their call-up or their plan, that ended within the year before this one begins."""
    theme = Q(cohort__call_up__theme=call_up.theme) | Q(cohort__planned__theme=call_up.theme)
    first, last = call_up.cohort.starts_on - YEAR, call_up.cohort.starts_on
    return theme & Q(cohort__ends_on__gte=first, cohort__ends_on__lt=last)


def _named_elsewhere(people: list[int], call_up: CallUp) -> list[tuple[int, Span]]:
    """Standing nominations for other classes; a confirmed one shows as the membership that it became."""
    rows = Nomination.objects.filter(user__in=people, state__in=OPEN).exclude(call_up=call_up).not_over()
    rows = rows.filter(_same_days("call_up__cohort", call_up.cohort)).select_related("call_up__cohort")
    return [(row.user_id, span_of(row.call_up.cohort)) for row in rows.order_by("pk")]
