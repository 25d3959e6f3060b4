"""Templates: one environment for each language, whose words, icons and includes are settled when it compiles.

A page that was put together once need not look up eighty translations again: `{{ _("Search") }}` is compiled to
the word itself. What depends on the visitor stays what it was.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from shequtong.lib import clock, dates, files, i18n
from shequtong.lib.assets import Assets
from shequtong.lib.crypto import new_token

REMEMBERED = 6_000
"""Pieces of pages kept, of each remembered macro in each language: some megabytes."""

CSRF = f"csrf-{new_token()}"
THIS_PAGE = f"page-{new_token()}"
"""Stand in for the visitor's token and the path of the page until it is whole, so that pieces of pages are the same
for everybody and everywhere."""


def render(template: str, block: str | None, csrf: str, context: Mapping[str, Any]) -> str:
    """A whole page, or one block of it, its own or inherited; `csrf` is the token that its forms carry."""
    if block is None:
        body = environment().get_template(template).render(context)
    else:
        body = render_block(template, block, context)
    return body.replace(CSRF, csrf).replace(THIS_PAGE, escape(context["request"].scope["path"]))


@lru_cache(maxsize=1)
def assets() -> Assets:
    """Style sheets, scripts and pictures of the process."""
    return Assets(files.static())


def environment() -> Environment:
    """The template environment of the language of this moment."""
    return _environment(i18n.current_locale())


@lru_cache(maxsize=len(i18n.LOCALES))
def _environment(locale: str) -> Environment:
    made = SettledEnvironment(
        loader=FileSystemLoader(files.templates()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"],
        auto_reload=False,
        cache_size=-1,
    )
    made.language = locale
    i18n.install(made)
    made.filters.update(
        ago=dates.ago, when=dates.when, day=dates.day, full_day=dates.full_day, left=dates.left
    )
    made.globals.update(
        **_SETTLED,
        once_field=once_field,
        locale=i18n.current_locale,
        ui=_Components(made),
        **_offered,
    )
    return made


# Settled when compiled ------------------------------------------------------------------------------


class SettledEnvironment(Environment):
    """Compiles templates in which whatever is the same for everybody who speaks `language` is text already."""

    language: str = i18n.DEFAULT

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        settled: nodes.Template = _Settling(self).visit(super()._parse(source, name, filename))
        return settled


class _Settling(NodeTransformer):
    """Puts translations, icons and included templates in their places."""

    def __init__(self, environment: SettledEnvironment) -> None:
        self.environment = environment

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        called = node.node.name if isinstance(node.node, nodes.Name) else ""
        if node.dyn_args or node.dyn_kwargs or not all(isinstance(arg, nodes.Const) for arg in node.args):
            return node
        given: list[Any] = [arg.value for arg in node.args if isinstance(arg, nodes.Const)]
        if called in ("_", "gettext") and len(given) == 1:
            return self._words(given[0], node)
        if called in _SETTLED and not node.kwargs:
            found = _SETTLED[called](*given)
            return nodes.MarkSafe(nodes.Const(str(found), lineno=node.lineno), lineno=node.lineno)
        return node

    def _words(self, message: str, node: nodes.Call) -> nodes.Expr:
        """A translation, safe as the template itself; values that fill it are escaped when it is shown."""
        with i18n.speaking(self.environment.language):
            words = i18n.gettext(message)
        if not node.kwargs:
            return nodes.MarkSafe(nodes.Const(words % {}, lineno=node.lineno), lineno=node.lineno)
        pairs = [nodes.Pair(nodes.Const(k.key), k.value, lineno=node.lineno) for k in node.kwargs]
        safe = nodes.MarkSafe(nodes.Const(words, lineno=node.lineno), lineno=node.lineno)
        return nodes.Mod(safe, nodes.Dict(pairs, lineno=node.lineno), lineno=node.lineno)

    def visit_Include(self, node: nodes.Include) -> nodes.Node:
        """An include costs a context of its own; inside a scope it can stand where it is included."""
        if not isinstance(node.template, nodes.Const) or not node.with_context or node.ignore_missing:
            return node
        assert self.environment.loader is not None
        source, filename, _ = self.environment.loader.get_source(self.environment, node.template.value)
        included = self.environment._parse(source, node.template.value, filename)
        apart: Any = (nodes.Extends, nodes.Block, nodes.Import, nodes.FromImport, nodes.Macro)
        if included.find(apart):
            return node
        return nodes.Scope(included.body, lineno=node.lineno)


# Components -----------------------------------------------------------------------------------------


class _Components:
    """All macros of `components/*.html` under one name: `ui.field(form, "title")`."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Any:
        for template in self._environment.list_templates(filter_func=lambda n: n.startswith("components/")):
            module = self._environment.get_template(template).module
            for macro, call in vars(module).items():
                if not macro.startswith("_"):
                    vars(self)[macro] = _Remembered(call, _keys[macro]) if macro in _keys else call
        try:
            return vars(self)[name]
        except KeyError:
            raise AttributeError(f"no macro {name} in components/") from None

    def each(self, macro: str, rows: Iterable[Any], *same: Any, **more: Any) -> Markup:
        """A list item of a macro for each row: cheaper than a loop of the template's own."""
        draw = getattr(self, macro)
        if isinstance(draw, _Remembered):
            draw = partial(draw.at, clock.now())
        return Markup("".join([f"<li>{draw(row, *same, **more)}</li>\n" for row in rows]))


