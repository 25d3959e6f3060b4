"""A stage on which the look is shown without a database: our templates, static files and headers."""

from datetime import timedelta
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, TemplateNotFound
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from tests.look.samples import samples

from shequtong.lib import clock, files, i18n, refusals, templates
from shequtong.lib.edge.headers import SecurityHeaders
from shequtong.settings import Settings

PAGES = Path(__file__).parent / "pages"
BOARDS = [
    SimpleNamespace(own_name="", slug=slug, name=name, icon=icon, colour=colour)
    for slug, name, icon, colour in [
        ("district", "本区之窗", "landmark", "blue"),
        ("notices", "社区公告", "megaphone", "amber"),
        ("party", "党建园地", "flag", "red"),
        ("guides", "办事指南", "book-open-check", "teal"),
        ("hall", "议事厅", "vote", "plum"),
        ("matters", "身边事", "map-pin", "persimmon"),
        ("aid", "互助", "hand-heart", "rose"),
        ("goods", "闲置物品", "armchair", "moss"),
        ("talk", "邻里交流", "messages-square", "sky"),
        ("services", "社区服务", "concierge-bell", "slate"),
    ]
]


def environment() -> Environment:
    """The environment of every page, with the pages of this stage beside ours."""
    return _beside(i18n.current_locale())


@cache
def _beside(locale: str) -> Environment:
    with i18n.speaking(locale):
        return templates.environment().overlay(loader=FileSystemLoader([files.templates(), PAGES]))


def visit(
    theme: str = "auto", text: str = "normal", locale: str = "zh-Hans", signed_in: bool = True
) -> SimpleNamespace:
    return SimpleNamespace(
        actor=SimpleNamespace(signed_in=signed_in, name="周桂芳", id=7, unread=3),
        community=SimpleNamespace(name="宝月尚园居委会", code="310113104029"),
        home="/c/310113104029",
        prefs=SimpleNamespace(theme=theme, text=text),
        locale=locale,
    )


def context(request: Request, **prefs: Any) -> dict[str, Any]:
    token = Markup('<input type="hidden" name="csrf" value="t0ken">')
    return {
        "request": request,
        "visit": visit(**prefs),
        "csrf_token": lambda: "t0ken",
        "csrf_field": lambda: token,
        "once_field": lambda: Markup('<input type="hidden" name="once" value="1">'),
        "boards": BOARDS,
        "community": SimpleNamespace(name="宝月尚园居委会", code="310113104029"),
        "at": clock.now() - timedelta(hours=20),
        "forms": samples(),
    }


def stage() -> Starlette:
    """`/<page>?theme=…&text=…&locale=…&anonymous=1` shows pages/<page>.html or templates/<page>.html."""

    def show(request: Request) -> Response:
        asked = dict(request.query_params)
        signed_in = not asked.pop("anonymous", "")
        prefs = {name: asked.pop(name) for name in ("theme", "text", "locale") if name in asked}
        with i18n.speaking(prefs.get("locale", i18n.DEFAULT)):
            try:
                page = environment().get_template(request.path_params["page"] + ".html")
            except TemplateNotFound:
                return Response(status_code=404)
            return HTMLResponse(page.render(context(request, signed_in=signed_in, **prefs) | asked))

    def take(request: Request) -> Response:
        """What a form gets: a fragment for HTMX, else the next page."""
        if refused := request.query_params.get("refuse"):
            return refusals.answer(request, int(refused))
        if "HX-Request" in request.headers:
            return HTMLResponse('<li class="comment" id="taken">收到</li>')
        return RedirectResponse("/parts?taken=1", 303)

    def manifest(request: Request) -> Response:
        page = environment().get_template("layouts/manifest.webmanifest")
        return Response(page.render(context(request)), media_type="application/manifest+json")

    routes = [
        Mount("/static", templates.assets()),
        Route("/take", take, methods=["POST"]),
        Route("/manifest.webmanifest", manifest),
        Route("/{page:path}", show),
    ]
    made = Starlette(routes=routes, middleware=[Middleware(SecurityHeaders, https=False)])
    made.state.settings = Settings(_env_file=None)
    made.state.programs = {}
    return made


app = stage()
