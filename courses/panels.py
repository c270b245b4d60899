"""What editors see of a lesson and of a course."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import ChooseResultsView, ChooseView
from wagtail.admin.viewsets.chooser import ChooserViewSet

from assessments.models import Check, Question, QuestionVersion
from core.viewsets import ScopedChooserViewSet
from courses.forms.office import LessonForm

KEY_HELP = _("用于网址：小写字母、数字和连字符。发布后不要再改。")

DOCUMENT_HELP = _(
    "形式为文档时必填，只收 PDF。只有选了课的学员和课程编辑能打开；学员打开后确认读完，有测验的还须通过测验。"
)
PLATFORM_HELP = _("形式为外部课程时必填，例如“中国干部网络学院”。")
ADDRESS_HELP = _(
    "外部课程的课程网址必填，在新标签页中打开；学员凭证书编号或截图申请完成，由教师或培训处确认。"
    "直播填写进入直播的网址。"
)
PLACE_HELP = _("在教室集中收看时填写。网址和地点至少填一项；出席情况由教师或培训处在直播后按名单登记。")
MINUTES_HELP = _(
    "计算学时用。文档必填；图文不填时按每分钟 300 字折算；视频和直播按实际时长；"
    "外部课程在原平台记学时的不填，本平台就不再计。"
)

check_chooser = ChooserViewSet(
    "course_check_chooser",
    model=Check,
    url_prefix="courses/checks/choose",
    icon="list-ul",
    choose_one_text=_("选择课时测验"),
    choose_another_text=_("换一个测验"),
    edit_item_text=_("编辑这个测验"),
    page_title=_("选择课时测验"),
)


class ChooseQuestion:
    """The question's wording beside its number."""

    @property
    def columns(self) -> list[Any]:
        return [*super().columns, Column("newest_stem", label=_("题干"))]  # type: ignore[misc]

    def get_object_list(self) -> Any:
        newest = QuestionVersion.objects.filter(question=OuterRef("pk")).order_by("-number")
        rows = super().get_object_list().filter(is_active=True)  # type: ignore[misc]
        return rows.annotate(newest_stem=Subquery(newest.values("stem")[:1]))


class ChooseQuestionView(ChooseQuestion, ChooseView):
    pass


class ChooseQuestionResultsView(ChooseQuestion, ChooseResultsView):
    pass


question_chooser = ScopedChooserViewSet(
    "course_question_chooser",
    model=Question,
    url_prefix="courses/questions/choose",
    icon="help",
    choose_one_text=_("选择试题"),
    choose_another_text=_("换一道试题"),
    edit_item_text=_("编辑这道试题"),
    page_title=_("选择试题"),
    choose_view_class=ChooseQuestionView,
    choose_results_view_class=ChooseQuestionResultsView,
)

lesson_panels = TabbedInterface(
    [
        ObjectList(
            [
                FieldPanel("title"),
                FieldPanel("kind"),
                FieldPanel("body"),
            ],
            heading=_("正文"),
        ),
        ObjectList(
            [
                FieldPanel("video", help_text=_("MP4 文件，或者装有播放列表和分段的 ZIP 压缩包；时长从文件读出。")),
                FieldPanel("audio", help_text=_("MP3 或 M4A 文件，时长从文件读出；正文写文字稿。")),
                FieldPanel("captions", help_text=_("VTT 文件，没有旁白的视频也应配字幕。")),
                InlinePanel(
                    "cues",
                    heading=_("播放中的试题"),
                    label=_("试题"),
                    help_text=_("播放到这一秒时停下来答题，答对才能继续。"),
                    panels=[FieldPanel("at"), FieldPanel("question", widget=question_chooser.widget_class)],
                ),
            ],
            heading=_("视频与音频"),
        ),
        ObjectList(
            [
                MultiFieldPanel([FieldPanel("document", help_text=DOCUMENT_HELP)], heading=_("文档")),
                MultiFieldPanel(
                    [FieldPanel("platform", help_text=PLATFORM_HELP), FieldPanel("address", help_text=ADDRESS_HELP)],
                    heading=_("外部课程的平台和网址，直播的网址"),
                ),
                MultiFieldPanel(
                    [
                        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
                        FieldPanel("place", help_text=PLACE_HELP),
                    ],
                    heading=_("直播"),
                ),
                FieldPanel("minutes", help_text=MINUTES_HELP),
            ],
            heading=_("文档、外部课程、直播"),
        ),
        ObjectList(
            [
                FieldPanel("check_of_learning", widget=check_chooser.widget_class),
                FieldPanel("copyright_until"),
                FieldPanel("key", help_text=KEY_HELP),
            ],
            heading=_("测验、版权与标识"),
        ),
    ],
    base_form_class=LessonForm,
)

course_panels = TabbedInterface(
    [
        ObjectList(
            [
                FieldPanel("title"),
                FieldPanel("summary"),
                MultiFieldPanel(
                    [
                        FieldRowPanel([FieldPanel("track"), FieldPanel("hours"), FieldPanel("max_speed")]),
                        FieldPanel("lecturer"),
                        FieldPanel("notice"),
                        FieldPanel("copyright_until"),
                        FieldPanel("key", help_text=KEY_HELP),
                    ],
                    heading=_("要素"),
                ),
            ],
            heading=_("介绍"),
        ),
        ObjectList(
            [
                InlinePanel(
                    "outcomes",
                    label=_("学习成果"),
                    panels=[FieldPanel("indicator"), FieldPanel("text")],
                )
            ],
            heading=_("学完能做什么"),
        ),
        ObjectList(
            [
                InlinePanel(
                    "modules",
                    label=_("单元"),
                    panels=[
                        FieldPanel("title"),
                        InlinePanel(
                            "items",
                            label=_("课时"),
                            panels=[FieldPanel("lesson"), FieldPanel("required")],
                        ),
                    ],
                )
            ],
            heading=_("提纲"),
        ),
        ObjectList(
            [
                InlinePanel(
                    "materials",
                    label=_("资料"),
                    help_text=_("发布版次时固定下来，选课的学员可以下载。"),
                    panels=[FieldPanel("title"), FieldPanel("document"), FieldPanel("copyright_until")],
                )
            ],
            heading=_("课程资料"),
        ),
    ]
)
