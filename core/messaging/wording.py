"""The words of a message: a template over a few declared variables, and nothing else.

``{链接}`` stands for a value; ``[请于{期限}前办理。]`` is left out where there is no date.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

PRODUCT, MATTER, LINK, DUE, COUNT = "系统", "事项", "链接", "期限", "条数"
VARIABLES = (PRODUCT, MATTER, LINK, DUE)
OF_BUNDLES = (PRODUCT, MATTER, LINK, COUNT)
LONGEST = 600  # characters of a template

NAMED = re.compile(r"\{([^{}]*)\}")
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


class WordingProblem(ValueError):
    """The template cannot be used; the sentence says why."""


def check(text: str, variables: Collection[str] = VARIABLES) -> str:
    """The template without blanks around it; WordingProblem with the first thing that is wrong."""
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise WordingProblem(_("请填写消息的文字。"))
    if len(words) > LONGEST:
        raise WordingProblem(_("模板最多 %(n)s 字，请精简。") % {"n": LONGEST})
    _check_brackets(words)
    _check_names(words, variables)
    return words


def _check_brackets(words: str) -> None:
    left = OPTIONAL.sub("", NAMED.sub("", words))
    if set(left) & set("{}"):
        raise WordingProblem(_("花括号不成对：变量要写成“{链接}”这样。"))
    if set(left) & set("[]"):
        raise WordingProblem(_("方括号不成对，或者套在另一对方括号里。"))


def _check_names(words: str, variables: Collection[str]) -> None:
    named = NAMED.findall(words)
    unknown = next((name for name in named if name not in variables), None)
    if unknown is not None:
        offered = "、".join(f"{{{name}}}" for name in variables)
        raise WordingProblem(
            _("“{%(name)s}”不是可用的变量。可用的有：%(offered)s。") % {"name": unknown, "offered": offered}
        )
    if LINK not in NAMED.findall(OPTIONAL.sub("", words)):
        raise WordingProblem(_("必须写上“{链接}”，而且不能放在方括号里：收信人凭它登录查看。"))
    if DUE in NAMED.findall(OPTIONAL.sub("", words)):
        raise WordingProblem(_("“{期限}”要放在方括号里，例如“[请于{期限}前办理。]”：有的消息没有期限。"))


def render(text: str, values: Mapping[str, str]) -> str:
    """The words with the values; a bracketed part goes where one of its values is empty. KeyError where one lacks."""
    return _filled(OPTIONAL.sub(lambda part: _optional(part[1], values), text), values)


def _optional(part: str, values: Mapping[str, str]) -> str:
    return part if all(values[name] for name in NAMED.findall(part)) else ""


def _filled(text: str, values: Mapping[str, str]) -> str:
    return NAMED.sub(lambda found: values[found[1]], text)
