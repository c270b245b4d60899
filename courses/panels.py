"""What editors see of a lesson and of a course."""

from __future__ import annotations

from django.forms import CheckboxSelectMultiple
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.viewsets.chooser import ChooserViewSet

from assessments.models import Check
from courses.office_forms import CourseForm, LessonForm

KEY_HELP = _("用于网址：小写字母、数字和连字符。发布后不要再改。")

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
                FieldPanel("video", help_text=_("MP4 文件，时长从文件读出。")),
                FieldPanel("captions", help_text=_("VTT 文件，没有旁白的视频也应配字幕。")),
            ],
            heading=_("视频"),
        ),
        ObjectList(
            [FieldPanel("check_of_learning", widget=check_chooser.widget_class), FieldPanel("key", help_text=KEY_HELP)],
            heading=_("测验与标识"),
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
                        FieldRowPanel([FieldPanel("track"), FieldPanel("hours")]),
                        FieldPanel("lecturer"),
                        FieldPanel(
                            "lecturers",
                            heading=_("授课教师"),
                            help_text=_("回复学员的提问，期末看到课程评价；在目录中显示的是上面的“主讲”。"),
                            widget=CheckboxSelectMultiple,
                        ),
                        FieldPanel("notice"),
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
                    panels=[FieldPanel("title"), FieldPanel("document")],
                )
            ],
            heading=_("课程资料"),
        ),
    ],
    base_form_class=CourseForm,
)
