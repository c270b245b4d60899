"""How long an MP3 file runs, counted frame by frame."""

from __future__ import annotations

from typing import BinaryIO

RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}  # by version bits
KBPS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)  # MPEG 1, layer III
KBPS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)  # MPEG 2 and 2.5
MOST_BYTES = 512 * 1024 * 1024
LEAST_FRAMES = 3


def _frame(head: bytes) -> tuple[int, float] | None:
    """Bytes and seconds of the frame that begins here; None where none begins."""
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # sync and layer III
        return None
    version, rate, speed = head[1] >> 3 & 3, head[2] >> 4, head[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or speed == 3:
        return None
    hertz = RATES[version][speed]
    samples, kbps = (1152, KBPS_1[rate]) if version == 3 else (576, KBPS_2[rate])
    return samples * kbps * 125 // hertz + (head[2] >> 1 & 1), samples / hertz


def _after_tag(file: BinaryIO) -> int:
    """Where the sound begins: behind the tag that names artist and title."""
    head = file.read(10)
    if head[:3] != b"ID3" or len(head) < 10:
        return 0
    return 10 + sum((byte & 0x7F) << shift for byte, shift in zip(head[6:], (21, 14, 7, 0), strict=True))


def seconds(file: BinaryIO) -> int | None:
    """Whole seconds, rounded down, at least 1; None when the file holds no run of MP3 frames."""
    size = file.seek(0, 2)
    file.seek(0)
    place, frames, length = _after_tag(file), 0, 0.0
    while place < min(size, MOST_BYTES):
        file.seek(place)
        frame = _frame(file.read(4))
        if frame is None:
            break
        place, frames, length = place + frame[0], frames + 1, length + frame[1]
    return max(1, int(length)) if frames >= LEAST_FRAMES else None
