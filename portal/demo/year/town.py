"""The city of the year: units of three levels and their cadres, as the files that an office would import.

Everybody is invented; the same seed gives the same people.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import cycle, islice

from core.spreadsheets.writer import SheetSpec, write_xlsx

ROOT, ORGANISATION, ACADEMY = "YS", "YS01", "YS02"
BUREAUS = (
    "大数据管理局", "司法局", "行政审批服务局", "人力资源和社会保障局", "发展和改革委员会", "信访局",
    "财政局", "教育局", "卫生健康委员会", "市场监督管理局", "应急管理局", "生态环境局",
)  # fmt: skip
SECTIONS = ("办公室", "政策法规科", "综合业务科")
DISTRICTS = ("东湖区", "西山区", "南溪县")
DISTRICT_BUREAUS = ("政务服务局", "司法局", "财政局", "人力资源和社会保障局", "市场监督管理局", "信访局")
FOUNDED = "2015-01-01"
PEOPLE = 2000
HEADINGS = (
    "姓名", "工号", "性别", "出生日期", "政治面貌", "单位代码", "职务", "职务层次", "职级", "任职日期", "干部管理机构",
)  # fmt: skip
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段"
)
GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰斌琳波辉鹏飞宁雪梅倩晨曦睿哲文博雅欣悦昊然子涵思"
    "远志远海燕春晖立新国庆建民晓东永康"
)
# post, level, rank, share of the people, whether the city's organisation department manages them
LEADERS = (("局长", "县处级正职", "二级调研员", True), ("副局长", "县处级副职", "四级调研员", True))
STAFF = (
    ("科长", "乡科级正职", "一级主任科员", 4),
    ("副科长", "乡科级副职", "三级主任科员", 5),
    ("二级主任科员", "", "二级主任科员", 3),
    ("四级主任科员", "", "四级主任科员", 5),
    ("一级科员", "", "一级科员", 6),
    ("四级调研员", "", "四级调研员", 1),
)


@dataclass(frozen=True)
class Place:
    """A unit by its code, name and the code of the unit above it; ``leads`` where it has leaders of its own."""

    code: str
    name: str
    above: str
    leads: bool = False


def places() -> list[Place]:
    """City, bureaus with their sections, districts with their bureaus: three levels below the city's root."""
    found = [
        Place(ROOT, "云山市（虚构）", ""),
        Place(ORGANISATION, "中共云山市委组织部（虚构）", ROOT),
        Place(ACADEMY, "云山市领航干部学院（虚构）", ROOT),
    ]
    for number, bureau in enumerate(BUREAUS, 11):
        code = f"YS{number}"
        found.append(Place(code, f"云山市{bureau}（虚构）", ROOT, leads=True))
        found += [Place(f"{code}{n:02d}", f"云山市{bureau}{section}", code) for n, section in enumerate(SECTIONS, 1)]
    for number, district in enumerate(DISTRICTS, 51):
        code = f"YS{number}"
        found.append(Place(code, f"云山市{district}（虚构）", ROOT, leads=True))
        found += [
            Place(f"{code}{n:02d}", f"云山市{district}{bureau}", code, leads=True)
            for n, bureau in enumerate(DISTRICT_BUREAUS, 1)
        ]
    return found


def units_file(found: list[Place]) -> bytes:
    """The units as the CSV that the roster's wizard takes beside a workbook."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["单位代码", "单位名称", "上级单位代码", "设立日期"])
    writer.writerows([place.code, place.name, place.above, FOUNDED] for place in found)
    return out.getvalue().encode()


def roster_file(found: list[Place], seed: int, people: int = PEOPLE) -> bytes:
    """The cadres of all units as a roster workbook: leaders first, the others shared out evenly."""
    return write_xlsx([SheetSpec("干部名册", list(HEADINGS), list(islice(_cadres(found, seed), people)))])


def _cadres(found: list[Place], seed: int) -> Iterator[list[object]]:
    chance, number = random.Random(f"{seed}:town"), 0
    for place in found:
        for post, level, rank, upper in LEADERS if place.leads else ():
            number += 1
            yield _cadre(number, place, (post, level, rank), ORGANISATION if upper else place.code, chance)
    working = [place for place in found if place.above and place.code not in (ORGANISATION, ACADEMY)]
    weights = [share for *_post, share in STAFF]
    for place in cycle(working):
        number += 1
        post, level, rank, _share = chance.choices(STAFF, weights)[0]
        keeper = place.above if level and place.above != ROOT else place.code
        yield _cadre(number, place, (post, level, rank), keeper, chance)


def _cadre(
    number: int, place: Place, posting: tuple[str, str, str], keeper: str, chance: random.Random
) -> list[object]:
    name = chance.choice(SURNAMES) + "".join(chance.sample(GIVEN, chance.choice((1, 2, 2, 2))))
    born = date(1968, 1, 1) + timedelta(days=chance.randrange(0, 10_000))
    since = date(2014, 1, 6) + timedelta(days=chance.randrange(0, 4_200))
    party = chance.choice(("中共党员", "中共党员", "中共党员", "群众"))
    return [
        name, f"Y{number:05d}", chance.choice("男男男女女"), f"{born:%Y-%m-%d}", party, place.code, *posting,
        f"{since:%Y-%m-%d}", keeper,
    ]  # fmt: skip
