"""Every component in all its states, for those who build pages; mounted in development only."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import clock

DIMENSIONS = [
    "政治能力与决策执行",
    "行政体制改革与协同",
    "数字化治理",
    "人才与队伍建设",
    "法治与监督",
    "公共服务与公众参与",
]
LONG_NAME = "阿卜杜热合曼·买买提吐尔逊江"
FACES = {
    "public": "base_public.html",
    "cadre": "base_cadre.html",
    "leaders": "base_leaders.html",
    "plain": "base_plain.html",
}
ERRORS = ("400", "403", "403_csrf", "404", "429", "500")


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="姓名", help_text="与身份证一致；少数民族姓名用间隔号“·”。", max_length=50)
    started = forms.DateField(label="报到日期", widget=forms.DateInput(attrs={"type": "date"}))
    group = forms.ChoiceField(label="编组", choices=[("1", "第一组"), ("2", "第二组")])
    half = forms.ChoiceField(
        label="请假时段",
        widget=forms.RadioSelect,
        choices=[("am", "上午"), ("pm", "下午"), ("day", "全天")],
        help_text="按半天计算，累计超过 1/7 将不能结业。",
    )
    reason = forms.CharField(label="事由", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    proof = forms.FileField(label="证明材料", required=False, help_text="没有可以不传。")
    read = forms.BooleanField(label="我已阅读并知悉个人信息处理说明")


class SampleFilters(forms.Form):
    """What a FilterSet's form looks like."""

    q = forms.CharField(label="姓名或工号", required=False)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), ("registered", "已报到"), ("graduated", "已结业")]
    )
    unit = forms.ChoiceField(
        label="单位", required=False, choices=[("", "全部"), ("1", "云山市数据局"), ("2", "云山市司法局")]
    )


def _series(role: str, name: str, values: list[float | None], **more: Any) -> dict[str, Any]:
    return {"role": role, "name": name, "values": values, **more}


def charts() -> dict[str, dict[str, Any]]:
    """Figures for the three kinds of chart, with gaps and intervals."""
    before, after = [2.8, 2.4, 2.1, 3.0, 2.6, 3.1], [3.4, 3.1, 3.3, 3.2, 3.5, 3.6]
    levels = {"labels": DIMENSIONS, "unit": "级", "min": 0, "max": 5, "row_label": "维度"}
    return {
        "radar": levels
        | {
            "series": [
                _series("before", "训前", before),
                _series("after", "训后", after),
                _series("group", "班级平均", [3.1, 3.0, 2.9, 3.1, 3.2, 3.3]),
            ]
        },
        "gaps": levels
        | {
            "series": [
                _series("before", "训前", [2.8, None, 2.1, None, 2.6, 3.1]),
                _series("after", "训后", [3.4, 3.1, 3.3, None, 3.5, 3.6]),
            ]
        },
        "pairs": levels
        | {
            "min": 1,
            "series": [
                _series("before", "训前", before, low=[v - 0.3 for v in before], high=[v + 0.3 for v in before]),
                _series("after", "训后", after, low=[v - 0.2 for v in after], high=[v + 0.2 for v in after]),
            ],
        },
        "bar": {
            "labels": ["县处级", "乡科级", "其他"],
            "unit": "人",
            "row_label": "职务层次",
            "series": [
                _series("before", "应训", [12, 30, 8]),
                _series("after", "已达标", [11, 24, None], missing="不足 5 人，不显示"),
            ],
        },
    }


def members() -> dict[str, Any]:
    """A list of people as a page would hand it to the table."""
    rows = [
        [
            {"text": name, "url": "#", "sub": unit},
            duty,
            {"text": hours},
            {"text": "", "state": state, "state_word": word},
        ]
        for name, unit, duty, hours, state, word in (
            ("王敏", "云山市数据局", "学员", "40", "done", "已结业"),
            (
                LONG_NAME,
                "云山市人力资源和社会保障局事业单位人事综合管理服务中心",
                "支部书记",
                "37.5",
                "waiting",
                "待批",
            ),
            ("欧阳文静", "云山市司法局", "班长", "—", "risk", "请假接近 1/7"),
            ("单小川", "云山市政务服务中心", "学员", "12", "failed", "缺考"),
            ("曾一", "临江县", "学员", "0", "todo", "未开始"),
        )
    ]
    columns = [
        {"label": "姓名", "sort_url": "?o=name", "sorted": "ascending"},
        {"label": "职务", "short": True},
        {"label": "学时", "number": True, "sort_url": "?o=hours"},
        {"label": "状态", "short": True},
    ]
    return {"columns": columns, "rows": rows}


