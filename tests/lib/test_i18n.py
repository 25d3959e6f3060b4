import copy
import subprocess
import sys

import pytest
from jinja2 import Environment, StrictUndefined
from pydantic import BaseModel

from shequtong.lib import i18n
from shequtong.lib.i18n import LazyString, gettext, lazy_gettext, negotiate, ngettext, speaking


@pytest.fixture
def jinja() -> Environment:
    environment = Environment(undefined=StrictUndefined, autoescape=True)
    i18n.install(environment)
    return environment


def test_chinese_is_the_default_and_english_is_beside_it():
    assert gettext("just now") == "刚刚"
    with speaking("en"):
        assert gettext("just now") == "just now"
    assert i18n.current_locale() == "zh-Hans"


def test_a_locale_we_do_not_speak_becomes_the_default():
    with speaking("xx/../../etc"):
        assert i18n.current_locale() == "zh-Hans"


def test_an_unknown_message_shows_its_english():
    assert gettext("Nobody wrote this") == "Nobody wrote this"
    assert gettext("Hello %(name)s", name="阿姨") == "Hello 阿姨"


def test_plurals_agree_with_the_number():
    assert ngettext("%(n)s minute ago", "%(n)s minutes ago", 5) == "5 分钟前"
    with speaking("en"):
        assert ngettext("%(n)s minute ago", "%(n)s minutes ago", 1) == "1 minute ago"
        assert ngettext("%(n)s minute ago", "%(n)s minutes ago", 5) == "5 minutes ago"


def test_lazy_words_follow_the_locale_of_the_reader():
    words = lazy_gettext("Today")
    assert str(words) == "今天"
    assert words == "今天" and words + "!" == "今天!" and f"{words}" == "今天" and len(words) == 2
    with speaking("en"):
        assert str(words) == "Today" and "! " + words == "! Today"
    assert str(copy.deepcopy(words)) == "今天" and {words: 1}[words] == 1


def test_lazy_words_serialise_in_a_model():
    class Choice(BaseModel):
        label: LazyString

    assert Choice(label=lazy_gettext("Today")).model_dump_json() == '{"label":"今天"}'


def test_templates_speak_too_and_escape_what_people_wrote(jinja):
    assert (
        jinja.from_string("{{ _('Today') }} {{ words }}").render(words=lazy_gettext("Tomorrow"))
        == "今天 明天"
    )
    greeting = jinja.from_string("{{ _('Hello %(name)s', name=name) }}")
    assert greeting.render(name="<b>") == "Hello &lt;b&gt;"
    block = "{% trans n=n %}\n  %(n)s minute ago\n{% pluralize %}\n {{ n }} minutes ago\n{% endtrans %}"
    plural = jinja.from_string(block.replace("%(n)s", "{{ n }}"))
    assert plural.render(n=3) == "3 分钟前"
    named = "{% trans n=n, name=name %}{{ name }} has {{ n }} post{% pluralize %}{{ name }} has {{ n }} posts"
    assert jinja.from_string(named + "{% endtrans %}").render(n=2, name="<b>") == "&lt;b&gt; has 2 posts"


@pytest.mark.parametrize(
    ("own_choice", "header", "expected"),
    [
        ("en", "zh-CN", "en"),
        ("xx", "en-GB,en;q=0.9", "en"),
        (None, "zh-TW,en;q=0.5", "zh-Hans"),
        (None, "en;q=0.3, zh-CN;q=0.8", "zh-Hans"),
        (None, "fr, de;q=0.5", "zh-Hans"),
        (None, "en;q=0, fr", "zh-Hans"),
        (None, "en;q=ten", "zh-Hans"),
        (None, None, "zh-Hans"),
        (None, ",;q=,", "zh-Hans"),
    ],
)
def test_a_visitors_own_choice_comes_before_what_the_browser_prefers(own_choice, header, expected):
    assert negotiate(own_choice, header) == expected


def test_importing_reads_no_catalogue():
    show = "print(i18n.catalogue.cache_info().currsize, 'babel' in sys.modules)"
    code = f"import sys; from shequtong.lib import i18n; {show}"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "0 False\n"
