"""What a person reads in each component, and that its colours can be read."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from core import charts
from core.assets import ICON_SPRITE
from core.names import masked
from core.templatetags import linghang, marks

pytestmark = pytest.mark.urls("tests.core.shell_urls")
ROOT = Path(settings.BASE_DIR)
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = datetime(2026, 11, 23, 14, 0, tzinfo=SHANGHAI)


def shown(name: str, query: str = "", **values: Any) -> str:
    """The component's HTML with its spaces drawn together."""
    request = RequestFactory().get("/plain/" + query)
    return re.sub(r"\s+", " ", render_to_string(f"components/{name}.html", values, request=request))


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()


class TestWriting:
    def test_dates_as_people_write_them(self) -> None:
        assert linghang.day(date(2026, 11, 23)) == "2026年11月23日"
        assert linghang.day_short(date(2026, 11, 23)) == "11月23日 周一"
        assert linghang.moment(MONDAY) == "11月23日 周一 14:00"
        assert linghang.moment_full(MONDAY) == "2026年11月23日 14:00"
        assert [linghang.day(None), linghang.moment(None)] == ["", ""]

    def test_a_moment_is_told_in_shanghai(self) -> None:
        late = datetime(2026, 11, 22, 17, 30, tzinfo=ZoneInfo("UTC"))
        assert linghang.moment(late) == "11月23日 周一 01:30"

    def test_in_english_the_month_is_a_word(self) -> None:
        with translation.override("en"):
            assert linghang.day(date(2026, 11, 3)) == "3 Nov 2026"

    @pytest.mark.parametrize(
        ("value", "text"), [(Decimal("40.00"), "40"), (Decimal("37.50"), "37.5"), (0, "0"), (None, "—"), (100, "100")]
    )
    def test_hours_without_trailing_zeros(self, value: Any, text: str) -> None:
        assert linghang.hours(value) == text

    def test_shares_and_yes_or_no(self) -> None:
        assert [linghang.percent(0.875), linghang.percent(None), linghang.fraction(312, 480)] == [
            "88%",
            "—",
            "312 / 480",
        ]
        assert [linghang.yesno_word(v) for v in (True, False, None)] == ["是", "否", "未登记"]

    @pytest.mark.parametrize(
        ("name", "mask"),
        [
            ("王敏", "王*"),
            ("欧阳文静", "欧阳**"),
            ("单小川", "单**"),
            ("欧阳", "欧*"),
            ("阿卜杜热合曼·买买提吐尔逊江", "阿****"),
            ("王", "王*"),
            ("", ""),
        ],
    )
    def test_masked_names_keep_the_surname(self, name: str, mask: str) -> None:
        assert masked(name) == mask

    def test_the_address_keeps_what_it_held(self) -> None:
        request = RequestFactory().get("/", {"state": "graduated", "page": "2", "q": "王"})
        made = Template("{% query_with page=3 q=None %}").render(Context({"request": request}))
        assert made == "?state=graduated&amp;page=3"


class TestStates:
    @pytest.mark.parametrize("kind", ["done", "todo", "waiting", "risk", "failed", "info"])
    def test_a_drawing_and_a_word(self, kind: str) -> None:
        html = shown("state", kind=kind)
        assert "<use href=" in html
        assert words(html) == marks.STATE_WORDS[kind]

    def test_the_page_may_give_the_word(self) -> None:
        assert words(shown("state", kind="failed", word="缺考")) == "缺考"

    @pytest.mark.parametrize("kind", list(marks.HALF_DAY_MARKS))
    def test_a_half_day_is_readable_aloud(self, kind: str) -> None:
        assert marks.HALF_DAY_MARKS[kind][1] in shown("half_day", kind=kind)

    def test_absent_is_not_unrecorded(self) -> None:
        assert "旷课" in shown("half_day", kind="absent")
        assert "未登记" in shown("half_day", kind="not_recorded")


class TestFigures:
    def test_a_figure_carries_window_date_and_source(self) -> None:
        html = shown("stat", label="达标率", value="87%", window="2026年", date=date(2026, 11, 23), url="/plain/")
        assert words(html) == "达标率 87% 2026年 · 截至2026年11月23日 查看依据 ：达标率"

    def test_few_people_are_not_shown(self) -> None:
        html = shown("stat", label="水平", value="3.2", suppressed=True)
        assert "3.2" not in html
        assert "不足 5 人，不显示" in html

    def test_hours_say_what_is_missing(self) -> None:
        short = shown("hours_bar", label="集中培训", window="2026年", done=Decimal("37.5"), required=Decimal("50"))
        assert "还差 12.5 学时" in short
        assert 'value="37.5" max="50"' in short
        met = shown("hours_bar", label="网络培训", window="2026年", done=Decimal("54"), required=Decimal("50"))
        assert "已达标" in met

    def test_progress_is_a_real_progress(self) -> None:
        html = shown("progress", label="签发", value=312, max=480, words="已签发 312 / 480")
        assert '<progress class="lh-bar" value="312" max="480" aria-label="签发"' in html


