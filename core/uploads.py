"""The one door for uploads: size, then type by decoding, then re-encoding; a random name; no marked secrets."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import uuid
import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from core.errors import DomainError
from core.spreadsheets.reader import read_workbook
from core.spreadsheets.writer import XLSX

MARKS = ("绝密", "机密", "秘密", "内部")
MAX_PIXELS = 50_000_000  # a phone's largest photo; beyond it decoding takes too much memory
LONGEST_SIDE = 4000
FORMATS = {"JPEG": (".jpg", "image/jpeg"), "PNG": (".png", "image/png"), "WEBP": (".webp", "image/webp")}
UNREADABLE_IMAGE = (
    UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError, OverflowError, TypeError,
)  # fmt: skip
ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")


@dataclass(frozen=True)
class CheckedFile:
    """An upload that passed: bytes to keep, a random name to keep them under, the person's own name to show."""

    name: str
    original_name: str
    kind: str
    content_type: str
    data: bytes
    sha256: str


def checked_upload(file: UploadedFile, *, kinds: Collection[str], max_bytes: int) -> CheckedFile:
    """The upload if it is one of ``kinds`` (image, pdf, spreadsheet) and within ``max_bytes``; else DomainError.

    ``data`` of an image is encoded anew, upright, without its metadata and at most 4000 pixels a side;
    ``sha256`` is of ``data``.
    """
    unknown = set(kinds) - set(CHECKS)
    if unknown or not kinds:
        raise ValueError(f"unknown kinds of upload: {sorted(unknown)}")
    name = shown_name(file.name or "")
    refuse_marked(name)
    data = _read(file, max_bytes)
    kind = _kind_of(data)
    if kind not in kinds:
        raise DomainError(wrong_kind(kinds), code="wrong_type")
    data, extension, content_type = CHECKS[kind](data, name)
    digest = hashlib.sha256(data).hexdigest()
    return CheckedFile(f"{uuid.uuid4().hex}{extension}", name, kind, content_type, data, digest)


def shown_name(name: str) -> str:
    """The file's own name without path, control characters and reversed writing; at most 120 characters."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    clean = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    return clean.strip()[-120:] or _("未命名文件")


def refuse_marked(name: str) -> None:
    """DomainError for a file whose name carries a mark of secrecy."""
    letters = "".join(c for c in unicodedata.normalize("NFKC", name) if c.isalnum())
    mark = next((mark for mark in MARKS if mark in letters), None)
    if mark:
        words = _(
            "文件名含有“%(mark)s”字样。本系统为非涉密系统，不得上传、处理国家秘密和内部资料；"
            "确认文件不涉密的，请改用不带此字样的文件名后再上传。"
        )
        raise DomainError(words % {"mark": mark}, code="marked")


def megabytes(size: int) -> str:
    """10 MB, 1.5 MB, 200 KB."""
    if size < 1024 * 1024:
        return f"{max(1, size // 1024)} KB"
    return f"{size / 1024 / 1024:.1f}".removesuffix(".0") + " MB"


def wrong_kind(kinds: Collection[str]) -> str:
    words = {"image": _("图片（jpg、png、webp）"), "pdf": "PDF", "spreadsheet": _("表格（xlsx、xls、csv）")}
    listed = _("或").join(words[kind] for kind in CHECKS if kind in kinds)
    return _("这个文件的内容不是%(kinds)s，请换一个文件。") % {"kinds": listed}


def _read(file: UploadedFile, max_bytes: int) -> bytes:
    """The bytes, never more than allowed whatever the file says about itself."""
    file.seek(0)
    data = file.read(max_bytes + 1)
    if not data:
        raise DomainError(_("文件是空的，请重新选择。"), code="empty")
    if len(data) > max_bytes:
        words = _("文件超过 %(limit)s，请压缩或拆分后再上传。") % {"limit": megabytes(max_bytes)}
        raise DomainError(words, code="too_big")
    return bytes(data)


def _kind_of(data: bytes) -> str:
    """By the first bytes; the checks below prove it."""
    if data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return "image"
    return "pdf" if data.startswith(b"%PDF-") else "spreadsheet"


def _check_image(data: bytes, name: str) -> tuple[bytes, str, str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _encoded_anew(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as bomb:
        raise _too_many_pixels() from bomb
    except UNREADABLE_IMAGE as trouble:
        raise _bad_image() from trouble


def _too_many_pixels() -> DomainError:
    return DomainError(_("图片的像素过大（超过 5000 万）。请缩小后再上传。"), code="too_big")


def _bad_image() -> DomainError:
    return DomainError(_("图片已损坏或无法识别，请重新保存为 jpg 或 png 后再上传。"), code="broken")


def _encoded_anew(data: bytes) -> tuple[bytes, str, str]:
    with Image.open(io.BytesIO(data), formats=list(FORMATS)) as image:
        kind = image.format or ""
        if image.width * image.height > MAX_PIXELS:
            raise _too_many_pixels()
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        bare = upright.convert("RGB" if kind == "JPEG" else "RGBA" if _has_alpha(upright) else "RGB")
        bare.info = {}
        out = io.BytesIO()
        bare.save(out, kind, **({} if kind == "PNG" else {"quality": 88}))
    return out.getvalue(), *FORMATS[kind]


def _has_alpha(image: Image.Image) -> bool:
    return image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info


def _check_pdf(data: bytes, name: str) -> tuple[bytes, str, str]:
    if b"%%EOF" not in data[-2048:] or b"startxref" not in data:
        raise DomainError(_("PDF 不完整或已损坏，请重新导出后再上传。"), code="broken")
    if ACTIVE_PDF.search(data):
        raise DomainError(_("PDF 含有脚本或附件，不能上传。请用“打印为 PDF”重新导出。"), code="active")
    return data, ".pdf", "application/pdf"


def _check_spreadsheet(data: bytes, name: str) -> tuple[bytes, str, str]:
    read_workbook(name, data)
    if data.startswith(b"PK"):
        return data, ".xlsx", XLSX
    if data.startswith(b"\xd0\xcf"):
        return data, ".xls", "application/vnd.ms-excel"
    return data, ".csv", "text/csv"


CHECKS: dict[str, Callable[[bytes, str], tuple[bytes, str, str]]] = {
    "image": _check_image,
    "pdf": _check_pdf,
    "spreadsheet": _check_spreadsheet,
}
