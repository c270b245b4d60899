"""Portrait photos: checked, turned upright, cut to the box and made small, without what a camera adds."""

from __future__ import annotations

import hashlib
import io
from functools import lru_cache

from PIL import Image, ImageOps, UnidentifiedImageError

from core.drawing.embedding import StreamObject

DOTS_PER_MM = 300 / 25.4
MOST_PIXELS = 40_000_000
QUALITY = 86
PORTRAIT = (500, 700)  # 2.5 : 3.5, enough for print
SMALLEST = (150, 210)


class PhotoError(ValueError):
    """A photo cannot be used; the sentence says why."""


def photo_name(data: bytes) -> str:
    """Return a name for a photo, the same for the same bytes."""
    return f"photo-{hashlib.sha256(data).hexdigest()[:16]}"


def cut_portrait(data: bytes) -> bytes:
    """Return a portrait as a JPEG of 2.5 : 3.5 without what a camera adds; raise PhotoError for an unusable picture."""
    picture = _upright(data)
    if picture.width < SMALLEST[0] or picture.height < SMALLEST[1]:
        raise PhotoError("照片太小，请换一张宽不少于150像素、高不少于210像素的照片。")
    out = io.BytesIO()
    ImageOps.fit(picture, PORTRAIT, Image.Resampling.LANCZOS, centering=(0.5, 0.35)).save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


@lru_cache(maxsize=4)
def prepare_photo(data: bytes, width: float, height: float) -> StreamObject:
    """Return a photo as an image object for a box in millimetres; raise PhotoError for what is no usable picture."""
    pixels = (round(width * DOTS_PER_MM), round(height * DOTS_PER_MM))
    picture = ImageOps.fit(_upright(data), pixels, Image.Resampling.LANCZOS, centering=(0.5, 0.35))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=QUALITY, optimize=True)
    size = f"/Width {picture.width} /Height {picture.height}"
    entries = f"/Type /XObject /Subtype /Image {size} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
    return StreamObject(entries, out.getvalue())


def _upright(data: bytes) -> Image.Image:
    try:
        picture = Image.open(io.BytesIO(data))
        if picture.width * picture.height > MOST_PIXELS:
            raise PhotoError("照片的像素过大，请换一张不超过4000万像素的照片。")
        turned = ImageOps.exif_transpose(picture).convert("RGBA")
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
    ) as problem:
        if isinstance(problem, PhotoError):
            raise
        raise PhotoError("照片无法读取，请上传JPG或PNG格式的照片。") from problem
    ground = Image.new("RGB", turned.size, "white")
    ground.paste(turned, mask=turned.getchannel("A"))
    return ground
