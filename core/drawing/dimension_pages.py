"""The pages of a competency report that show a dimension: bars, anchors and the list of evidence."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from core.drawing.competency import (
    HIGHEST,
    DimensionResult,
    EvidenceLine,
    IndicatorResult,
    change,
    level,
)
from core.drawing.dates import chinese_date
from core.drawing.flow import LEFT, MEASURE, RIGHT, Piece, block_piece
from core.drawing.ink import AMBER, BLUE, INK, LINE, RED, SECONDARY, tint
from core.drawing.sheet import Sheet
from core.drawing.text import Block, Style, set_text

SIDE = 62.0
GAP = 8.0
TRACK = SIDE - 9
RIGHT_X = LEFT + SIDE + GAP
RIGHT_WIDTH = MEASURE - SIDE - GAP
SMALL = Style("sans", 7.5, SECONDARY, leading=1.36)
ANCHOR = Style("sans", 8.5, INK, leading=1.5)
LABEL = 15.0
BESIDE = 3


def dimension_pieces(dimension: DimensionResult, *, before: float) -> list[Piece]:
    """Return a dimension's heading and its indicators; the whole stays on one page when it fits on one.

    Indicators without any evidence are named in one paragraph instead of repeating empty bars.
    """
    heading = _heading_piece(dimension, before)
    shown = [indicator for indicator in dimension.indicators if indicator.evidence]
    bare = [indicator for indicator in dimension.indicators if not indicator.evidence]
    rest = [piece for indicator in shown for piece in _indicator_pieces(dimension, indicator)]
    if bare:
        rest.append(_bare_piece(bare))
    if not rest:
        rest = [_empty_piece("本维度没有指标记录。")]
    whole = heading.height + sum(piece.height + piece.before for piece in rest)
    return [Piece(heading.height, heading.draw, keep=True, before=before, room=min(whole, 236.0)), *rest]


def _bare_piece(indicators: Sequence[IndicatorResult]) -> Piece:
    names = "、".join(f"{indicator.code} {indicator.name}" for indicator in indicators)
    block = set_text(f"暂无证据的指标：{names}。", Style("sans", 8.5, SECONDARY, leading=1.6), MEASURE)
    return block_piece(block, LEFT, before=3.4)


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
    style = Style("sans-bold", 8, AMBER, align="center")
    sheet.pen(AMBER, 0.3)
    sheet.rounded(RIGHT - 20, y, 20, 6, 1)
    sheet.text("证据不足", RIGHT - 10, y + 0.9, style)


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
    """Return an indicator: the first lines of evidence stand beside its bars, the others follow below them."""
    again = _continued(indicator)
    lines = [_evidence_piece(line, again) for line in indicator.evidence] or [_empty_piece("暂无证据。")]
    head = _indicator_head(dimension, indicator, lines[:BESIDE])
    return [head, *lines[BESIDE:]]


def _indicator_head(dimension: DimensionResult, indicator: IndicatorResult, beside: Sequence[Piece]) -> Piece:
    name = set_text(f"{indicator.code}  {indicator.name}", Style("sans-bold", 9.5, INK, leading=1.45), SIDE)
    rows = [
        (label, set_text(text, ANCHOR, RIGHT_WIDTH - LABEL))
        for label, text in (
            ("目前表现", _now(dimension, indicator)),
            ("下一级", indicator.anchor_next or "—"),
        )
    ]
    bars = name.height + 1.4
    anchors = sum(block.height + 0.5 for _, block in rows) + 0.8
    height = max(bars + 8.4, anchors + sum(piece.height for piece in beside))

    def draw(sheet: Sheet, y: float) -> None:
        sheet.block(name, LEFT, y)
        for place, (label, value, color) in enumerate(_levels(dimension, indicator)):
            _bar(sheet, y + bars + place * 4.2, label, value, color, dimension.insufficient)
        top = y
        for label, block in rows:
            top = _anchor(sheet, label, block, top)
        top += 0.8
        for piece in beside:
            piece.draw(sheet, top)
            top += piece.height

    return Piece(height, draw, before=2.8)


def _levels(dimension: DimensionResult, indicator: IndicatorResult) -> tuple[tuple[str, Decimal | None, str], ...]:
    known = not dimension.insufficient
    before, after = (indicator.before, indicator.after) if known else (None, None)
    return ("训前", before, BLUE), ("训后", after, RED)


def _now(dimension: DimensionResult, indicator: IndicatorResult) -> str:
    return "证据不足，暂不判断。" if dimension.insufficient else indicator.anchor_now or "—"


def _anchor(sheet: Sheet, label: str, block: Block, y: float) -> float:
    sheet.text(label, RIGHT_X, y, Style("sans", 8.5, SECONDARY, leading=1.5))
    sheet.block(block, RIGHT_X + LABEL, y)
    return y + block.height + 0.5


def _bar(sheet: Sheet, y: float, label: str, value: Decimal | None, color: str, lacking: bool) -> None:
    """Draw one level as a bar from 0 to 5 with its figure; without a level the words 未评 or 证据不足."""
    x, width = LEFT + 8.0, TRACK - 8.0
    sheet.text(label, LEFT, y - 0.5, Style("sans", 7, SECONDARY, leading=1.4))
    sheet.brush(tint(color, 0.1))
    sheet.rectangle(x, y, width, 2.6, "f")
    if value is not None:
        sheet.brush(color)
        sheet.rectangle(x, y, width * float(max(min(value, HIGHEST), Decimal(0)) / HIGHEST), 2.6, "f")
    sheet.pen("#ffffff", 0.25)
    for step in range(1, 5):
        sheet.line((x + width * step / 5, y), (x + width * step / 5, y + 2.6))
    if value is not None:
        sheet.text(level(value), LEFT + SIDE, y - 0.85, Style("sans-bold", 8, color, "right"))
    else:
        missing = "证据不足" if lacking else "未评"
        sheet.text(missing, x + 1.2, y - 0.12, Style("sans", 6.5, SECONDARY, leading=1.24))


def _evidence_piece(line: EvidenceLine, again: Piece) -> Piece:
    kind = f"{line.phase}·{line.kind}" if line.phase else line.kind
    cells = ((0.0, 21.0, chinese_date(line.on)), (22.5, 27.5, kind), (51.5, RIGHT_WIDTH - 60.5, line.source))
    blocks = [(RIGHT_X + x, set_text(text, SMALL, width)) for x, width, text in cells]
    height = max(block.height for _, block in blocks) + 0.6
    score = f"{level(line.score)}分" if line.score is not None else "—"

    def draw(sheet: Sheet, y: float) -> None:
        sheet.pen(LINE, 0.15)
        sheet.line((RIGHT_X, y), (RIGHT, y))
        for x, block in blocks:
            sheet.block(block, x, y + 0.3)
        sheet.text(score, RIGHT, y + 0.3, Style("sans", 7.5, INK, "right", leading=1.36))

    return Piece(height, draw, again=again)


def _continued(indicator: IndicatorResult) -> Piece:
    block = set_text(f"{indicator.code}  {indicator.name}（续）", Style("sans-bold", 9, INK, leading=1.6), MEASURE)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.block(block, LEFT, y)

    return Piece(block.height + 1, draw)


def _empty_piece(text: str) -> Piece:
    block = set_text(text, SMALL, RIGHT_WIDTH)

    def draw(sheet: Sheet, y: float) -> None:
        sheet.block(block, RIGHT_X, y)

    return Piece(block.height + 1, draw)
