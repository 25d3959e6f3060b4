import io
import struct
import time
import zlib
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms
from pillow_heif import register_heif_opener

from shequtong.lib.images import (
    MOST_BYTES,
    ImageRefused,
    NotAPicture,
    TooManyBytes,
    TooManyPixels,
    inspect,
    render,
)

register_heif_opener()


def picture(format: str = "JPEG", size=(400, 300), mode="RGB", **options) -> bytes:
    """Left half red, right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    target = io.BytesIO()
    image.convert(mode).save(target, format, **options)
    return target.getvalue()


def opened(rendition) -> Image.Image:
    return Image.open(io.BytesIO(rendition.webp))


def colour(image: Image.Image, x: float, y: float) -> str:
    red, _, blue = image.convert("RGB").getpixel((int(x * image.width), int(y * image.height)))
    return "red" if red > 180 > blue + 60 else "blue" if blue > 180 > red + 60 else f"{red} {blue}"


def huge_png(width: int, height: int) -> bytes:
    """A valid header that promises many pixels, in 60 bytes."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_i6_every_common_format_becomes_webp(format):
    data = picture(format)
    assert inspect(data) == ("HEIC" if format == "HEIF" else format, 400, 300)
    large, thumb = render(data, {"large": 1600, "thumb": 100}).values()
    assert (large.width, large.height, thumb.width, thumb.height) == (400, 300, 100, 75)
    assert opened(large).format == "WEBP"
    assert (colour(opened(thumb), 0.2, 0.5), colour(opened(thumb), 0.8, 0.5)) == ("red", "blue")


def test_i6_place_camera_and_comments_are_gone():
    exif = Image.Exif()
    exif[0x010F] = "Canary Camera"
    exif.get_ifd(0x8825)[2] = (31.4, 0.0, 0.0)
    data = picture(exif=exif, comment=b"canary comment", xmp=b"<x>canary xmp</x>")
    rendition = render(data, {"large": 400})["large"]
    assert b"anary" not in rendition.webp
    assert not opened(rendition).getexif() and "xmp" not in opened(rendition).info


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_i6_a_photo_stands_upright(format):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn clockwise: left becomes top
    image = opened(render(picture(format, exif=exif), {"large": 400})["large"])
    assert image.size == (300, 400)
    assert (colour(image, 0.5, 0.2), colour(image, 0.5, 0.8)) == ("red", "blue")


def test_i6_colour_profiles_are_applied_and_dropped():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert "icc_profile" not in opened(render(picture(icc_profile=profile), {"a": 400})["a"]).info
    assert render(picture(icc_profile=b"nonsense"), {"a": 400})["a"].width == 400
    cmyk = opened(render(picture(mode="CMYK"), {"a": 400})["a"])
    assert (colour(cmyk, 0.2, 0.5), colour(cmyk, 0.8, 0.5)) == ("red", "blue")


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_i6_every_kind_of_png_is_read(mode):
    assert render(picture("PNG", mode=mode), {"a": 50})["a"].width == 50


def test_i6_transparency_stays():
    target = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(target, "PNG")
    assert opened(render(target.getvalue(), {"a": 20})["a"]).getpixel((5, 5))[3] == 0


def test_i6_of_a_moving_picture_the_first_frame_is_taken():
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    image = opened(render(target.getvalue(), {"a": 40})["a"])
    assert colour(image, 0.5, 0.5) == "red" and getattr(image, "n_frames", 1) == 1


@pytest.mark.parametrize("size", [(10_000, 5_001), (50_001, 1_000), (20_000, 20_000), (2**31 - 1, 2**31 - 1)])
def test_i6_more_than_50_megapixels_is_a_hard_error_found_in_the_header(size):
    start = time.perf_counter()
    for look in (inspect, lambda data: render(data, {"a": 100})):
        with pytest.raises(TooManyPixels):
            look(huge_png(*size))
    assert time.perf_counter() - start < 0.5


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"MZ\x90",
        b"GIF89a",
        b"\xff\xd8\xff\xe0",
        b"II*\x00\x08\x00\x00\x00",
        b"BM" + bytes(60),
    ],
)
def test_i6_svg_and_everything_else_is_refused(data):
    with pytest.raises(NotAPicture):
        inspect(data)
    with pytest.raises(NotAPicture):
        render(data, {"a": 100})


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "HEIF"])
def test_i6_a_picture_cut_off_is_refused(format):
    data = picture(format, size=(800, 600))
    with pytest.raises(NotAPicture):
        render(data[: len(data) * 2 // 3], {"a": 100})


def test_i6_a_file_too_large_is_refused_unread():
    with pytest.raises(TooManyBytes):
        inspect(bytes(MOST_BYTES + 1))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "HEIF"]), st.data())
def test_i6_damage_anywhere_is_refused_or_harmless(format, data):
    damaged = bytearray(picture(format, size=(64, 48)))
    for _ in range(3):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ImageRefused):
        render(bytes(damaged), {"a": 32})


def test_i6_a_long_thin_picture_keeps_a_pixel():
    assert render(picture("PNG", size=(5000, 2)), {"a": 100})["a"][1:] == (100, 1)
