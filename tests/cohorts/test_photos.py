"""Portraits: one, a packed folder with everything a folder may hide, and the certificate that prints them."""

from __future__ import annotations

import io
import struct
import uuid
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from PIL import Image

from certificates.services import candidates, confirm_issuance, reissue
from cohorts import photo_zip, services
from cohorts.models import Cohort, MemberPhoto, Membership, PhotoBatch
from cohorts.services.photos import entries_of, photo_bytes
from core import clock, jobs
from core.drawing import draw_certificate
from core.errors import Conflict, DomainError
from people.models import User
from tests.factories.certificates import issue_all, template
from tests.factories.cohorts import (
    AFTER,
    CohortFactory,
    closed,
    office,
    packed,
    picture,
    portrait,
    ready_to_close,
    teacher_of,
)  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen_clock")]


@pytest.fixture
def cohort() -> Cohort:
    made: Cohort = CohortFactory(running=True, members=3)
    return made


def first(cohort: Cohort) -> Membership:
    return cohort.memberships.select_related("user", "cohort").order_by("pk")[0]


def put(cohort: Cohort, file: Any = None) -> MemberPhoto:
    return services.put_photo(actor=teacher_of(cohort), membership=first(cohort), file=file or portrait())


def stage(cohort: Cohort, files: dict[str, bytes]) -> PhotoBatch:
    return services.stage_batch(actor=teacher_of(cohort), cohort=cohort, file=packed(files))


def reasons(cohort: Cohort, files: dict[str, bytes]) -> dict[str, str]:
    return {entry.name: entry.refusal for entry in entries_of(stage(cohort, files))}


# One picture.


def test_a_picture_is_cut_to_size_and_loses_what_the_camera_adds(cohort: Cohort) -> None:
    image, exif = Image.new("RGB", (900, 600), "#446688"), Image.Exif()
    exif[0x8769] = {0x9286: b"secret place"}
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    put(cohort, SimpleUploadedFile("a.jpg", out.getvalue()))
    data = photo_bytes(first(cohort))
    assert data and b"secret place" in out.getvalue() and b"secret place" not in data
    kept = Image.open(io.BytesIO(data))
    assert (kept.size, kept.format, dict(kept.getexif())) == ((500, 700), "JPEG", {})


