"""The rules of the class space (班级空间): what a post may be, how long it may be changed, which addresses it links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cohorts.rules.states import OVER

LONGEST_POST, LONGEST_TITLE, LONGEST_NOTICE = 2000, 80, 4000
EDIT_MINUTES = 15
MOST_POSTS, MINUTES = 10, 10  # of one person in one class
FEWEST_COUNTED = 5  # of fewer recipients it is not said how many have opened a notice
INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
ADDRESS = re.compile(r"https?://[!#-&(-;=?-~]+|(?<![\w/.])/learn/[\w\-./]*", re.ASCII)


def is_open(state: str) -> bool:
    """Whether a class in this state may still write in its space."""
    return state not in OVER


def shows_contacts(state: str) -> bool:
    """Whether members see the contact list: while the class runs."""
    return state == "running"


def may_edit(posted_at: datetime, now: datetime) -> bool:
    """Whether the author may still change a post."""
    return now - posted_at <= timedelta(minutes=EDIT_MINUTES)


def clean(text: str) -> str:
    """The text without what cannot be seen, with one kind of line end and at most one empty line in a row."""
    lines = INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).split("\n")
    joined = "\n".join(line.rstrip() for line in lines)
    return re.sub(r"\n{3,}", "\n\n", joined).strip()


@dataclass(frozen=True)
class Piece:
    """A stretch of text; with an address where it links to one of our own pages."""

    text: str
    url: str = ""


def paragraphs(text: str, host: str) -> list[list[list[Piece]]]:
    """Paragraphs of lines of pieces; only addresses on ``host`` and those that begin with /learn/ become links."""
    return [[_pieces(line, host) for line in part.split("\n")] for part in text.split("\n\n") if part.strip()]


def _pieces(line: str, host: str) -> list[Piece]:
    found, at = [], 0
    for match in ADDRESS.finditer(line):
        address = match.group().rstrip(".,;:!?)")
        url = own_path(address, host)
        if url:
            found += [Piece(line[at : match.start()])] if match.start() > at else []
            found.append(Piece(address, url))
            at = match.start() + len(address)
    return found + ([Piece(line[at:])] if at < len(line) else [])


def own_path(address: str, host: str) -> str:
    """The path of an address of ours, from the root; empty for any other address."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    path = parts.path or "/"
    if parts.netloc not in ("", host) or path.startswith("//") or "\\" in path:
        return ""
    return path + (f"?{parts.query}" if parts.query else "")
