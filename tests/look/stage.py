"""A stage on which the look is shown without a database: our templates, static files and headers."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route
from tests.look.samples import samples

from shequtong.lib import clock, files, i18n, web
from shequtong.lib.edge.headers import SecurityHeaders

PAGES = Path(__file__).parent / "pages"
BOARDS = [
    SimpleNamespace(slug=slug, name=name, icon=icon, colour=colour)
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
    return web.environment().overlay(loader=FileSystemLoader([files.templates(), PAGES]))


def visit(
    theme: str = "auto", text: str = "normal", locale: str = "zh-Hans", signed_in: bool = True
) -> SimpleNamespace:
    return SimpleNamespace(
        actor=SimpleNamespace(signed_in=signed_in, name="周桂芳", id=7, unread=3),
        community=SimpleNamespace(name="宝月尚园居委会", code="310113104029"),
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
    env = environment()

    def show(request: Request) -> Response:
        asked = dict(request.query_params)
        anonymous = asked.pop("anonymous", "")
        prefs = {name: asked[name] for name in ("theme", "text", "locale") if name in asked}
        with i18n.speaking(prefs.get("locale", "zh-Hans")):
            page = env.get_template(request.path_params["page"] + ".html")
            extra = {name: asked[name] for name in asked if name not in prefs}
            return HTMLResponse(page.render(**context(request, signed_in=not anonymous, **prefs) | extra))

    def echo(request: Request) -> Response:
        return HTMLResponse('<p class="notice good" id="swapped">换上了</p>', 200)

    routes = [
        Mount("/static", web.assets()),
        Route("/echo", echo, methods=["GET", "POST"]),
        Route("/{page:path}", show),
    ]
    return Starlette(routes=routes, middleware=[Middleware(SecurityHeaders, https=False)])


app = stage()