def test_a_new_picture_takes_the_place_of_the_old_and_its_file(
    cohort: Cohort, django_capture_on_commit_callbacks: Any
) -> None:
    old = put(cohort)
    storage, name = old.file.storage, old.file.name
    assert put(cohort).added_at == old.added_at, "the same picture changes nothing"
    with django_capture_on_commit_callbacks(execute=True):
        new = put(cohort, portrait(color="#aa3333"))
    assert MemberPhoto.objects.count() == 1 and new.sha256 != old.sha256
    assert not storage.exists(name) and storage.exists(new.file.name)
    with django_capture_on_commit_callbacks(execute=True):
        services.remove_photo(actor=teacher_of(cohort), membership=first(cohort))
    assert not MemberPhoto.objects.exists() and not storage.exists(new.file.name)


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("a.jpg", b""), "文件是空的"),
        (SimpleUploadedFile("a.jpg", b"<html>"), "内容不是图片"),
        (SimpleUploadedFile("a.jpg", picture()[:300]), "损坏或无法识别"),
        (SimpleUploadedFile("机密.jpg", picture()), "机密"),
        (SimpleUploadedFile("a.jpg", picture(100, 100)), "照片太小"),
    ],
)
def test_pictures_that_are_refused(cohort: Cohort, file: SimpleUploadedFile, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        put(cohort, file)
    assert not MemberPhoto.objects.exists()


def test_the_picture_is_for_the_member_and_for_those_who_run_the_class(
    personas: dict[str, User], signed_in: Any
) -> None:
    cohort = CohortFactory(running=True, members=[personas["trainee"]], teacher=personas["class_teacher"])
    put(cohort)
    address = reverse("cohorts:photo", args=[first(cohort).public_id])
    for key in ("trainee", "class_teacher", "training_office"):
        answer = signed_in(personas[key]).get(address)
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
        assert answer.headers["Cache-Control"] == "private, no-store"
    assert signed_in(personas["leader"]).get(address).status_code == 403
    for key in ("other_trainee", "other_teacher", "content_editor"):
        assert signed_in(personas[key]).get(address).status_code == 404


# A packed folder.


def test_a_folder_is_looked_at_then_taken_as_a_job(cohort: Cohort) -> None:
    one, other, _third = cohort.memberships.select_related("user").order_by("pk")
    batch = stage(
        cohort,
        {
            f"照片/{one.user.work_number}.jpg": picture(),
            f"{other.user.work_number.lower()}.PNG": picture(kind="PNG"),
            "ZZ99.jpg": picture(),
            "__MACOSX/._a.jpg": b"x",
            "照片/.DS_Store": b"x",
        },
    )
    found = entries_of(batch)
    assert [(e.name, bool(e.refusal)) for e in found] == [
        (f"照片/{one.user.work_number}.jpg", False),
        (f"{other.user.work_number.lower()}.PNG", False),
        ("ZZ99.jpg", True),
    ]
    assert not MemberPhoto.objects.exists(), "the preview writes nothing"
    job = jobs.run_now(services.order_batch(actor=teacher_of(cohort), batch=batch))
    assert job.state == "done" and job.result["succeeded"] == 2
    assert [r.reason for r in job.refusals.all()] == ["ZZ99.jpg：本班没有这个工号，请用工号命名照片。"]
    assert set(MemberPhoto.objects.values_list("membership", flat=True)) == {one.pk, other.pk}
    batch.refresh_from_db()
    assert not batch.file
    with pytest.raises(DomainError, match="已经处理完毕"):
        services.order_batch(actor=teacher_of(cohort), batch=batch)


def test_a_folder_is_ordered_once(cohort: Cohort) -> None:
    batch = stage(cohort, {f"{first(cohort).user.work_number}.jpg": picture()})
    services.order_batch(actor=teacher_of(cohort), batch=batch)
    with pytest.raises(Conflict, match="已经在处理"):
        services.order_batch(actor=teacher_of(cohort), batch=batch)


def test_a_folder_without_a_usable_photo_is_not_taken(cohort: Cohort) -> None:
    with pytest.raises(DomainError, match="没有可以使用的照片"):
        services.order_batch(actor=teacher_of(cohort), batch=stage(cohort, {"ZZ99.jpg": picture()}))


def test_each_hostile_file_is_named_with_its_reason(cohort: Cohort) -> None:
    number = first(cohort).user.work_number
    gone = cohort.memberships.select_related("user").order_by("pk")[2]
    cohort.memberships.filter(pk=gone.pk).update(state="withdrawn", reason="退学")
    told = reasons(
        cohort,
        {
            f"../../{number}.jpg": picture(),
            f"/etc/{number}.jpg": picture(),
            f"..\\{number}.jpg": picture(),
            f"C:\\{number}.jpg": picture(),
            f"{number}.exe": b"MZ",
            f"{number}.svg": b"<svg/>",
            f"{number}.png": b"\x00" * 9_000_000,
            f"big/{number}.jpg": b"\x00" * (photo_zip.MOST_PHOTO_BYTES + 1),
            f"{gone.user.work_number}.jpg": picture(),
            f"{number}.webp": b"",
        },
    )
    words = ["路径"] * 4 + ["不是照片"] * 2 + ["压缩比例异常", "超过 10 MB", "已不在班", "文件是空的"]
    assert len(told) == len(words)
    for (name, reason), word in zip(told.items(), words, strict=True):
        assert word in reason, (name, reason)


def test_the_second_photo_of_a_person_is_refused_and_broken_ones_by_the_job(cohort: Cohort) -> None:
    one, other, third = (m.user.work_number for m in cohort.memberships.select_related("user").order_by("pk"))
    batch = stage(
        cohort,
        {f"{one}.jpg": picture(), f"b/{one}.jpg": picture(), f"{other}.jpg": b"\xff\xd8\xff broken", f"{third}.jpg":
            picture(60, 60)},
    )  # fmt: skip
    job = jobs.run_now(services.order_batch(actor=teacher_of(cohort), batch=batch))
    told = [r.reason for r in job.refusals.all()]
    assert [name.split("：")[0] for name in told] == [f"b/{one}.jpg", f"{other}.jpg", f"{third}.jpg"]
    assert "出现了两次" in told[0] and "损坏" in told[1] and "照片太小" in told[2]
    assert MemberPhoto.objects.get().membership == first(cohort)


def raw(data: bytes, name: str = "a.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data)


def test_what_is_no_folder_or_too_much_of_one_is_refused_at_once(
    cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(data: bytes, words: str, name: str = "a.zip") -> None:
        with pytest.raises(DomainError, match=words):
            services.stage_batch(actor=teacher_of(cohort), cohort=cohort, file=raw(data, name))
        assert not PhotoBatch.objects.exists()

    whole = packed({"a.jpg": picture()}).read()
    refused(b"", "不是 zip")
    refused(b"Rar!\x1a\x07\x00" + b"\x00" * 100, "不是 zip")
    refused(whole[:-30], "不是 zip")
    refused(b"PK\x05\x06" + b"\x00" * 18, "压缩包是空的")
    refused(packed({"x/.DS_Store": b"x"}).read(), "压缩包是空的")
    refused(packed({f"{n}.jpg": b"x" for n in range(501)}).read(), "超过 500 个")
    refused(whole, "秘密", "秘密名单.zip")
    end = whole.rfind(photo_zip.END)
    huge = whole[: end + 12] + struct.pack("<I", 80_000_000) + whole[end + 16 :]
    refused(huge, "文件太多")
    refused(whole[:end] + photo_zip.END_64 + b"\x00" * 16 + whole[end:], "文件太多")
    monkeypatch.setattr(photo_zip, "MOST_BYTES", 100)
    refused(whole, "超过 100 MB")


def test_a_folder_that_lies_about_sizes_is_read_no_further_than_a_photo(
    cohort: Cohort, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Header says 100 bytes, the stream holds far more: zipfile stops at the stated size and finds the check wrong."""
    monkeypatch.setattr(photo_zip, "MOST_PHOTO_BYTES", 50_000)
    number = first(cohort).user.work_number
    data = bytearray(packed({f"{number}.jpg": b"\x00" * 400_000}).read())
    central = bytes(data).rfind(b"PK\x01\x02")
    for at in (22, central + 24):
        data[at : at + 4] = struct.pack("<I", 100)
    (entry,) = photo_zip.read_entries(io.BytesIO(bytes(data)), {number.upper()})
    assert entry.refusal == ""
    with pytest.raises(DomainError, match=r"损坏|超过 10 MB"):
        photo_zip.read_photo(io.BytesIO(bytes(data)), entry.place)


def test_an_encrypted_file_is_named(cohort: Cohort) -> None:
    number = first(cohort).user.work_number
    data = bytearray(packed({f"{number}.jpg": picture()}).read())
    central = bytes(data).rfind(b"PK\x01\x02")
    data[6] |= 1
    data[central + 8] |= 1
    (entry,) = photo_zip.read_entries(io.BytesIO(bytes(data)), {number.upper()})
    assert "密码" in entry.refusal


def test_names_packed_in_china_are_read(cohort: Cohort) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as folder:
        folder.writestr(zipfile.ZipInfo("占位占位.jpg"), picture())
    data = out.getvalue().replace("占位占位.jpg".encode(), "照片照片照片".encode("gb18030") + b".jpg")
    data = data.replace(b"\x00\x08\x00\x00", b"\x00\x00\x00\x00")  # no longer says that names are UTF-8
    names = [e.name for e in photo_zip.read_entries(io.BytesIO(data), set())]
    assert names == ["照片照片照片.jpg"]


def test_an_earlier_folder_that_nobody_took_goes(cohort: Cohort, django_capture_on_commit_callbacks: Any) -> None:
    old = stage(cohort, {"a.jpg": picture()})
    with django_capture_on_commit_callbacks(execute=True):
        stage(cohort, {"b.jpg": picture()})
    assert PhotoBatch.objects.count() == 1 and not old.file.storage.exists(old.file.name)


# The certificate.


def with_photo() -> Cohort:
    cohort = ready_to_close(members=2)
    put(cohort)
    with clock.freeze(AFTER):
        services.close(actor=teacher_of(cohort), cohort=cohort)
    cohort.refresh_from_db()
    return cohort


def images(pdf: bytes) -> int:
    return pdf.count(b"/Filter /DCTDecode")


def test_the_certificate_prints_the_photo_and_can_be_drawn_again_to_the_byte() -> None:
    with_one, without = issue_all(with_photo())
    if with_one.photo is None:
        with_one, without = without, with_one
    assert images(bytes(with_one.pdf)) == 1 and images(bytes(without.pdf)) == 0 and without.photo is None
    for one in (with_one, without):
        again = draw_certificate(one.template.layout, one.printed, photo=bytes(one.photo) if one.photo else None)
        assert again == bytes(one.pdf)
    assert draw_certificate(with_one.template.layout, with_one.printed) != bytes(with_one.pdf), "the control"


def test_an_issued_certificate_keeps_its_photo_whatever_becomes_of_the_member_s() -> None:
    cohort = with_photo()
    one = next(c for c in issue_all(cohort) if c.photo)
    before = bytes(one.pdf)
    MemberPhoto.objects.all().delete()
    one.refresh_from_db()
    assert bytes(one.pdf) == before and draw_certificate(
        one.template.layout, one.printed, photo=bytes(one.photo)
    ) == before  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        type(one).objects.filter(pk=one.pk).update(photo=None)
    with clock.freeze(AFTER):
        successor = reissue(actor=office(), certificate=one, reason="补发申请")
    assert successor.photo is None and images(bytes(successor.pdf)) == 0


def test_a_photo_that_cannot_be_read_stops_the_certificate_with_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    cohort = closed(members=1)
    monkeypatch.setattr("certificates.services.issuing.photo_bytes", lambda member: b"broken")
    chosen = [c.membership.pk for c in candidates(cohort)]
    run = confirm_issuance(actor=office(), cohort=cohort, template=template(), members=chosen, client_key=uuid.uuid4())
    job = jobs.run_now(run.job)
    name = first(cohort).user.name
    assert [r.reason for r in job.refusals.all()] == [f"{name}：照片无法读取，请上传JPG或PNG格式的照片。"]
