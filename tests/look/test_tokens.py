"""Colours that can be read, in every mode: computed from tokens.css, not judged by eye."""

import re
from itertools import product

import pytest

from shequtong.lib import files

TOKENS = (files.static() / "css" / "tokens.css").read_text()
WHITE = "#ffffff"


def block(selector: str) -> dict[str, str]:
    """The custom properties of every rule with exactly this selector, later ones over earlier."""
    bodies = re.findall(rf"^\s*{re.escape(selector)} \{{(.*?)\}}", TOKENS, re.S | re.M)
    assert bodies, selector
    return dict(re.findall(r"--([\w-]+): ([^;]+);", " ".join(bodies)))


LIGHT = block(":root")
MODES = {
    "light": LIGHT,
    "dark": LIGHT | block('[data-theme="dark"]'),
    "contrast": LIGHT | block('[data-theme="contrast"]'),
}
ENAMELS = dict(re.findall(r'\[data-colour="(\w+)"\] \{ --enamel: (#\w+)', TOKENS))


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def mixed(one: str, share: float, other: str) -> str:
    """What `color-mix(in srgb, one share, other)` gives."""
    pairs = [(int(one[at : at + 2], 16), int(other[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


@pytest.mark.parametrize("mode", MODES)
def test_text_is_readable_on_every_ground(mode: str) -> None:
    colours = MODES[mode]
    grounds = ("paper", "surface", "sunken")
    faint = [
        f"{ink} on {ground}: {contrast(colours[ink], colours[ground]):.2f}"
        for ink, ground in product(("ink", "ink-2", "ink-3", "brand", "good", "warn", "bad", "info"), grounds)
        if contrast(colours[ink], colours[ground]) < 4.5
    ]
    for tone in ("brand", "good", "warn", "bad", "info"):
        for ink in (tone, "ink"):
            if (ratio := contrast(colours[ink], colours[f"{tone}-tint"])) < 4.5:
                faint.append(f"{ink} on {tone}-tint: {ratio:.2f}")
    assert faint == []


@pytest.mark.parametrize("mode", MODES)
def test_buttons_counts_and_banners_are_readable(mode: str) -> None:
    colours = MODES[mode]
    for words, ground in (("on-brand", "brand"), ("on-bad", "bad"), ("on-lamp", "lamp")):
        assert contrast(colours[words], colours[ground]) >= 4.5, (words, ground)
    assert contrast(WHITE, colours["brand-deep"]) >= 7, "the plate of a community"


@pytest.mark.parametrize("mode", MODES)
def test_edges_of_controls_can_be_seen(mode: str) -> None:
    colours = MODES[mode]
    for ground in ("paper", "surface"):
        assert contrast(colours["line-strong"], colours[ground]) >= 3


def test_large_print_has_stronger_words() -> None:
    assert block('[data-text="elder"]')["ink-3"] == "var(--ink-2)"
    for mode in MODES.values():
        assert contrast(mode["ink-2"], mode["paper"]) >= 7


@pytest.mark.parametrize("name", ENAMELS)
def test_a_door_plate_and_its_word_are_readable(name: str) -> None:
    enamel = ENAMELS[name]
    assert contrast(WHITE, enamel) >= 4.5
    tint = mixed(enamel, 0.10, LIGHT["surface"])
    for ground in (tint, LIGHT["paper"], LIGHT["surface"], LIGHT["sunken"]):
        assert contrast(enamel, ground) >= 4.5, ground
    dark = MODES["dark"]
    by_night = mixed(enamel, 0.42, WHITE)
    for ground in (mixed(enamel, 0.10, dark["surface"]), dark["paper"], dark["surface"]):
        assert contrast(by_night, ground) >= 4.5, ground


def test_night_is_the_same_whether_chosen_or_taken_from_the_device() -> None:
    assert block('[data-theme="dark"]') == block('[data-theme="auto"]')
    assert block('[data-theme="dark"] [data-colour]') == block('[data-theme="auto"] [data-colour]')


def test_large_print_stays_between_18_and_30_pixels() -> None:
    elder = block('[data-text="elder"]')
    sizes = [float(size.removesuffix("rem")) * 16 for name, size in elder.items() if name.startswith("text-")]
    assert min(sizes) >= 18 and max(sizes) <= 30
    assert float(elder["target"].removesuffix("rem")) * 16 >= 60
    assert float(elder["leading"]) >= 1.3
