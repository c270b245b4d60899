"""The pages of a competency report that show a dimension: bars, anchors and the list of evidence."""

from __future__ import annotations

from decimal import Decimal

from core.drawing.competency import (
    HIGHEST,
    DimensionResult,
    EvidenceLine,
    IndicatorResult,
    change,
    chinese_date,
    level,
)
from core.drawing.flow import LEFT, MEASURE, RIGHT, Piece
from core.drawing.ink import AMBER, BLUE, GREY, INK, LINE, RED, SECONDARY, tint
from core.drawing.sheet import Sheet
from core.drawing.text import Block, Style, set_text

SIDE = 62.0
GAP = 8.0
TRACK = SIDE - 9
RIGHT_X = LEFT + SIDE + GAP
RIGHT_WIDTH = MEASURE - SIDE - GAP
SMALL = Style("sans", 7.5, SECONDARY, leading=1.45)
ANCHOR = Style("sans", 8.5, INK, leading=1.5)
LABEL = 15.0


def dimension_pieces(dimension: DimensionResult, *, before: float) -> list[Piece]:
    """Return a dimension's heading and its indicators; the whole stays on one page when it fits on one."""
    heading = _heading_piece(dimension, before)
    rest = [piece for indicator in dimension.indicators for piece in _indicator_pieces(dimension, indicator)]
    if not rest:
        rest = [_empty_piece("本维度没有指标记录。")]
    whole = heading.height + sum(piece.height + piece.before for piece in rest)
    return [Piece(heading.height, heading.draw, keep=True, before=before, room=min(whole, 236.0)), *rest]


def _heading_piece(dimension: DimensionResult, before: float) -> Piece:
    name = set_text(f"{dimension.code}  {dimension.name}", Style("serif-bold", 14, INK, leading=1.4), MEASURE - 34)
    facts = set_text(_facts(dimension), Style("sans", 8.5, SECONDARY, leading=1.55), MEASURE)
    height = name.height + facts.height + 3.4

    def draw(sheet: Sheet, y: float) -> None:
        sheet.block(name, LEFT, y)
        if dimension.insufficient:
            _badge(sheet, y + 1.2)
        sheet.block(facts, LEFT, y + name.height + 0.6)
        sheet.pen(RED, 0.4)
        sheet.line((LEFT, y + height - 1), (RIGHT, y + height - 1))

    return Piece(height, draw, keep=True, before=before)


def _badge(sheet: Sheet, y: float) -> None:
    style = Style("sans-bold", 8, AMBER, align="right")
    sheet.pen(AMBER, 0.3)
    sheet.rounded(RIGHT - 20, y, 20, 6, 1)
    sheet.text("证据不足", RIGHT - 3.6, y + 0.9, style)


def _facts(dimension: DimensionResult) -> str:
    kinds = "、".join(dimension.kinds) or "暂无"
    count = f"证据{dimension.n}条（{kinds}）" if dimension.n else "暂无证据"
    if dimension.insufficient:
        return f"{count}。少于两类证据时不作评价，以下仅列出已有记录。"
    spread = f"，区间{level(dimension.low)}–{level(dimension.high)}" if dimension.low and dimension.high else ""
    group = f"；同班平均{level(dimension.group)}" if dimension.group is not None else ""
    levels = f"培训前{level(dimension.before)}，培训后{level(dimension.after)}{spread}"
    return f"{levels}，变化{change(dimension.before, dimension.after)}{group}。{count}。"


def _indicator_pieces(dimension: DimensionResult, indicator: IndicatorResult) -> list[Piece]:
    head = _indicator_head(indicator)
    again = _continued(indicator)
    if not indicator.evidence:
        return [Piece(head.height, head.draw, keep=True, before=2), _empty_piece("暂无证据。")]
    lines = [_evidence_piece(line, again) for line in indicator.evidence]
    return [Piece(head.height, head.draw, keep=True, before=2), *lines]


def _indicator_head(indicator: IndicatorResult) -> Piece:
    name = set_text(f"{indicator.code}  {indicator.name}", Style("sans-bold", 9.5, INK, leading=1.45), SIDE)
    rows = [
        (label, set_text(text or "—", ANCHOR, RIGHT_WIDTH - LABEL))
        for label, text in (("目前表现", indicator.anchor_now), ("下一级", indicator.anchor_next))
    ]
    bars = name.height + 1.6
    height = max(bars + 9.2, sum(block.height + 0.8 for _, block in rows)) + 1.4

    def draw(sheet: Sheet, y: float) -> None:
        sheet.block(name, LEFT, y)
        _bar(sheet, y + bars, "前", indicator.before, BLUE)
        _bar(sheet, y + bars + 4.4, "后", indicator.after, RED)
        top = y
        for label, block in rows:
            top = _anchor(sheet, label, block, top)

    return Piece(height, draw, keep=True)


def _anchor(sheet: Sheet, label: str, block: Block, y: float) -> float:
    sheet.text(label, RIGHT_X, y, Style("sans", 8.5, SECONDARY, leading=1.5))
    sheet.block(block, RIGHT_X + LABEL, y)
    return y + block.height + 0.8


def _bar(sheet: Sheet, y: float, label: str, value: Decimal | None, color: str) -> None:
    """Draw one level as a bar from 0 to 5 with its figure; without a level the words 未评."""
    x, width = LEFT + 4.5, TRACK - 4.5
    sheet.text(label, LEFT, y - 0.5, Style("sans", 7, SECONDARY, leading=1.4))
    sheet.brush(tint(color, 0.1))
    sheet.rectangle(x, y, width, 2.6, "f")
    if value is not None:
        sheet.brush(color)
        sheet.rectangle(x, y, width * float(max(min(value, HIGHEST), Decimal(0)) / HIGHEST), 2.6, "f")
    sheet.pen("#ffffff", 0.25)
    for step in range(1, 5):
        sheet.line((x + width * step / 5, y), (x + width * step / 5, y + 2.6))
    text = level(value) if value is not None else "未评"
    style = Style("sans-bold" if value is not None else "sans", 8, color if value is not None else GREY, "right")
    sheet.text(text, LEFT + SIDE, y - 0.85, style)


COLUMNS = (0.0, 30.0, 84.0)


def _evidence_piece(line: EvidenceLine, again: Piece) -> Piece:
    kind = f"{line.phase} · {line.kind}" if line.phase else line.kind
    blocks = [
        (LEFT + COLUMNS[0], set_text(chinese_date(line.on), SMALL, 29)),
        (LEFT + COLUMNS[1], set_text(kind, SMALL, 52)),
        (LEFT + COLUMNS[2], set_text(line.source, SMALL, MEASURE - COLUMNS[2] - 16)),
    ]
    height = max(block.height for _, block in blocks) + 0.9
    score = f"{level(line.score)}分" if line.score is not None else "—"

    def draw(sheet: Sheet, y: float) -> None:
        sheet.pen(LINE, 0.15)
        sheet.line((LEFT, y), (RIGHT, y))
        for x, block in blocks:
            sheet.block(block, x, y + 0.45)
        sheet.text(score, RIGHT, y + 0.45, Style("sans", 7.5, INK, "right", leading=1.45))

    return Piece(height, draw, again=again)


def _continued(indicator: IndicatorResult) -> Piece:
    block = set_text(f"{indicator.code}  {indicator.name}（续）", Style("sans-bold", 9, INK, leading=1.6), MEASURE)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.block(block, LEFT, y)

    return Piece(block.height + 1, draw)


def _empty_piece(text: str) -> Piece:
    block = set_text(text, SMALL, MEASURE)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.block(block, LEFT, y)

    return Piece(block.height + 1, draw)
