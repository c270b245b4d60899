"""Writes the sample roster and its units (synthetic people only) to portal/demo/data/; the same content every time."""

from __future__ import annotations

import csv
import random
from datetime import date, datetime, timedelta
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

FOLDER = Path(__file__).resolve().parents[1] / "portal" / "demo" / "data"
UNITS = [
    ("YS", "云山市（虚构）", ""),
    ("YS01", "中共云山市委组织部（虚构）", "YS"),
    ("YS02", "云山市领航干部学院（虚构）", "YS"),
    ("YS11", "云山市大数据管理局（虚构）", "YS"),
    ("YS12", "云山市司法局（虚构）", "YS"),
    ("YS13", "云山市行政审批服务局（虚构）", "YS"),
    ("YS14", "云山市人力资源和社会保障局（虚构）", "YS"),
    ("YS15", "云山市发展和改革委员会（虚构）", "YS"),
    ("YS16", "云山市信访局（虚构）", "YS"),
]
SENDING = ["YS11", "YS12", "YS13", "YS14", "YS15", "YS16"]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
MEN = [
    "建国",
    "志强",
    "文博",
    "海涛",
    "立新",
    "国平",
    "振华",
    "明远",
    "俊杰",
    "宏伟",
    "思源",
    "子轩",
    "学军",
    "永刚",
    "晓峰",
]
WOMEN = [
    "敏",
    "丽华",
    "秀英",
    "雅琴",
    "晓燕",
    "文静",
    "佳慧",
    "雪梅",
    "思雨",
    "婷",
    "海燕",
    "春兰",
    "静怡",
    "玉洁",
    "梦瑶",
]
NAMED = {4: ("张䶮", "男"), 11: ("阿卜杜热合曼·吐尔逊买买提江", "男"), 18: ("欧阳文静", "女"), 27: ("单秋月", "女")}
PROMOTED = 7  # became 县处级副职 in June and brings hours of earlier years
# post, level, rank, managed by the city's organisation department
POSTS = [
    ("副局长", "县处级副职", "四级调研员", True),
    ("二级调研员", "", "二级调研员", True),
    ("科长", "乡科级正职", "一级主任科员", False),
    ("副科长", "乡科级副职", "三级主任科员", False),
    ("科长", "乡科级正职", "二级主任科员", False),
    ("四级主任科员", "", "四级主任科员", False),
    ("主任", "乡科级正职", "一级主任科员", False),
    ("一级科员", "", "一级科员", False),
]
HEADINGS = [
    "序号", "姓名", "工号", "性别", "出生年月日", "民族", "政治面貌", "单位名称", "职务", "职务层次", "职级",
    "任职日期", "手机号码", "干部管理机构",
]  # fmt: skip


def person(number: int, chance: random.Random) -> list[object]:
    unit = SENDING[number % len(SENDING)]
    names = {code: name for code, name, _ in UNITS}
    post, level, rank, upper = POSTS[chance.choices(range(len(POSTS)), [2, 1, 4, 4, 4, 3, 3, 2])[0]]
    sex = chance.choice("男男男女女")
    name = SURNAMES[number] + chance.choice(MEN if sex == "男" else WOMEN)
    started = date(2016, 1, 4) + timedelta(days=chance.randrange(0, 3400))
    if number in NAMED:
        name, sex = NAMED[number]
    if number == PROMOTED:
        post, level, rank, upper, started = "副局长", "县处级副职", "四级调研员", True, date(2026, 6, 1)
    born = date(1972, 1, 1) + timedelta(days=chance.randrange(0, 7000))
    return [
        number + 1, name, f"LH{number + 1:04d}", sex, born.strftime("%Y-%m-%d"),
        "维吾尔族" if number == 11 else "汉族", chance.choice(["中共党员", "中共党员", "中共党员", "群众", "民盟盟员"]),
        names[unit], post, level, rank, started.strftime("%Y.%m.%d"), f"1990000{number + 1:04d}",
        names["YS01"] if upper else names[unit],
    ]  # fmt: skip


def roster(path: Path) -> None:
    chance, book = random.Random(20260907), Workbook()
    book.properties.created = book.properties.modified = datetime(2026, 9, 1)
    sheet = book.active
    sheet.title = "学员名单"
    sheet.append(["数字政府与依法行政领航班（第3期）学员名单（示范数据，人员均为虚构）"])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADINGS))
    sheet["A1"].font, sheet["A1"].alignment = Font(bold=True, size=14), Alignment(horizontal="center")
    sheet.append([])
    sheet.append(HEADINGS)
    for number in range(50):
        sheet.append(person(number, chance))
    sheet.append(["合计", "50人"])
    for column, width in zip("ABCDEFGHIJKLMN", (6, 30, 10, 6, 12, 10, 12, 34, 14, 12, 14, 12, 14, 34), strict=True):
        sheet.column_dimensions[column].width = width
    book.save(path)


def units(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["单位代码", "单位名称", "上级单位代码", "设立日期"])
        writer.writerows([code, name, parent, "2015-01-01"] for code, name, parent in UNITS)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    roster(FOLDER / "roster.xlsx")
    units(FOLDER / "units.csv")
