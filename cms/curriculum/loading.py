"""The curriculum into the database, by key: what is missing is made; what stands changes only on ``update``."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from assessments.models import Question
from assessments.services import save_question
from cms.curriculum import teaching, tree
from cms.curriculum.reading import Curriculum, LawEntry, QuestionEntry
from cms.curriculum.writing import Report, Run, set_values
from cms.models import LawRecord
from cms.review import install_workflow
from competencies.models import Indicator
from competencies.reading import current_framework
from core.errors import DomainError
from people.scopes import has_role


@transaction.atomic
def load(curriculum: Curriculum, *, actor: Any, publisher: Any, update: bool = False) -> Report:
    """Load everything, all or nothing; a second run on the same files writes nothing.

    ``actor`` is the content editor who writes, ``publisher`` the training office that approves. DomainError when they
    are not, when the framework is missing, or when a file names what does not exist.
    """
    if not has_role(actor, "content_editor"):
        raise DomainError(_("载入课程内容需要“内容编辑”角色，请换一个账号。"))
    if not has_role(publisher, "training_office"):
        raise DomainError(_("发布课程内容需要“培训处”角色，请指定培训处的账号来发布。"))
    framework = current_framework()
    indicators = {row.code: row for row in Indicator.objects.filter(dimension__framework=framework)}
    run = Run(curriculum, actor, publisher, update, indicators)
    for entry in curriculum.laws:
        law(run, entry)
    for question in curriculum.bank:
        bank_question(run, question)
    _publish_all(run)
    return run.report


def _publish_all(run: Run) -> None:
    """The site, the cases, the courses with their editions, then the pages that lead to them."""
    site = tree.plant(run)
    tree.cases(run, site)
    courses = {entry.key: teaching.course(run, entry, site.case_id) for entry in run.files.courses}
    tree.course_pages(run, site, courses)
    tree.library(run, site, courses)
    install_workflow(site.home)
    if not run.report.quiet:
        log(instance=site.home, action="cms.curriculum_loaded", user=run.actor)


def law(run: Run, entry: LawEntry) -> None:
    """A row of the table of laws, found by its official title."""
    values = {**vars(entry), "revised": [day.isoformat() for day in entry.revised]}
    title = values.pop("title")
    row = LawRecord.objects.filter(title=title).first()
    stale = run.is_stale(row, values)
    if row is None or stale:
        set_values(row or LawRecord(title=title), values).save()
    run.report.count("laws", made=row is None, changed=stale)


def bank_question(run: Run, entry: QuestionEntry, *, in_bank: bool = True) -> Question:
    """A question, found by its key; a changed wording becomes a new version on ``update``."""
    standing = Question.objects.filter(key=entry.key).first()
    if standing is not None and not run.update:
        run.report.count("questions", made=False)
        return standing
    before = standing.versions.count() if standing else 0
    values = {**vars(entry), "indicator": run.indicator(entry.indicator, entry.key)}
    question = save_question(actor=run.actor, in_bank=in_bank, **values).question
    run.report.count("questions", made=standing is None, changed=question.versions.count() > before)
    return question
