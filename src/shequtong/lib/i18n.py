"""Words in the reader's language.

Message ids are English. The catalogues are `locale/<locale>/LC_MESSAGES/messages.po`; they are compiled in
memory when a locale is first used, so there is no build step and nothing is read at import.
"""

import gettext as _gettext
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from jinja2 import Environment

CATALOGUES = Path(__file__).resolve().parent.parent / "locale"
LOCALES = {"zh-Hans": "中文", "en": "English"}
DEFAULT = "zh-Hans"

_locale: ContextVar[str] = ContextVar("locale", default=DEFAULT)


def current_locale() -> str:
    """The locale of this request or job, one of `LOCALES`."""
    return _locale.get()


def set_locale(locale: str) -> None:
    """Speak `locale` from here to the end of this request."""
    _locale.set(locale if locale in LOCALES else DEFAULT)


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Speak `locale` inside the block: for mail, jobs and tests."""
    token = _locale.set(locale if locale in LOCALES else DEFAULT)
    try:
        yield
    finally:
        _locale.reset(token)


def negotiate(preferred: str | None, accept_language: str | None, default: str = DEFAULT) -> str:
    """The locale for a visitor: their own choice, else the best of Accept-Language, else `default`."""
    if preferred in LOCALES:
        return preferred
    for language in _by_weight(accept_language or ""):
        if language.startswith("zh"):
            return "zh-Hans"
        if language.startswith("en"):
            return "en"
    return default


@lru_cache(maxsize=256)
def _by_weight(accept_language: str) -> list[str]:
    weighted: list[tuple[float, int, str]] = []
    for item in accept_language[:200].lower().split(","):
        tag, _, weight = item.strip().partition(";q=")
        try:
            quality = float(weight or 1)
        except ValueError:
            quality = 0
        if quality > 0:
            weighted.append((-quality, len(weighted), tag))
    return [tag for _, _, tag in sorted(weighted)]


@cache
def catalogue(locale: str) -> _gettext.NullTranslations:
    """The compiled translations of one locale. Fuzzy entries are left out, so their English shows."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    name = locale.replace("-", "_")
    path = CATALOGUES / name / "LC_MESSAGES" / "messages.po"
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=name, charset="utf-8"))
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def gettext(message: str, **values: Any) -> str:
    """The translation; `%(name)s` is filled when values are given."""
    text = catalogue(_locale.get()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, n: int, **values: Any) -> str:
    """The translation that agrees with `n`, which also fills `%(n)s` (or Jinja's `%(num)s`)."""
    return catalogue(_locale.get()).ngettext(singular, plural, n) % {"n": n, "num": n, **values}


def pgettext(context: str, message: str, **values: Any) -> str:
    """For a word with two meanings: `pgettext("verb", "Open")`."""
    text = catalogue(_locale.get()).pgettext(context, message)
    return text % values if values else text


class LazyString:
    """Words chosen when shown, not when written: for constants at module level."""

    __slots__ = ("_args", "_translate", "_values")

    def __init__(self, translate: Callable[..., str], *args: Any, **values: Any) -> None:
        self._translate, self._args, self._values = translate, args, values

    def __str__(self) -> str:
        return self._translate(*self._args, **self._values)

    def __repr__(self) -> str:
        return f"LazyString({self._args[-1]!r})"

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other) if isinstance(other, (str, LazyString)) else NotImplemented

    def __lt__(self, other: object) -> bool:
        return str(self) < str(other)

    def __hash__(self) -> int:
        return hash(self._args)

    def __mod__(self, values: Any) -> str:
        return str(self) % values

    def __add__(self, other: object) -> str:
        return str(self) + str(other)

    def __radd__(self, other: object) -> str:
        return str(other) + str(self)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __len__(self) -> int:
        return len(str(self))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.is_instance_schema(cls, serialization=core_schema.to_string_ser_schema())


def lazy_gettext(message: str, **values: Any) -> LazyString:
    return LazyString(gettext, message, **values)


def lazy_pgettext(context: str, message: str, **values: Any) -> LazyString:
    return LazyString(pgettext, context, message, **values)


def install(environment: Environment) -> None:
    """Give templates `_`, `ngettext`, `pgettext` and `{% trans %}`; extraction uses the same options."""
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: catalogue(_locale.get()).gettext(message),
        ngettext=lambda one, many, n: catalogue(_locale.get()).ngettext(one, many, n),
        pgettext=lambda context, message: catalogue(_locale.get()).pgettext(context, message),
        newstyle=True,
    )
