"""Synthetic people and results for the drawing tests."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

from PIL import Image, ImageDraw

from core.drawing import CompetencyReport, DimensionResult, EvidenceLine, IndicatorResult, sample_values

LONG_NAME = "阿卜杜热合曼·吐尔逊江·买买提"
LONG_UNIT = "某某自治州住房和城乡建设局（人民防空办公室）城市更新与历史文化名城保护中心"
LONG_CLASS = "全面推进依法行政与数字政府建设能力提升专题研讨班暨新任县处级领导干部任职培训班（第12期）"


def photo(width: int = 600, height: int = 840, kind: str = "JPEG") -> bytes:
    """Return a drawn portrait."""
    picture = Image.new("RGB", (width, height), (94, 140, 190))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((width * 0.28, height * 0.24, width * 0.72, height * 0.62), fill=(236, 203, 178))
    pen.ellipse((width * 0.1, height * 0.66, width * 0.9, height * 1.4), fill=(40, 50, 70))
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def values(**changes: str) -> dict[str, str]:
    """Return the sample values with some of them changed."""
    return sample_values() | changes


def long_values() -> dict[str, str]:
    """Return values as long as they come."""
    return values(name=LONG_NAME, unit=LONG_UNIT, post="党组成员、副局长、二级调研员", class_name=LONG_CLASS,
                  dates="2026年12月28日至2027年1月8日")  # fmt: skip


NAMES = (
    "政治能力与决策执行",
    "行政体制改革与协同",
    "数字化治理",
    "人才与队伍建设",
    "法治与监督",
    "公共服务与公众参与",
)


def evidence(count: int) -> tuple[EvidenceLine, ...]:
    """Return numbered lines of evidence."""
    kinds = ("前后测试题", "任务评分", "教师观察")
    return tuple(
        EvidenceLine(date(2026, 9, 7 + at % 5), kinds[at % 3], f"记录{at + 1:02}", Decimal(20 + at % 25) / 10, "培训后")
        for at in range(count)
    )


def dimension(place: int, *, lines: int = 3, anchor: str = "能按规则申请和使用数据", lacking: bool = False,
              indicators: int = 4) -> DimensionResult:  # fmt: skip
    """Return one dimension's result."""
    code = "ABCDEF"[place]
    rows = tuple(
        IndicatorResult(
            f"{code}{at}",
            f"指标{code}{at}",
            Decimal("2.2"),
            Decimal("3.1"),
            anchor,
            "能推动多部门数据治理",
            evidence(lines),
        )
        for at in range(1, indicators + 1)
    )
    if lacking:
        return DimensionResult(code, NAMES[place], group=Decimal("2.9"), n=lines * indicators, kinds=("前后测试题",),
                               insufficient=True, indicators=rows)  # fmt: skip
    return DimensionResult(code, NAMES[place], Decimal("2.35"), Decimal("3.25"), Decimal("2.9"), Decimal("2.8"),
                           Decimal("3.6"), lines * indicators, ("前后测试题", "任务评分"), False, rows)  # fmt: skip


def report(dimensions: tuple[DimensionResult, ...] | None = None, **changes: object) -> CompetencyReport:
    """Return a report of a fictional cadre."""
    rows = dimensions if dimensions is not None else tuple(dimension(at, lacking=at == 0) for at in range(6))
    facts: dict[str, object] = {
        "person": "王敏", "unit": "市大数据管理局", "post": "副局长", "cohort": "数字政府与依法行政领航班（第3期）",
        "window_from": date(2026, 9, 7), "window_to": date(2026, 9, 11), "framework": "干部核心能力框架（第1版）",
        "issued_on": date(2026, 9, 14), "dimensions": rows, "issuer": "领航示范培训中心（虚构）",
        "strengths": ("能推动数据共享。", "能把好合法性关。", "能精简流程。"),
        "next_steps": ("牵头一次数据共享论证。", "参加一次合法性审查。", "完成一项压减试点。"),
        "sources": ("入学测试，2026年9月7日，20题", "结业考试，2026年9月11日，20题"), "group_size": 48,
        "marker": "示范样本·不具效力",
    }  # fmt: skip
    return CompetencyReport(**(facts | changes))  # type: ignore[arg-type]