class TestTables:
    COLUMNS = ({"label": "姓名"}, {"label": "学时", "number": True})

    def test_caption_headers_and_region(self) -> None:
        html = shown("table", caption="名单", columns=self.COLUMNS, rows=[["王敏", "40"], ["李强", None]])
        assert 'role="region" aria-label="名单" tabindex="0"' in html
        assert html.count('<th scope="row">') == 2
        assert "—" in html
        assert "None" not in html

    def test_what_people_wrote_is_escaped(self) -> None:
        html = shown("table", caption="名单", columns=self.COLUMNS, rows=[["<b>王</b>", "<script>"]])
        assert "<script>" not in html
        assert "&lt;b&gt;" in html

    def test_an_empty_list_offers_the_first_step(self) -> None:
        html = shown(
            "table",
            caption="名单",
            columns=self.COLUMNS,
            rows=[],
            empty_title="还没有学员",
            empty_url="/plain/",
            empty_label="导入",
        )
        assert words(html) == "还没有学员 导入"

    def test_pages_keep_the_filters(self) -> None:
        page = Paginator(range(1000), 20).get_page(3)
        html = shown("pagination", query="?state=graduated&page=3", page=page, unit="人")
        assert "共 1000 人，本页第 41–60 人" in html
        assert 'href="?state=graduated&amp;page=4"' in html
        assert html.count("aria-current") == 1


class FilterForm(forms.Form):
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), ("graduated", "已结业")])


class TestForms:
    def test_filters_in_force_are_chips_that_can_be_removed(self) -> None:
        query = "?state=graduated&q=王&page=4"
        html = shown("filters_form", query=query, form=FilterForm({"state": "graduated"}))
        assert "状态：已结业" in html
        assert 'href="?q=%E7%8E%8B"' in html
        assert '<input type="hidden" name="q" value="王">' in html

    def test_a_wrong_field_says_what_to_do_and_is_tied_to_it(self) -> None:
        class Request(forms.Form):
            reason = forms.CharField(label="事由", help_text="写明起止时间。")

        html = shown("form", form=Request({}), submit="提交")
        assert "请填写事由。" in html
        assert 'aria-describedby="id_reason_helptext id_reason_error"' in html
        assert 'id="id_reason_error"' in html
        assert 'href="#id_reason"' in html
        assert "csrfmiddlewaretoken" in html

    def test_every_upload_repeats_the_secrecy_line(self) -> None:
        class Upload(forms.Form):
            file = forms.FileField(label="花名册")

        html = shown("form", form=Upload())
        assert "本系统为非涉密系统，请勿上传、处理国家秘密。" in html
        assert 'enctype="multipart/form-data"' in html

    def test_confirming_names_what_and_how_many(self) -> None:
        html = shown(
            "confirm", title="签发", what="将签发证书。", count=48, unit="人", submit="签发 48 份", cancel_url="/"
        )
        assert "将影响 48 人" in words(html)
        assert "返回，不做更改" in html


class TestCharts:
    DATA: dict[str, Any] = {
        "labels": ["数字化治理", "法治与监督", "人才与队伍建设"],
        "unit": "级",
        "min": 0,
        "max": 5,
        "series": [
            {"name": "训前", "role": "before", "values": [2, None, 3.25]},
            {"name": "训后", "role": "after", "values": [3.5, 3, 4], "low": [3.2, None, 3.8], "high": [3.8, None, 4.2]},
        ],
    }

    @pytest.mark.parametrize("kind", ["radar", "pairs", "bar"])
    def test_the_same_figures_stand_in_the_table(self, kind: str) -> None:
        html = shown("chart", id="c", kind=kind, title="维度", data=self.DATA)
        table = words(html[html.index("<table") :])
        assert "数字化治理 2.00 3.5 3.2–3.8" in table
        assert "法治与监督 证据不足 3.0" in table

    def test_a_missing_figure_is_not_drawn(self) -> None:
        before, after = charts.radar(self.DATA)["outlines"]
        assert (len(before["dots"]), before["area"]) == (2, "")
        assert len(after["dots"]) == 3

    def test_marks_stand_where_the_scale_says(self) -> None:
        rows = charts.tracks(self.DATA)["rows"]
        assert rows[0]["marks"][0]["at"] == "40.00"
        assert rows[0]["travel"] == {"from": "40.00", "width": "30.00"}
        assert rows[1]["travel"] is None
        assert [tick["text"] for tick in charts.tracks(self.DATA)["ticks"]] == ["0", "1", "2", "3", "4", "5"]

    def test_nothing_to_draw_is_no_error(self) -> None:
        empty = {
            "labels": ["一", "二", "三"],
            "series": [{"name": "训前", "role": "before", "values": [None, None, None]}],
        }
        assert charts.tracks(empty)["rows"][0]["marks"] == []
        assert charts.radar(empty)["outlines"][0]["dots"] == []

    def test_no_word_is_torn(self) -> None:
        assert charts._lines("行政体制改革与协同") == ["行政体制改革", "与协同"]
        assert charts._lines("政治能力与决策执行") == ["政治能力与", "决策执行"]
        assert charts._lines("数字化治理") == ["数字化治理"]


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes() -> dict[str, dict[str, str]]:
    """The colours of each mode, each laid over what it inherits."""
    sheet = (ROOT / "core/static/core/css/tokens.css").read_text(encoding="utf-8").split("@media print")[0]
    blocks = {
        selector.strip(): dict(re.findall(r"--lh-([\w-]+):\s*(#[0-9a-f]{6})", body))
        for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet)
    }
    light, dark, high, high_dark = (b for b in blocks.values() if "ink" in b)
    return {"light": light, "dark": light | dark, "high": light | high, "high dark": light | dark | high_dark}


