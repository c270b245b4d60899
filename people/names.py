"""Personal names: how they are written, refused, sorted and searched. Chinese, minority and foreign names alike."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from django.utils.translation import gettext as _
from pypinyin import Style, lazy_pinyin

from core.errors import DomainError
from core.names import COMPOUND_SURNAMES

LONGEST = 50
DOT = "·"
DOTS = "•・‧∙･⋅⸱ꞏ"  # what keyboards offer in its place
HAN = r"㐀-䶿一-鿿豈-﫿\U00020000-\U0003FFFF〇"
SPACE_BETWEEN_HAN = re.compile(rf"(?<=[{HAN}·])[ 　]+(?=[{HAN}·])")
EXTRA_SIGNS = frozenset("·-'’. ")

# Surnames that are read otherwise than the character alone.
SURNAME_READINGS = {
    "曾": "zeng1", "单": "shan4", "区": "ou1", "仇": "qiu2", "解": "xie4", "查": "zha1", "盖": "ge3", "朴": "piao2",
    "翟": "zhai2", "尹": "yin3", "任": "ren2", "华": "hua4", "纪": "ji3", "葛": "ge3", "燕": "yan1", "过": "guo1",
    "乐": "yue4", "缪": "miao4", "员": "yun4", "召": "shao4", "覃": "qin2", "褚": "chu3", "冼": "xian3", "洗": "xian3",
    "种": "chong2", "秘": "bi4", "卜": "bu3", "车": "che1", "柏": "bai3", "折": "she2", "繁": "po2", "黑": "he4",
    "乜": "nie4", "亓": "qi2", "干": "gan1", "那": "na1", "曲": "qu1", "哈": "ha3", "撒": "sa3", "祭": "zhai4",
    "谌": "chen2", "石": "shi2", "都": "du1", "宓": "mi4", "费": "fei4", "晁": "chao2", "隗": "wei3", "句": "gou1",
    "长": "chang2", "盛": "sheng4", "相": "xiang4", "阚": "kan4", "粘": "nian2", "沈": "shen3", "角": "jue2",
    "颉": "xie2", "佴": "nai4", "强": "qiang2", "逄": "pang2", "仉": "zhang3", "尉": "wei4", "牟": "mou2",
    "宁": "ning2", "应": "ying1", "重": "chong2", "卒": "zu2", "万": "wan4", "叶": "ye4", "於": "yu1", "贾": "jia3",
    "藏": "zang1", "郇": "huan2", "妫": "gui1", "芮": "rui4", "肖": "xiao1", "洪": "hong2", "六": "lu4", "俞": "yu2",
    "余": "yu2", "柳": "liu3", "少": "shao4", "调": "diao4", "降": "jiang4", "行": "xing2", "冯": "feng2", "夏": "xia4",
}  # fmt: skip
COMPOUND_READINGS = {
    "尉迟": "yu4chi2", "万俟": "mo4qi2", "长孙": "zhang3sun1", "单于": "chan2yu2", "澹台": "tan2tai2",
    "令狐": "ling2hu2", "宰父": "zai3fu3", "谷梁": "gu3liang2", "乐正": "yue4zheng4", "亓官": "qi2guan1",
    "皇甫": "huang2fu3", "夏侯": "xia4hou2", "鲜于": "xian1yu2", "夹谷": "jia1gu3", "漆雕": "qi1diao1",
    "颛孙": "zhuan1sun1", "壤驷": "rang3si4", "欧阳": "ou1yang2", "诸葛": "zhu1ge3", "纳兰": "na4lan2",
    "子车": "zi3ju1", "褚师": "chu3shi1", "长鱼": "chang2yu2", "拓跋": "tuo4ba2", "呼延": "hu1yan2",
}  # fmt: skip
UNKNOWN = "zzzz9"  # a character without a known reading comes last


class NameProblem(DomainError):
    """A name that cannot be kept as it was written; the sentence says why."""


def clean_name(raw: str) -> str:
    """The name as it is kept: NFC, ``·`` between parts, no blanks within Chinese names. NameProblem otherwise."""
    _refuse_invisible(raw)
    name = unicodedata.normalize("NFC", raw).strip()
    for sign in DOTS:
        name = name.replace(sign, DOT)
    name = SPACE_BETWEEN_HAN.sub("", re.sub(r"[ 　\xa0]+", " ", name))
    _refuse_length(name)
    _refuse_signs(name)
    return name


def _refuse_invisible(raw: str) -> None:
    """Control, zero-width and direction-changing characters make two different names look the same."""
    for sign in raw.strip(" \t\r\n　\xa0"):
        kind, code = unicodedata.category(sign), f"U+{ord(sign):04X}"
        if kind in ("Cc", "Zl", "Zp"):
            raise NameProblem(_("姓名中含有控制字符（%(code)s），请重新输入姓名。") % {"code": code})
        if kind == "Cf":
            raise NameProblem(
                _("姓名中含有看不见的字符（%(code)s，零宽或改变书写方向），请重新输入姓名。") % {"code": code}
            )
        if kind in ("Co", "Cs"):
            raise NameProblem(
                _("姓名中含有自造字（%(code)s），在其他电脑上无法显示，请改用国家标准编码的汉字。") % {"code": code}
            )


def _refuse_length(name: str) -> None:
    if not name:
        raise NameProblem(_("没有填写姓名。"))
    if len(name) > LONGEST:
        raise NameProblem(_("姓名有 %(n)s 个字，超过了 %(most)s 个字的上限。") % {"n": len(name), "most": LONGEST})


def _refuse_signs(name: str) -> None:
    wrong = sorted({sign for sign in name if not _allowed(sign)})
    if wrong:
        raise NameProblem(_("姓名中含有不能使用的符号：%(signs)s") % {"signs": " ".join(wrong)})
    if not any(unicodedata.category(sign).startswith("L") or sign == "〇" for sign in name):
        raise NameProblem(_("姓名里没有文字，请检查这一列是否错位。"))
    if name.startswith(DOT) or name.endswith(DOT) or DOT * 2 in name:
        raise NameProblem(_("间隔号“·”的位置不对，请检查姓名。"))


def _allowed(sign: str) -> bool:
    """Letters, marks, digits and the few signs of names; characters newer than this Python's tables as well."""
    kind = unicodedata.category(sign)
    return kind[0] in "LM" or kind in ("Nd", "Nl") or sign in EXTRA_SIGNS or 0x20000 <= ord(sign) <= 0x3FFFF


