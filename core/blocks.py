"""The building blocks of lessons, cases and library texts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

TEXT_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class FigureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("图片"))
    alt = blocks.CharBlock(label=_("替代文字"), max_length=200)
    caption = blocks.CharBlock(label=_("图题"), max_length=120, required=False)

    class Meta:
        icon = "image"
        label = _("图")
        template = "core/blocks/figure.html"


class TableBlock(blocks.StructBlock):
    caption = blocks.CharBlock(label=_("表题"), max_length=120)
    table = TypedTableBlock([("text", blocks.CharBlock(label=_("文字"), required=False))], label=_("表"))

    class Meta:
        icon = "table"
        label = _("表格")
        template = "core/blocks/table.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("引文"))
    source = blocks.CharBlock(label=_("出处"), max_length=120)

    class Meta:
        icon = "openquote"
        label = _("引文")
        template = "core/blocks/quote.html"


class LawBlock(blocks.StructBlock):
    """The wording of an article; title and number as in the table of laws."""

    title = blocks.CharBlock(label=_("法规名称"), max_length=80)
    article = blocks.CharBlock(label=_("条"), max_length=20, help_text=_("中文数字，如：三十七"))
    text = blocks.TextBlock(label=_("条文"))

    class Meta:
        icon = "doc-full"
        label = _("法条")
        template = "core/blocks/law.html"


class CalloutBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("标题"), max_length=40)
    text = blocks.TextBlock(label=_("正文"))

    class Meta:
        icon = "help"
        label = _("提示")
        template = "core/blocks/callout.html"


class ReadingBlock(blocks.StructBlock):
    """A page to read on: a case, an entry of the library."""

    page = blocks.PageChooserBlock(label=_("页面"))
    note = blocks.CharBlock(label=_("说明"), max_length=120, required=False)

    class Meta:
        icon = "link"
        label = _("延伸阅读")
        template = "core/blocks/reading.html"


def body_blocks() -> list[tuple[str, blocks.Block]]:
    """The blocks of a body of text, the same wherever one is edited."""
    return [
        ("heading", blocks.CharBlock(label=_("小标题"), icon="title", template="core/blocks/heading.html")),
        ("text", blocks.RichTextBlock(label=_("正文"), features=TEXT_FEATURES)),
        ("figure", FigureBlock()),
        ("table", TableBlock()),
        ("quote", QuoteBlock()),
        ("law", LawBlock()),
        ("callout", CalloutBlock()),
        ("reading", ReadingBlock()),
    ]
