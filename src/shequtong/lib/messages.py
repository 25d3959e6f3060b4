"""`make messages`: gather every message id of the code and the templates into both catalogues.

The files are sorted and hold no locations and no dates, so two branches that add words merge.
With `--check` nothing is changed; a missing Chinese word is named and the exit code is 1.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from shequtong.lib.i18n import CATALOGUES, LOCALES

ROOT = Path(__file__).resolve().parents[3]
SOURCES = [
    ("src", "**.py", "python"),
    ("templates", "**.html", "jinja2"),
    ("templates", "**.txt", "jinja2"),
    ("templates", "**.webmanifest", "jinja2"),
]
JINJA = {
    "extensions": "jinja2.ext.i18n,jinja2.ext.do,jinja2.ext.loopcontrols",
    "newstyle_gettext": "true",
    "trimmed": "true",
    "silent": "false",
}
KEYWORDS = {**DEFAULT_KEYWORDS, "_l": None, "lazy_gettext": None, "lazy_pgettext": ((1, "c"), 2)}
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-z%]")
HEADER = """msgid ""
msgstr ""
"Language: {locale}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plural}\\n"

"""


def extract(root: Path = ROOT) -> Catalog:
    """Every message id in use under `root`."""
    found = Catalog()
    for folder, pattern, method in SOURCES:
        for _, _, message, _, context in extract_from_dir(
            root / folder,
            method_map=[(pattern, method)],
            options_map={pattern: JINJA} if method == "jinja2" else None,
            keywords=KEYWORDS,
        ):
            found.add(message, context=context)
    return found


def path_of(locale: str) -> Path:
    return CATALOGUES / locale.replace("-", "_") / "LC_MESSAGES" / "messages.po"


def read(locale: str) -> Catalog:
    with path_of(locale).open("rb") as source:
        return read_po(source, locale=locale.replace("-", "_"), charset="utf-8")


def update(locale: str, found: Catalog) -> Catalog:
    """Rewrite one catalogue: new ids come in empty, ids that nobody uses leave, translations stay."""
    catalog = read(locale)
    catalog.update(found, no_fuzzy_matching=True, update_creation_date=False)
    with path_of(locale).open("wb") as target:
        target.write(HEADER.format(locale=catalog.locale, plural=catalog.plural_forms).encode())
        write_po(
            target,
            catalog,
            width=0,
            no_location=True,
            omit_header=True,
            sort_output=True,
            ignore_obsolete=True,
        )
    return catalog


def forms(message: Message) -> list[str]:
    """The translated text or texts of a message."""
    texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return [text or "" for text in texts]


def mistakes(found: Catalog, catalog: Catalog, complete: bool = True) -> Iterator[str]:
    """What is wrong with a catalogue, one line each. English may stay empty: the id is the text."""
    for wanted in found:
        if not wanted.id:
            continue
        ids = list(wanted.id) if isinstance(wanted.id, (list, tuple)) else [wanted.id]
        message = catalog.get(ids[0], wanted.context)
        if message is None or not all(forms(message)):
            if complete:
                yield f"missing: {ids[0]}"
        elif message.fuzzy:
            yield f"fuzzy: {ids[0]}"
        elif not all(_fits(text, ids) for text in forms(message)):
            yield f"other placeholders: {ids[0]}"


def _fits(text: str, ids: list[str]) -> bool:
    """A translation must use the placeholders of one of the English forms: no more, no fewer."""
    return any(sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(id)) for id in ids)


def main(arguments: list[str]) -> int:
    found = extract()
    check_only = "--check" in arguments
    wrong = []
    for locale in LOCALES:
        catalog = read(locale) if check_only else update(locale, found)
        wrong += [f"{locale} {line}" for line in mistakes(found, catalog, complete=locale != "en")]
    print("\n".join(wrong) or f"{len(found)} messages, all translated")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