PAIRS = [
    *(
        (text, ground)
        for text in ("ink", "ink-2", "red", "blue", "amber-text", "green-text")
        for ground in ("paper", "ground")
    ),
    *((text, "sunken") for text in ("ink", "ink-2")),
    ("on-action", "action"),
    ("on-action", "action-strong"),
    ("red", "red-soft"),
    ("blue", "blue-soft"),
    ("amber-text", "amber-soft"),
    ("green-text", "green-soft"),
    ("ink", "grey-soft"),
]
DRAWN = [("control-line", "paper"), ("focus", "paper"), ("before", "paper"), ("after", "paper"), ("group", "paper")]


class TestColours:
    @pytest.mark.parametrize("mode", ["light", "dark", "high", "high dark"])
    def test_text_can_be_read(self, mode: str) -> None:
        least = 7.0 if mode.startswith("high") else 4.5
        colours = palettes()[mode]
        soft = {"red-soft", "blue-soft", "amber-soft", "green-soft", "action", "action-strong"}
        wanted = {pair: 4.5 if pair[1] in soft else least for pair in PAIRS}
        weak = {p: round(contrast(colours[p[0]], colours[p[1]]), 2) for p in PAIRS}
        assert {p: c for p, c in weak.items() if c < wanted[p]} == {}

    @pytest.mark.parametrize("mode", ["light", "dark", "high", "high dark"])
    def test_lines_and_marks_can_be_seen(self, mode: str) -> None:
        colours = palettes()[mode]
        weak = {p: round(contrast(colours[p[0]], colours[p[1]]), 2) for p in DRAWN}
        assert {p: c for p, c in weak.items() if c < 3} == {}

    def test_the_measure_itself(self) -> None:
        assert contrast("#000000", "#ffffff") == pytest.approx(21)
        assert contrast("#b7791f", "#ffffff") < 4.5


class TestDrawings:
    def test_every_icon_that_is_asked_for_is_in_the_sprite(self) -> None:
        drawn = set(re.findall(r'symbol id="([^"]+)"', (ROOT / "static" / ICON_SPRITE).read_text(encoding="utf-8")))
        asked = set(marks.STATE_ICONS.values())
        for path in ROOT.glob("*/templates/**/*.html"):
            if "wagtailadmin_tags" not in (text := path.read_text(encoding="utf-8")):
                asked |= set(re.findall(r'{%\s*icon "([^"]+)"', text)) | set(re.findall(r'icon_name="([^"]+)"', text))
        for path in ROOT.glob("*/registrations.py"):
            asked |= set(re.findall(r'icon="([^"]+)"', path.read_text(encoding="utf-8")))
        assert asked - drawn == set()

    def test_a_drawing_beside_a_word_is_silent(self) -> None:
        assert 'aria-hidden="true"' in marks.icon("check")
        assert 'role="img" aria-label="已完成"' in marks.icon("check", label="已完成")
        assert "<b>" not in marks.icon("check", label="<b>")


@pytest.mark.parametrize(
    ("text", "whole"),
    [("2027年1月4日—1月8日", True), ("2027年1月4日", True), ("40", False), ("第2期", False), ("日", False)],
)
def test_a_cell_of_days_alone_does_not_break_within_a_day(text: str, whole: bool) -> None:
    assert ('class="is-date"' in marks.table_row(["甲", text], [{"label": "班次"}, {"label": "时间"}])) is whole
