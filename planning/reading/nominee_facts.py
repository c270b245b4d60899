"""What a unit weighs when it names somebody: post, required training, competency, classes; constant queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg
from django.utils.translation import gettext as _

from cohorts.models import Membership
from competencies.models import Expectation
from competencies.profiles import Profile
from competencies.reading import profiles_of
from core import clock
from core.errors import DomainError
from courses.models import Track
from people.models import Posting, User
from planning.models import CallUp
from planning.reading.call_facts import TAKEN_PART, Verdict, postings_of, verdicts, verdicts_of_one
from records.models import Bucket
from records.reading.gaps import Gap
from records.reading.hours import gaps_of_many
from records.rules.forecast import AT_RISK, SHORT

# The theme of a class and the dimension of the competency model that it serves.
DIMENSIONS = {
    Track.REFORM: "B",
    Track.DIGITAL: "C",
    Track.TALENT: "D",
    Track.LAW: "E",
    Track.SERVICE: "F",
    Track.BASE: "A",
}
LAST_CLASSES = 2
LACKING = (AT_RISK, SHORT)


@dataclass(frozen=True)
class Facts:
    """What stands beside a name; ``has_gap`` where required training is not reached."""

    verdict: Verdict
    hours: tuple[str, ...] = ()
    competency: str = ""
    classes: tuple[str, ...] = ()

    @property
    def posting(self) -> Posting | None:
        return self.verdict.posting

    @property
    def has_gap(self) -> bool:
        return bool(self.hours)

    @property
    def can_be_named(self) -> bool:
        return not self.verdict.blocks


def facts_of(call_up: CallUp, users: Iterable[User]) -> dict[int, Facts]:
    """The facts of each person; the number of queries does not depend on how many they are."""
    people = list(users)
    keys = [user.pk for user in people]
    found, hours, classes = verdicts(call_up, people), gaps_of(keys), last_classes(keys)
    competency = competency_gaps(call_up.theme, {pk: found[pk].posting for pk in keys})
    return {
        pk: Facts(found[pk], tuple(hours.get(pk, ())), competency.get(pk, ""), tuple(classes.get(pk, ())))
        for pk in keys
    }


@dataclass(frozen=True)
class Own:
    """What one cadre brings to every class that is offered; read once for all of them."""

    hours: tuple[str, ...]
    competency: dict[str, str]  # theme → sentence
    verdicts: dict[int, Verdict]  # call-up → verdict


def own_facts(user: User, call_ups: Sequence[CallUp]) -> Own:
    """The facts of one person for several classes, in a number of queries that does not grow with the classes."""
    posting = postings_of([user.pk]).get(user.pk)
    profile = _profiles([user.pk]).get(user.pk)
    expected = _expectations([DIMENSIONS[Track(theme)] for theme in {row.theme for row in call_ups}])
    words = {theme: _gap_words(profile, posting, DIMENSIONS[Track(theme)], expected) for theme in Track.values}
    return Own(
        tuple(gaps_of([user.pk]).get(user.pk, ())),
        {theme: said for theme, said in words.items() if said},
        verdicts_of_one(user, posting, call_ups),
    )


def gaps_of(users: Iterable[int]) -> dict[int, list[str]]:
    """What each person lacks that a class can give, each sentence with bucket and window; none where all is met.

    What classes of the person's will still bring is counted. Online learning has a requirement of its own, to which
    no class adds.
    """
    found = gaps_of_many(users, clock.today())
    return {pk: [_gap(one) for one in gaps if _fillable(one)] for pk, gaps in found.items()}


def _fillable(one: Gap) -> bool:
    return one.bucket != Bucket.ONLINE and one.state in LACKING


def _gap(one: Gap) -> str:
    return f"{one.bucket_word}{one.words}（{one.window_words}）"


def competency_gaps(theme: str, postings: dict[int, Posting | None]) -> dict[int, str]:
    """Level against expectation in the dimension of the theme, where evidence suffices and the level is lower."""
    code = DIMENSIONS[Track(theme)]
    expected = _expectations([code])
    if not expected:
        return {}
    words = {pk: _gap_words(one, postings[pk], code, expected) for pk, one in _profiles(postings).items()}
    return {pk: said for pk, said in words.items() if said}


def _gap_words(
    profile: Profile | None, posting: Posting | None, code: str, expected: dict[tuple[str, str], Decimal]
) -> str:
    if profile is None or posting is None:
        return ""
    level, wanted = _level(profile, code), expected.get((code, posting.regime))
    if level is None or wanted is None or level >= wanted:
        return ""
    words = {"name": profile.dimension(code).name, "level": level, "wanted": wanted}
    return _("%(name)s %(level)s，期望 %(wanted)s") % words


def _profiles(users: Iterable[int]) -> dict[int, Profile]:
    try:
        return profiles_of(users)
    except DomainError:  # no framework was loaded yet
        return {}


def _level(profile: Profile, code: str) -> Decimal | None:
    """The latest level in the dimension, only where the evidence is of two kinds."""
    standing = next((one for one in profile.dimensions if one.code == code), None)
    if standing is None or not standing.sufficient:
        return None
    level = standing.after or standing.before
    return level.value if level else None


def _expectations(codes: Iterable[str]) -> dict[tuple[str, str], Decimal]:
    """The mean of what is expected in the scored indicators of dimensions, by dimension and regime; one query.

    Of several versions of the framework the newest counts.
    """
    rows = Expectation.objects.filter(indicator__dimension__code__in=list(codes), indicator__scored=True)
    version, code = "indicator__dimension__framework__version", "indicator__dimension__code"
    means = rows.order_by().values(code, "regime", version).annotate(mean=Avg("level")).order_by(version)
    return {(row[code], row["regime"]): Decimal(str(row["mean"])).quantize(Decimal("0.01")) for row in means}


def last_classes(users: Iterable[int]) -> dict[int, list[str]]:
    """The last two classes of each person with the year; one query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Membership.objects.filter(user__in=list(users), state__in=TAKEN_PART).select_related("cohort")
    for row in rows.order_by("-cohort__starts_on", "-pk"):
        if len(found[row.user_id]) < LAST_CLASSES:
            found[row.user_id].append(f"{row.cohort.starts_on.year}年 {row.cohort.full_title}")
    return found
