"""Leading-post levels (职务层次) and ranks (职级) of civil servants, and the regime of required training of each."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Levels of leading posts, highest first."""

    BUREAU_HEAD = "bureau_head", _("厅局级正职")
    BUREAU_DEPUTY = "bureau_deputy", _("厅局级副职")
    COUNTY_HEAD = "county_head", _("县处级正职")
    COUNTY_DEPUTY = "county_deputy", _("县处级副职")
    TOWNSHIP_HEAD = "township_head", _("乡科级正职")
    TOWNSHIP_DEPUTY = "township_deputy", _("乡科级副职")


class Rank(models.TextChoices):
    """Ranks of the general-management class, highest first."""

    INSPECTOR_1 = "inspector_1", _("一级巡视员")
    INSPECTOR_2 = "inspector_2", _("二级巡视员")
    RESEARCHER_1 = "researcher_1", _("一级调研员")
    RESEARCHER_2 = "researcher_2", _("二级调研员")
    RESEARCHER_3 = "researcher_3", _("三级调研员")
    RESEARCHER_4 = "researcher_4", _("四级调研员")
    PRINCIPAL_1 = "principal_1", _("一级主任科员")
    PRINCIPAL_2 = "principal_2", _("二级主任科员")
    PRINCIPAL_3 = "principal_3", _("三级主任科员")
    PRINCIPAL_4 = "principal_4", _("四级主任科员")
    CLERK_1 = "clerk_1", _("一级科员")
    CLERK_2 = "clerk_2", _("二级科员")


class Regime(models.TextChoices):
    """Which row of the required-training table a posting falls under."""

    SENIOR = "senior", _("县处级及以上、四级调研员及以上")
    JUNIOR = "junior", _("乡科级及以下、一级主任科员及以下")


SENIOR_LEVELS = {Level.BUREAU_HEAD, Level.BUREAU_DEPUTY, Level.COUNTY_HEAD, Level.COUNTY_DEPUTY}
SENIOR_RANKS = {
    Rank.INSPECTOR_1,
    Rank.INSPECTOR_2,
    Rank.RESEARCHER_1,
    Rank.RESEARCHER_2,
    Rank.RESEARCHER_3,
    Rank.RESEARCHER_4,
}
LEADING_LEVELS = set(Level)


def regime_of(level: str, rank: str) -> Regime:
    """The regime of a posting; the higher of post and rank decides."""
    return Regime.SENIOR if level in SENIOR_LEVELS or rank in SENIOR_RANKS else Regime.JUNIOR


# The lowest and highest rank that commonly goes with a leading post; outside it an import warns, never refuses.
USUAL_RANKS: dict[str, tuple[str, str]] = {
    Level.BUREAU_HEAD: (Rank.INSPECTOR_2, Rank.INSPECTOR_1),
    Level.BUREAU_DEPUTY: (Rank.RESEARCHER_1, Rank.INSPECTOR_1),
    Level.COUNTY_HEAD: (Rank.RESEARCHER_3, Rank.RESEARCHER_1),
    Level.COUNTY_DEPUTY: (Rank.PRINCIPAL_1, Rank.RESEARCHER_2),
    Level.TOWNSHIP_HEAD: (Rank.PRINCIPAL_3, Rank.RESEARCHER_4),
    Level.TOWNSHIP_DEPUTY: (Rank.CLERK_1, Rank.PRINCIPAL_1),
}


def rank_fits(level: str, rank: str) -> bool:
    """Whether the rank lies in the usual span of the leading post; unknown pairs fit."""
    if level not in USUAL_RANKS or not rank:
        return True
    order = list(Rank.values)
    low, high = USUAL_RANKS[level]
    return order.index(high) <= order.index(rank) <= order.index(low)
