"""One door for uploads: what is inside decides, not what the file calls itself."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.errors import DomainError
from core.spreadsheets.writer import SheetSpec, write_xlsx
from core.uploads import LONGEST_SIDE, checked_upload, megabytes, shown_name

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\nxref\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
ALL = ("image", "pdf", "spreadsheet")


def picture(kind: str = "JPEG", size=(60, 40), mode: str = "RGB", **more) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red").save(out, kind, **more)
    return out.getvalue()


def upload(data: bytes, name: str = "文件.bin", kinds=ALL, max_bytes: int = 10 * 1024 * 1024):
    return checked_upload(SimpleUploadedFile(name, data), kinds=kinds, max_bytes=max_bytes)


def refusal(*args, **more) -> DomainError:
    with pytest.raises(DomainError) as caught:
        upload(*args, **more)
    assert caught.value.message.endswith("。")
    return caught.value


def png_claiming(width: int, height: int) -> bytes:
    """A small file that unfolds to width × height pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 9999)) + chunk(b"IEND", b"")
    )


class TestImages:
    @pytest.mark.parametrize(("kind", "end"), [("JPEG", ".jpg"), ("PNG", ".png"), ("WEBP", ".webp")])
    def test_they_are_encoded_anew_under_a_random_name(self, kind, end):
        checked = upload(picture(kind), "照片.exe")
        assert checked.name.endswith(end) and checked.name != upload(picture(kind)).name
        assert checked.original_name == "照片.exe" and checked.kind == "image"
        assert Image.open(io.BytesIO(checked.data)).format == kind
        assert checked.sha256 == hashlib.sha256(checked.data).hexdigest()

    def test_metadata_and_what_hangs_behind_the_picture_are_gone_and_it_stands_upright(self):
        exif = Image.Exif()
        exif[0x010E], exif[0x0112] = "经纬度在此", 6
        data = picture(exif=exif) + b"<script>alert(1)</script>"
        checked = upload(data)
        assert b"script" not in checked.data and "经纬度".encode() not in checked.data
        assert Image.open(io.BytesIO(checked.data)).size == (40, 60)

    def test_large_ones_are_made_smaller(self):
        checked = upload(picture(size=(6000, 3000)))
        assert max(Image.open(io.BytesIO(checked.data)).size) == LONGEST_SIDE

    @pytest.mark.parametrize("mode", ["L", "P", "LA", "RGBA", "1"])
    def test_every_mode_of_png(self, mode):
        out = io.BytesIO()
        Image.new(mode, (9, 9)).save(out, "PNG")
        assert upload(out.getvalue()).content_type == "image/png"

    def test_a_bomb_is_refused_by_its_header(self):
        for side in (8_000, 12_000, 30_000):
            bomb = png_claiming(side, side)
            assert len(bomb) < 500
            assert refusal(bomb).code == "too_big"

    @pytest.mark.parametrize(
        "data", [picture()[:200], b"\xff\xd8\xff" + b"x" * 99, b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP"]
    )
    def test_broken_ones_are_refused(self, data):
        assert refusal(data).code == "broken"

    @settings(max_examples=60, deadline=None)
    @given(st.data())
    def test_damaged_ones_are_taken_or_refused_never_more(self, data):
        good = bytearray(picture(data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))))
        for _ in range(data.draw(st.integers(1, 8))):
            good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
        try:
            upload(bytes(good))
        except DomainError as refused:
            assert refused.message  # noqa: PT017


class TestOthers:
    def test_a_pdf_is_kept_as_it_is(self):
        checked = upload(PDF, "发文.pdf")
        assert checked.data == PDF and checked.name.endswith(".pdf")

    @pytest.mark.parametrize(("data", "code"), [
        (b"%PDF-1.7 cut", "broken"), (PDF.replace(b"<<>>", b"<</JavaScript (x)>>", 1), "active"),
        (PDF.replace(b"<<>>", b"<</Launch (x)>>", 1), "active"),
    ])  # fmt: skip
    def test_a_pdf_that_is_cut_off_or_acts_is_refused(self, data, code):
        assert refusal(data).code == code

    def test_spreadsheets_by_what_is_in_them(self):
        checked = upload(write_xlsx([SheetSpec("表", ["姓名"], [["张三"]])]), "名单.pdf")
        assert checked.kind == "spreadsheet" and checked.name.endswith(".xlsx")
        assert upload("姓名,工号\n张三,1\n".encode("gb18030")).name.endswith(".csv")

    @pytest.mark.parametrize("data", [b"MZ\x90\x00\x03", b"\x7fELF\x01", b"PK\x03\x04zip", b"<html></html>"])
    def test_programs_archives_and_web_pages_are_refused(self, data):
        assert refusal(data, "照片.jpg").code in {"wrong_type", "broken"}

    def test_a_kind_that_is_not_asked_for_is_refused_with_those_that_are(self):
        refused = refusal(PDF, kinds=["image"])
        assert refused.message == "这个文件的内容不是图片（jpg、png、webp），请换一个文件。"

    def test_size_and_emptiness(self):
        assert "1 KB" in refusal(b"x" * 2000, max_bytes=1024).message
        assert refusal(b"").code == "empty"
        assert [megabytes(n) for n in (10, 200 * 1024, 10 * 1024**2, 1572864)] == ["1 KB", "200 KB", "10 MB", "1.5 MB"]

    def test_an_unknown_kind_is_the_programmers_fault(self):
        with pytest.raises(ValueError, match="movie"):
            upload(PDF, kinds=["movie"])


class TestNames:
    @pytest.mark.parametrize("name", ["【机密】方案.pdf", "秘 密.pdf", "绝-密.pdf", "内部资料.pdf", "机\u200b密.pdf"])
    def test_marked_names_are_refused_with_the_reason(self, name):
        refused = refusal(PDF, name)
        assert refused.code == "marked" and "非涉密系统" in refused.message

    def test_the_control_an_unmarked_name_passes(self):
        assert upload(PDF, "保密教育.pdf").original_name == "保密教育.pdf"

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ("../../etc/passwd", "passwd"),
            ("C:\\x\\名单.xlsx", "名单.xlsx"),
            ("a\x00\u202eb.pdf", "ab.pdf"),
            ("\u200b", "未命名文件"),
        ],
    )
    def test_the_shown_name_has_no_path_and_nothing_invisible(self, name, shown):
        assert shown_name(name) == shown
