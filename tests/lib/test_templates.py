"""What is settled when a template compiles says the same as what is found out when it is shown."""

import re
from datetime import timedelta

import jinja2
import pytest
from jinja2 import DictLoader, Environment
from markupsafe import Markup

from shequtong.lib import clock, dates, i18n, templates
from shequtong.lib.templates import SettledEnvironment, environment, remember

PAGES = {
    "words": '{{ _("Search") }}|{% trans %}Search{% endtrans %}|{% set w = _("Search") %}<a title="{{ w }}">',
    "filled": '{{ _("Nothing found for “%(words)s”", words=q) }}',
    "chosen": '{{ _("Search") if q else _("Home") }}{% for w in [_("Home")] %}{{ w }}{% endfor %}',
    "icons": '{{ icon("house") }}{{ icon(name) }}<link href="{{ static("css/app.css") }}">',
    "inside": "{% set w = 2 %}{{ w }}{{ q }}{% if q %}{% set inner = 1 %}{% endif %}",
    "outside": '{% set w = 1 %}{% for x in [1, 2] %}{% include "inside" %}{{ x }}{% endfor %}{{ w }}',
    "name": '{% include name ~ "" %}{% include "nothing" ignore missing %}',
    "blocks": "{% block b %}{{ q }}{% endblock %}",
    "with_blocks": '{% include "blocks" %}{% block b %}own{% endblock %}',
}


def usual() -> Environment:
    """Jinja as it comes, with our settings."""
    made = Environment(
        loader=DictLoader(PAGES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )
    i18n.install(made)
    made.globals.update(icon=templates.assets().icon, static=templates.assets().url)
    return made


@pytest.mark.parametrize("locale", list(i18n.LOCALES))
@pytest.mark.parametrize("page", sorted(set(PAGES) - {"inside", "blocks", "name"}))
def test_a_settled_page_is_the_page(page, locale):
    said = {"q": "<b>&", "name": "house"}
    with i18n.speaking(locale):
        ours = environment().overlay(loader=DictLoader(PAGES))
        assert ours.get_template(page).render(said) == usual().get_template(page).render(said)


def test_each_language_has_pages_of_its_own():
    for locale, word in (("zh-Hans", "搜索"), ("en", "Search")):
        with i18n.speaking(locale):
            made = environment().overlay(loader=DictLoader(PAGES))
            assert word in made.get_template("words").render()


def test_what_fills_a_translation_is_escaped():
    made = environment().overlay(loader=DictLoader(PAGES))
    assert "&lt;b&gt;" in made.get_template("filled").render(q="<b>")
    assert "<b>" in made.get_template("filled").render(q=Markup("<b>"))


def test_translations_and_includes_leave_nothing_to_look_up():
    made = environment().overlay(loader=DictLoader(PAGES))
    assert isinstance(made, SettledEnvironment)
    for page in ("words", "outside"):
        source = made.compile(PAGES[page], raw=True)
        assert "gettext" not in source and "get_template" not in source


def test_a_remembered_macro_is_asked_once_for_each_key(monkeypatch):
    monkeypatch.setattr(templates, "_keys", {})
    monkeypatch.setattr(templates, "REMEMBERED", 2)
    asked = []
    remember("drawn", lambda name, kept=True: name if kept else None)
    macro = templates._Remembered(
        lambda name, kept=True: asked.append(name) or f"<{name}>", templates._keys["drawn"]
    )
    assert [str(macro(name)) for name in ("a", "a", "b", "a")] == ["<a>", "<a>", "<b>", "<a>"]
    assert asked == ["a", "b"]
    macro("c")  # the oldest goes
    macro("a")
    macro("c", kept=False)
    assert asked == ["a", "b", "c", "a", "c"] and len(macro.kept) == 2


def test_a_remembered_macro_is_asked_again_when_its_words_for_a_moment_are_no_longer_true():
    moment = clock.now()
    macro = templates._Remembered(lambda name: Markup(dates.ago(moment)), lambda name: name)
    with clock.at(moment + timedelta(minutes=3)):
        assert (macro("a"), macro("a")) == ("3 分钟前", "3 分钟前")
        clock.advance(timedelta(seconds=59))
        assert macro("a") == "3 分钟前"
        clock.advance(timedelta(seconds=1))
        assert macro("a") == "4 分钟前"
        clock.advance(timedelta(minutes=-2))  # somebody sets the clock back
        assert macro("a") == "2 分钟前"


def test_the_token_of_a_form_is_that_of_its_reader_and_never_what_stands_in_for_it(cast):
    address = "/c/310113104029/talk/new"
    pages = [person.get(address).text for person in (cast.resident, cast.neighbor)]
    tokens = [set(re.findall('name="csrf" value="([^"]*)"', page)) for page in pages]
    assert all(len(found) == 1 and "" not in found for found in tokens) and tokens[0] != tokens[1]
    assert all(templates.CSRF not in page for page in pages)