Key = Callable[..., Any]
_keys: dict[str, Key] = dict.fromkeys(("site_header", "tab_bar", "modes"), lambda *shown: shown)


def remember(macro: str, key: Key) -> None:
    """Keep what a macro of `components/` makes. `key` takes its arguments and holds all that it shows, or is None.

    Nothing has to be forgotten when something changes: another row is another key.
    """
    _keys[macro] = key


class _Remembered:
    """A macro that is not asked twice for the same, as long as what it says about moments stays true."""

    def __init__(self, macro: Any, key: Key) -> None:
        self.macro, self.key = macro, key
        self.kept: OrderedDict[Any, tuple[Markup, datetime, datetime]] = OrderedDict()

    def __call__(self, *args: Any, **kwargs: Any) -> Markup:
        return self.at(clock.now(), *args, **kwargs)

    def at(self, now: datetime, *args: Any, **kwargs: Any) -> Markup:
        """What it makes, for somebody who has just looked at the clock."""
        key = self.key(*args, **kwargs)
        if key is None:
            return Markup(self.macro(*args, **kwargs))
        kept = self.kept.get(key)
        if kept is not None and kept[1] <= now < kept[2]:
            return kept[0]
        with dates.lasting() as lasting:
            shown = Markup(self.macro(*args, **kwargs))
        self.kept[key] = shown, now, lasting.until
        if len(self.kept) > REMEMBERED:
            self.kept.popitem(last=False)
        return shown


_offered: dict[str, Callable[..., Any]] = {}


def offer(name: str, function: Callable[..., Any]) -> None:
    """Let every template call a function by this name."""
    _offered[name] = function


# What every form carries ----------------------------------------------------------------------------


def csrf_value() -> str:
    """The token of this visitor's session, once the page is whole; empty for somebody who has none."""
    return CSRF


def csrf_field() -> Markup:
    return _CSRF_FIELD


_CSRF_FIELD = Markup(f'<input type="hidden" name="csrf" value="{CSRF}">')

_SETTLED: Mapping[str, Callable[..., Any]] = {
    "static": lambda path: assets().url(path),
    "icon": lambda name, label="": assets().icon(name, label),
    "csrf_field": csrf_field,
    "csrf_token": csrf_value,
    "this_page": lambda: THIS_PAGE,
}
"""Functions of templates that answer the same whoever asks."""


def once_field() -> Markup:
    """A number of its own for each form shown: sent twice, it takes effect once."""
    return Markup(f'<input type="hidden" name="once" value="{new_token()[:16]}">')


# Blocks ---------------------------------------------------------------------------------------------


def render_block(template: str, block: str, context: Mapping[str, Any]) -> str:
    """One block of a template, its own or inherited."""
    env = environment()
    scope = env.get_template(template).new_context(dict(context))
    parent = _parent_of(template)
    while parent:
        for name, render in env.get_template(parent).blocks.items():
            scope.blocks.setdefault(name, []).append(render)
        parent = _parent_of(parent)
    return env.concat(scope.blocks[block][0](scope))


@lru_cache(maxsize=512)
def first_template(*names: str) -> str:
    """The first of these templates that exists."""
    return next(name for name in names if name in _templates())


@lru_cache(maxsize=1)
def _templates() -> frozenset[str]:
    return frozenset(environment().list_templates())


@lru_cache(maxsize=512)
def _parent_of(template: str) -> str | None:
    env = environment()
    assert env.loader is not None
    source = env.loader.get_source(env, template)[0]
    extends = env.parse(source).find(nodes.Extends)
    return extends.template.value if extends and isinstance(extends.template, nodes.Const) else None
