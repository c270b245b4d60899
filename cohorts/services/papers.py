"""Printing the papers of a class: short ones at once, long ones as a job in pieces."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from cohorts.models import Cohort
from cohorts.papers.catalogue import PAPERS, Paper, snapshot_of
from cohorts.papers.reading import material_of
from cohorts.papers.values import Choice, Material, MemberLine
from cohorts.permissions import require_runs
from core import jobs
from core.drawing import MissingGlyphs, PhotoError, TextDoesNotFit, missing_characters
from core.errors import DomainError
from core.models import Job
from core.spreadsheets.writer import file_name
from core.storage import private_storage
from people.models import User
from people.services import note_file_reads

KIND = "cohorts.papers"
LONG = 60  # pages
LANGUAGE = "zh-hans"  # papers are Chinese, whatever language the reader's screen has


@dataclass(frozen=True)
class Printed:
    """A paper to hand out."""

    name: str
    data: bytes


def print_paper(*, actor: User, cohort: Cohort, key: str, made_as: str, choice: Choice) -> Printed | Job:
    """The paper, or the job that makes it where it is long; logged, and noted as a read where it is personal."""
    require_runs(actor, cohort)
    paper = _known(key, made_as)
    for lack in paper.lacks(snapshot_of(cohort)):
        if lack.blocks:
            raise DomainError(lack.sentence, code="paper_lacks")
    with translation.override(LANGUAGE):
        material = material_of(cohort, actor, choice, arrived=paper.arrived, photos=paper.photos)
        if not material.members:
            raise DomainError(_("所选的单位或小组没有可以打印的学员，请重新选择。"), code="nobody")
        long = paper.batches is not None and paper.pages(material, choice) > LONG
        data = b"" if long else _made(paper, made_as, material, choice)
    with transaction.atomic():
        job = _order(actor, cohort, paper, made_as, material, choice) if long else None
        _note(actor, cohort, paper, made_as, material)
    return job or Printed(_file_name(cohort, paper, made_as), data)


def _known(key: str, made_as: str) -> Paper:
    paper = PAPERS.get(key)
    if paper is None or made_as not in paper.makers:
        raise DomainError(_("没有这种材料或格式。"), code="no_such_paper")
    return paper


def _file_name(cohort: Cohort, paper: Paper, made_as: str) -> str:
    return f"{cohort.code}-{paper.title}.{made_as}"


def _made(paper: Paper, made_as: str, material: Material, choice: Choice) -> bytes:
    """The document; what cannot be printed is refused with the names."""
    if made_as == "pdf":
        _refuse_unprintable(material.members)
    try:
        return paper.makers[made_as](material, choice)
    except (MissingGlyphs, TextDoesNotFit, PhotoError) as error:
        raise DomainError(str(error), code="unprintable") from error


def _refuse_unprintable(members: tuple[MemberLine, ...]) -> None:
    found = [(m.name, missing_characters(f"{m.name}{m.unit}{m.post}", "sans")) for m in members]
    lacking = [f"{name}（{'、'.join(f'U+{ord(c):04X}' for c in sorted(chars))}）" for name, chars in found if chars]
    if lacking:
        words = _("字库中没有这些学员姓名、单位或职务中的字，无法打印：%(names)s。请核对后再试，或者改用可编辑的格式。")
        raise DomainError(words % {"names": "、".join(lacking)}, code="unprintable")


def _note(actor: User, cohort: Cohort, paper: Paper, made_as: str, material: Material) -> None:
    data = {"what": str(paper.title), "format": made_as.upper(), "count": len(material.members)}
    log(cohort, "cohorts.papers.print", user=actor, data=data)
    if paper.personal:
        part = f"{paper.personal}：{cohort.code}"
        note_file_reads(reader=actor, subjects=[member.user for member in material.members], part=part)


# Long papers: a piece a step, all of them in one archive at the end.


def _order(actor: User, cohort: Cohort, paper: Paper, made_as: str, material: Material, choice: Choice) -> Job:
    assert paper.batches is not None
    batches = paper.batches(material, choice)
    params = {
        "cohort": cohort.pk,
        "paper": paper.key,
        "made_as": made_as,
        "batches": [{"name": batch.name, "choice": batch.choice.as_json()} for batch in batches],
    }
    title = f"{paper.title}：{cohort.full_title}"
    return jobs.enqueue(kind=KIND, owner=actor, params=params, title=title)


def _total(job: Job) -> int:
    return len(job.params["batches"])


def _place(job: Job, n: int) -> str:
    return f"papers/{job.pk}/{n}"


def _step(job: Job, n: int) -> str:
    """Make one piece; the right to see the class is asked for again."""
    cohort = Cohort.objects.select_related("host", "hour_rule").get(pk=job.params["cohort"])
    require_runs(job.owner, cohort)
    paper, made_as, batch = PAPERS[job.params["paper"]], job.params["made_as"], job.params["batches"][n]
    choice = Choice.from_json(dict(batch["choice"]))
    with translation.override(LANGUAGE):
        material = material_of(cohort, job.owner, choice, arrived=paper.arrived, photos=paper.photos)
        data = _made(paper, made_as, material, choice)
    storage, place = private_storage(), _place(job, n)
    storage.delete(place)
    storage.save(place, ContentFile(data))
    return str(batch["name"])


def _finish(job: Job) -> dict[str, Any]:
    """One archive with a file for each piece, named after what it holds."""
    cohort = Cohort.objects.get(pk=job.params["cohort"])
    paper, storage, out = PAPERS[job.params["paper"]], private_storage(), io.BytesIO()
    places = [place for place in (_place(job, n) for n in range(_total(job))) if storage.exists(place)]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, batch in enumerate(job.params["batches"]):
            if _place(job, n) in places:
                with storage.open(_place(job, n)) as piece:
                    archive.writestr(file_name(f"{n + 1:02d}-{batch['name']}.{job.params['made_as']}"), piece.read())
    jobs.store_result(job, name=f"{cohort.code}-{paper.title}.zip", data=out.getvalue())
    transaction.on_commit(partial(_drop, places))
    return {"cohort": str(cohort.public_id)}


def _drop(places: list[str]) -> None:
    for place in places:
        private_storage().delete(place)


JOB = jobs.JobKind(name=KIND, title="打印材料", total=_total, step=_step, finish=_finish)
