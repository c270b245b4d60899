"""Recordings by the kind of their file: what is accepted, and how long it runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, BinaryIO

from courses.formats import hls, mp3, mp4

LENGTHS: dict[str, Callable[[BinaryIO], int | None]] = {
    "mp4": mp4.seconds,
    "zip": hls.seconds,
    "m4a": mp4.seconds,
    "mp3": mp3.seconds,
}
VIDEO, AUDIO = ("mp4", "zip"), ("mp3", "m4a")
TYPES = {"mp4": "video/mp4", "zip": hls.PLAYLIST_TYPE, "m4a": "audio/mp4", "mp3": "audio/mpeg"}


def extension_of(document: Any) -> str:
    return str(document.file_extension).lower()


def seconds_of(document: Any) -> int | None:
    """Whole seconds by the file itself; None where it does not say. FileNotFoundError when it is gone."""
    measure = LENGTHS.get(extension_of(document))
    if measure is None:
        return None
    with document.file.open("rb") as file:
        return measure(file)


def is_stream(document: Any) -> bool:
    """Whether the file is a package of a playlist and its segments."""
    return extension_of(document) == "zip"


def type_of(document: Any) -> str:
    """The media type that the player is told."""
    return TYPES.get(extension_of(document), "")
