"""Activation slips to cut apart: one person's first sign-in on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.drawing.dates import chinese_date
from core.drawing.ink import GREY, INK, LINE, RED, SECONDARY
from core.drawing.qr import draw_qr
from core.drawing.sheet import Sheet
from core.drawing.text import POINT, Style, fit_text

WIDTH, HEIGHT = 210.0, 297.0
PER_PAGE = 6
MARGIN = 14.0
TOP = 21.0
SLIP = (HEIGHT - TOP - 15.0) / PER_PAGE
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
UNCLASSIFIED = "本系统为非涉密系统，严禁存储、处理、传输国家秘密。"
INSTRUCTION = "扫码或在浏览器中打开上面的网址，输入工号和激活码，按提示设置本人密码。激活码只能使用一次，请勿转交他人。"


@dataclass(frozen=True, slots=True)
class ActivationSlip:
    """What one slip says; ``code`` uses CODE_ALPHABET (no 0/O, 1/I/L) and may hold hyphens."""

    name: str
    unit: str
    work_number: str
    code: str
    start_url: str
    valid_until: date
    start_label: str = ""


class AmbiguousCode(ValueError):
    """An activation code holds characters that people mistake for others."""


def draw_slips(slips: Sequence[ActivationSlip], *, title: str = "首次登录激活单", created: date | None = None) -> bytes:
    """Draw the slips unit by unit, six to an A4 page with lines to cut along, and return the PDF's bytes.

    Raises ValueError for no slips, AmbiguousCode, MissingGlyphs or TextDoesNotFit.
    """
    if not slips:
        raise ValueError("没有需要打印的激活单。")
    pages = _pages(slips)
    sheet = Sheet(WIDTH, HEIGHT, title=title, created=created)
    for number, (unit, place, of, page) in enumerate(pages, 1):
        if number > 1:
            sheet.next_page()
        _draw_head(sheet, title, unit, f"本单位第 {place} / {of} 页 · 总第 {number} / {len(pages)} 页")
        for row, slip in enumerate(page):
            _draw_slip(sheet, slip, TOP + row * SLIP)
        _cut(sheet, TOP + len(page) * SLIP)
    return sheet.finish()


def _pages(slips: Sequence[ActivationSlip]) -> list[tuple[str, int, int, list[ActivationSlip]]]:
    """Begin each unit on a new page, so that its slips can be handed over together."""
    units: dict[str, list[ActivationSlip]] = {}
    for slip in slips:
        units.setdefault(slip.unit, []).append(slip)
    pages: list[tuple[str, int, int, list[ActivationSlip]]] = []
    for unit, rows in units.items():
        parts = [rows[at : at + PER_PAGE] for at in range(0, len(rows), PER_PAGE)]
        pages.extend((unit, place, len(parts), part) for place, part in enumerate(parts, 1))
    return pages


def _draw_head(sheet: Sheet, title: str, unit: str, pages: str) -> None:
    sheet.block(
        fit_text(f"{title} · {unit}", Style("serif-bold", 11.5, INK, leading=1.3), 125, 6, most_lines=1),
        MARGIN,
        11,
    )
    sheet.text(pages, WIDTH - MARGIN, 12, Style("sans", 7.5, SECONDARY, align="right"))


def _cut(sheet: Sheet, y: float) -> None:
    sheet.pen(GREY, 0.15, (1.6, 1.4))
    sheet.line((MARGIN, y), (WIDTH - MARGIN, y))
    sheet.text("✂", MARGIN - 5.5, y - 2.1, Style("sans", 8, GREY, leading=1.5))


def _draw_slip(sheet: Sheet, slip: ActivationSlip, y: float) -> None:
    _cut(sheet, y)
    right = WIDTH - MARGIN
    name = fit_text(slip.name, Style("serif-bold", 15, INK, leading=1.3), 58, 7, most_lines=1)
    sheet.block(name, MARGIN, y + 4)
    sheet.block(fit_text(slip.unit, Style("sans", 8.5, SECONDARY, leading=1.35), 58, 12), MARGIN, y + 12.5)
    _fact(sheet, "工号", slip.work_number, MARGIN, y + 26)
    _draw_code(sheet, slip, MARGIN + 62, y + 4)
    draw_qr(sheet, slip.start_url, right - 26, y + 3.2, 26)
    instruction = fit_text(INSTRUCTION, Style("sans", 7.5, INK, leading=1.4), right - MARGIN - 30, 7.2)
    sheet.block(instruction, MARGIN, y + 32.4)
    sheet.text(UNCLASSIFIED, MARGIN, y + 36.9, Style("sans", 7, RED, leading=1.4))


def _fact(sheet: Sheet, label: str, value: str, x: float, y: float) -> None:
    sheet.text(label, x, y, Style("sans", 8, SECONDARY, leading=1.4))
    sheet.block(fit_text(value, Style("sans-bold", 9.5, INK, leading=1.2), 46, 5, most_lines=1), x + 10, y - 0.1)


def _draw_code(sheet: Sheet, slip: ActivationSlip, x: float, y: float) -> None:
    width = 86.0
    sheet.text("一次性激活码", x, y, Style("sans", 8, SECONDARY, leading=1.4))
    _monospaced(sheet, slip.code, x, y + 5.2, width)
    label = slip.start_label or slip.start_url
    address = fit_text(f"网址  {label}", Style("sans", 8.5, INK, leading=1.35), width, 8.5)
    sheet.block(address, x, y + 16.2)
    until = f"有效期至{chinese_date(slip.valid_until)}"
    sheet.text(
        until,
        x,
        y + 22.1 + (address.height - 4 if len(address.lines) > 1 else 0),
        Style("sans", 8, SECONDARY, leading=1.4),
    )


def _monospaced(sheet: Sheet, code: str, x: float, y: float, width: float) -> None:
    """Set a code with equal room for each character, each in its own field."""
    wrong = sorted(set(code) - set(CODE_ALPHABET) - {"-"})
    if wrong or not code:
        raise AmbiguousCode(f"激活码中有容易认错的字符：{'、'.join(wrong) or '空白'}。请重新生成激活码。")
    step = min(7.4, width / len(code))
    size = min(17.0, step * 0.82 / POINT / 0.62)
    style = Style("sans-bold", size, INK, align="center", leading=1.2)
    sheet.raw(f"/Span << /ActualText <FEFF{code.encode('utf-16-be').hex().upper()}> >> BDC")
    for place, char in enumerate(code):
        middle = x + (place + 0.5) * step
        if char != "-":
            sheet.pen(LINE, 0.25)
            sheet.rounded(middle - step / 2 + 0.35, y, step - 0.7, 9, 0.8)
        sheet.text(char, middle, y + (9 - size * 1.2 * POINT) / 2, style)
    sheet.raw("EMC")