def surname_length(name: str) -> int:
    """How many characters the Chinese surname has; 0 for names in parts (阿依古丽·买买提) and foreign names."""
    if DOT in name or not re.match(rf"[{HAN}]", name):
        return 0
    return 2 if len(name) > 2 and name[:2] in (COMPOUND_SURNAMES | COMPOUND_READINGS.keys()) else 1


def _letters(text: str) -> list[str]:
    """One reading per character: letters and tone; other scripts as they are."""
    found: list[str] = []
    for sign in text:
        if re.match(rf"[{HAN}]", sign):
            reading = lazy_pinyin(sign, style=Style.TONE3, neutral_tone_with_five=True, errors=lambda rest: UNKNOWN)
            found.append(reading[0].replace("ü", "v"))
        elif sign.isalnum():
            plain = unicodedata.normalize("NFKD", sign).lower()[:1]
            found.append(plain if plain.isascii() and plain.isalnum() else UNKNOWN)
    return found


@lru_cache(maxsize=8192)
def syllables(name: str) -> tuple[str, ...]:
    """The name's readings, the surname by its own table: 曾伟 → zeng1, wei3."""
    split = surname_length(name)
    surname, given = name[:split], name[split:]
    if surname in COMPOUND_READINGS:
        first = re.findall(r"[a-z]+\d", COMPOUND_READINGS[surname])
    elif surname in SURNAME_READINGS:
        first = [SURNAME_READINGS[surname]]
    else:
        first = _letters(surname)
    return (*first, *_letters(given))


def sort_key(name: str) -> str:
    """Sorts as a dictionary does, the same on every database: readings with tones, then the characters themselves.

    ASCII letters and digits only, at most 200: a collation that passes over blanks changes nothing.
    """
    return ("".join(syllables(name)) + "0" + "".join(f"{ord(sign):05x}" for sign in name))[:200]


def initials(name: str) -> str:
    """曾伟 → zw, as people type it to find somebody."""
    return "".join(part[0] for part in syllables(name) if part != UNKNOWN)[:50]
