import pytest
from babel.messages.catalog import Catalog

from shequtong.lib import messages
from shequtong.lib.i18n import LOCALES


@pytest.mark.parametrize("locale", LOCALES)
def test_every_message_is_translated(locale):
    """If this fails: `make messages`, then fill in what is empty in locale/zh_Hans."""
    found = messages.extract()
    assert list(messages.mistakes(found, messages.read(locale), complete=locale != "en")) == []


def test_a_missing_a_fuzzy_and_a_misfitting_translation_are_named():
    found, catalog = Catalog(), Catalog(locale="zh_Hans")
    for id in ["Save", "Open", "Hello %(name)s", ("%(n)s day", "%(n)s days"), "Fine %(n)s"]:
        found.add(id)
    catalog.add("Open", "打开", flags=["fuzzy"])
    catalog.add("Hello %(name)s", "你好 %(nme)s")
    catalog.add(("%(n)s day", "%(n)s days"), ["几天"])
    catalog.add("Fine %(n)s", "好 %(n)s")
    assert list(messages.mistakes(found, catalog)) == [
        "missing: Save",
        "fuzzy: Open",
        "other placeholders: Hello %(name)s",
        "other placeholders: %(n)s day",
    ]


def test_ids_are_found_in_code_and_templates(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "src" / "a.py").write_text('x = _("One"), _l("Two"), ngettext("%(n)s a", "%(n)s b", 2)')
    (tmp_path / "templates" / "a.html").write_text("{{ _('Three') }}{% trans %}\n  Four\n{% endtrans %}")
    found = {message.id for message in messages.extract(tmp_path) if message.id}
    assert found == {"One", "Two", ("%(n)s a", "%(n)s b"), "Three", "Four"}
