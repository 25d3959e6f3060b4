"""Photos from strangers (I6): looked at cheaply on arrival, decoded and made anew by a worker.

What leaves `render` is a fresh sRGB WebP: no EXIF, no place where it was taken, nothing hidden behind it.
"""

import io
import struct
from contextlib import suppress
from functools import cache
from typing import Any, NamedTuple

from PIL import Image, ImageCms, ImageOps

from shequtong.lib.i18n import lazy_gettext as _l

MOST_PIXELS = 50_000_000
MOST_BYTES = 20_000_000
QUALITY = 80
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "HEIF")
_NAMES = {"MPO": "JPEG", "HEIF": "HEIC"}  # MPO is what some phones call a JPEG with two views
# RuntimeError is how pillow-heif tells of a damaged file.
_DAMAGE = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    RuntimeError,
    struct.error,
    Image.DecompressionBombError,
)


class ImageRefused(ValueError):
    """A file that does not become a picture here. `words` are for whoever sent it; str() is for the log."""

    words: Any = _l("This cannot be read as a photo. Choose another one.")


class NotAPicture(ImageRefused):
    """None of JPEG, PNG, WebP, GIF, HEIC; or damaged, or cut off."""


class TooManyPixels(ImageRefused):
    """More than 50 megapixels, whatever the file's size."""

    words = _l("This photo has more than 50 million points. Take it smaller, or send a screenshot of it.")


class TooManyBytes(ImageRefused):
    """More than 20 MB."""

    words = _l("This photo is larger than 20 MB. Take it smaller, or send a screenshot of it.")


class ImageFacts(NamedTuple):
    """What the header says. Width and height in pixels, before any turning that EXIF asks for."""

    format: str
    width: int
    height: int


class Rendition(NamedTuple):
    """One size of a picture, as WebP."""

    webp: bytes
    width: int
    height: int


def inspect(data: bytes) -> ImageFacts:
    """The facts of the header, in well under a millisecond; no pixel is decoded. Raises ImageRefused."""
    with _open(data) as image:
        return ImageFacts(_NAMES.get(image.format or "", image.format or ""), image.width, image.height)


def render(data: bytes, sizes: dict[str, int]) -> dict[str, Rendition]:
    """One WebP for each named size: its longer edge in pixels at most; nothing is enlarged.

    Takes the first frame of a moving picture. About 0.2 s and 50 MB for 12 megapixels: for a worker, never in
    a request. Raises ImageRefused.
    """
    with _open(data) as image:
        try:
            picture = _decode(image, max(sizes.values()))
        except _DAMAGE as error:
            raise NotAPicture("the picture is damaged") from error
    return {name: _rendition(picture, edge) for name, edge in sizes.items()}


def _open(data: bytes) -> Image.Image:
    if len(data) > MOST_BYTES:
        raise TooManyBytes(f"more than {MOST_BYTES} bytes")
    _learn_heic()
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise TooManyPixels(f"more than {MOST_PIXELS} pixels") from error
    except _DAMAGE as error:
        raise NotAPicture("not a picture we know") from error
    if image.width * image.height > MOST_PIXELS:
        raise TooManyPixels(f"more than {MOST_PIXELS} pixels")
    return image


def _decode(image: Image.Image, edge: int) -> Image.Image:
    """Upright, in sRGB, with no metadata, and not much larger than needed."""
    image.draft("RGB", _fit(image.size, edge))  # JPEG only: decodes at 1/2, 1/4 or 1/8
    upright = ImageOps.exif_transpose(image)
    picture = _in_srgb(upright)
    picture.info.clear()
    return picture


def _in_srgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.point(lambda value: value / 256).convert("L")
    if profile := image.info.get("icc_profile"):
        if image.mode not in ("RGB", "RGBA", "CMYK"):
            image = image.convert("RGBA" if image.has_transparency_data else "RGB")
        with suppress(ImageCms.PyCMSError, OSError):  # without a readable profile the plain numbers will do
            mode = "RGBA" if image.mode == "RGBA" else "RGB"
            image = ImageCms.profileToProfile(image, io.BytesIO(profile), _srgb(), outputMode=mode) or image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _rendition(picture: Image.Image, edge: int) -> Rendition:
    size = _fit(picture.size, edge)
    small = (
        picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    )
    target = io.BytesIO()
    small.save(target, "WEBP", quality=QUALITY, method=4)
    return Rendition(target.getvalue(), *small.size)


def _fit(size: tuple[int, int], edge: int) -> tuple[int, int]:
    """The same shape with its longer side at most `edge`."""
    scale = min(1.0, edge / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


@cache
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@cache
def _learn_heic() -> None:
    """Importing the decoder takes 0.2 s: not before the first picture."""
    from pillow_heif import register_heif_opener

    register_heif_opener(thumbnails=False)