def attendance() -> list[list[Any]]:
    """Two people over three days."""
    kinds = ["present", "late", "left_early", "leave", "absent", "not_recorded"]
    return [
        ["王敏", *({"half_day": kind, "text": "病假，已批准" if kind == "leave" else ""} for kind in kinds)],
        ["欧阳文静", *({"half_day": "present"} for _ in range(5)), {"half_day": "not_recorded"}],
    ]


def story(now: datetime) -> list[dict[str, Any]]:
    return [
        {"when": now - timedelta(days=9), "title": "单位推荐", "text": "云山市数据局推荐。", "kind": "done"},
        {"when": now - timedelta(days=7), "title": "培训处审核", "text": "名额未满，条件符合。", "kind": "done"},
        {"when": now, "title": "待组织部确认", "kind": "waiting"},
        {"when_words": "报到前", "title": "入学测试", "kind": "todo"},
    ]


def todo(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "title": "《数据共享与业务协同》课后检查",
            "url": "#",
            "sub": "11月25日 周三 18:00 前",
            "action_url": "#",
            "action_label": "开始",
        },
        {
            "title": "提交研讨发言提纲",
            "url": "#",
            "sub": "11月22日 周日 18:00 前",
            "state": "risk",
            "state_word": "已逾期 1 天",
        },
    ]


def _bad_form() -> SampleForm:
    return SampleForm({"name": "", "started": "昨天", "group": "1", "reason": "发烧"})


def page_context(request: HttpRequest) -> dict[str, Any]:
    """What the gallery and the sample pages show."""
    now = timezone.localtime(clock.now())
    return {
        "title": "组件样例",
        "crumbs": [("首页", "/"), ("培训班", "#"), ("组件样例", "")],
        "now": now,
        "deadline": now + timedelta(minutes=42),
        "today": now.date(),
        "kinds": ["done", "todo", "waiting", "risk", "failed", "info"],
        "head_actions": [
            {"label": "打印", "url": "#", "icon": "printer"},
            {"label": "开始点名", "url": "#", "primary": True},
        ],
        "form": SampleForm(),
        "bad_form": _bad_form(),
        "filters": SampleFilters(request.GET or None),
        "page": Paginator(range(1000), 20).get_page(request.GET.get("page", 3)),
        "charts": charts(),
        "members": members(),
        "attendance": attendance(),
        "attendance_columns": [
            {"label": "姓名"},
            *({"label": f"{d}日{h}", "short": True} for d in (23, 24, 25) for h in ("上", "下")),
        ],
        "story": story(now),
        "todo": todo(now),
        "done_hours": Decimal("37.5"),
        "met_hours": Decimal("54"),
        "required_hours": Decimal("50"),
        "tabs": [
            {"label": w, "url": "#", "active": i == 0, "count": n}
            for i, (w, n) in enumerate(
                (
                    ("学员", 50),
                    ("课表", None),
                    ("考勤", None),
                    ("任务与考试", 3),
                    ("评估", None),
                    ("结业", None),
                    ("证书", 48),
                    ("动态", None),
                )
            )
        ],
        "long_name": LONG_NAME,
        "member": {"is_authenticated": True, "name": LONG_NAME},
        "hidden": [("key", "a")],
        "no_page": Paginator([], 20).get_page(1),
    }


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """All components on one page."""
    return render(request, "core/styleguide.html", page_context(request))


@require_safe
def sample(request: HttpRequest, name: str) -> HttpResponse:
    """A layout with a typical page in it, or an error page."""
    if name in ERRORS:
        return render(request, f"{name}.html")
    if name not in FACES:
        raise Http404
    return render(request, "core/styleguide_page.html", page_context(request) | {"layout": FACES[name], "face": name})
