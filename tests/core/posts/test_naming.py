"""What a community calls its boards: everywhere inside it, and nowhere else."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.cast import AWAY, HOME, LOGINS

from shequtong.core.communities.models import Division

NAMES = f"/c/{HOME}/settings/names"
PARTY = f"/c/{HOME}/party"
TALK = f"/c/{HOME}/talk"
OWN = "红色家园"
USUAL = "党建园地"


def names_of(app, code=HOME):
    with app.state.database.reading() as session:
        return session.get(Division, code).board_names


def rename(cast, board="party", name=OWN):
    answer = cast.secretary.submit(NAMES, {"board": board, "name": name})
    assert answer.status_code == 303, answer.text
    return answer


def test_a_secretary_gives_a_board_another_name_and_takes_it_back(app, cast):
    answer = rename(cast)
    page = cast.secretary.get(answer.headers["location"]).text
    assert "已保存" in page and f'value="{OWN}"' in page and f"通常叫：{USUAL}" in page
    assert names_of(app) == {"party": OWN} and names_of(app, AWAY) == {}
    assert cast.secretary.submit(NAMES, {"board": "party", "usual": "1"}).status_code == 303
    assert names_of(app) == {} and OWN not in cast.resident.get(f"/c/{HOME}").text


def test_the_name_stands_everywhere_in_its_community_and_nowhere_else(cast):
    cast.resident.submit(f"{TALK}/new", {"title": "长椅坏了", "body": "坐不了"})
    cast.resident.submit(f"{TALK}/follow", {})
    rename(cast, "talk", "弄堂闲话")
    post = cast.resident.submit(f"{TALK}/new", {"title": "长椅修好了", "body": "谢谢"}).headers["location"]
    inside = (TALK, post, f"/c/{HOME}", f"/c/{HOME}/new", f"/c/{HOME}/matters", f"/c/{HOME}/events")
    anywhere = ("/home", f"/u/{cast.resident.id}", "/me/follows", "/search?q=长椅", f"/c/{HOME}/following")
    for address in (*inside, *anywhere):
        page = cast.resident.get(address).text
        assert "弄堂闲话" in page and "邻里交流" not in page, address
    assert "<title>弄堂闲话" in cast.resident.get(TALK).text
    assert "弄堂闲话" in cast.resident.get(f"/search?q=长椅&in={HOME}&board=talk").text
    for address in (f"/c/{AWAY}", f"/c/{AWAY}/talk", f"/c/{AWAY}/new", "/home"):
        page = cast.outsider.get(address).text
        assert "弄堂闲话" not in page, address
    assert "邻里交流" in cast.outsider.get(f"/c/{AWAY}/talk").text


def test_the_name_stands_on_the_sheet_for_the_gate_and_on_the_desk(cast):
    cast.resident.submit(f"{TALK}/new", {"title": "长椅坏了", "body": "坐不了"})
    wish = {"kind": "wish", "title": "老花镜", "whose": "other", "person": "阿芳", "door": "102"}
    assert cast.neighbor.submit(f"{PARTY}/new", wish).status_code == 303
    rename(cast, "talk", "弄堂闲话")
    rename(cast)
    assert "弄堂闲话" in cast.resident.get(f"/c/{HOME}/weekly").text
    desk = cast.clerk.get(f"/c/{HOME}/desk").text
    assert OWN in desk and USUAL not in desk


def test_pieces_of_pages_kept_before_do_not_say_the_old_name(cast):
    cast.resident.submit(f"{TALK}/new", {"title": "长椅坏了", "body": "坐不了"})
    assert "邻里交流" in cast.resident.get(f"/c/{HOME}").text
    for name in ("弄堂闲话", "大家聊"):
        rename(cast, "talk", name)
        page = cast.resident.get(f"/c/{HOME}").text
        assert name in page and "邻里交流" not in page
    assert "弄堂闲话" not in page


def test_a_name_is_the_same_in_every_language(cast):
    rename(cast, "talk", "Lane Talk")
    cast.resident.submit("/prefs", {"locale": "en"})
    page = cast.resident.get(f"/c/{HOME}").text
    assert "Lane Talk" in page and "Neighbours" not in page.split("<main")[0].split("board-strip")[-1]


@pytest.mark.parametrize(
    "wrong",
    [
        "红",
        "红" * 9,
        "x" * 25,
        "红色😀家园",
        "<b>红</b>",
        "公告\u202e栏",
        "社区公告",
        "  社 区·公告 ",
        "IDLE goods",
        "····",
    ],
)
def test_names_that_mislead_or_do_not_fit_are_refused(app, cast, wrong):
    answer = cast.secretary.submit(NAMES, {"board": "party", "name": wrong})
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    assert names_of(app) == {}


def test_two_boards_never_have_one_name(app, cast):
    rename(cast)
    assert cast.secretary.submit(NAMES, {"board": "talk", "name": "红色 家园"}).status_code == 422
    assert cast.secretary.submit(NAMES, {"board": "talk", "name": USUAL}).status_code == 422
    assert names_of(app) == {"party": OWN}


@pytest.mark.parametrize("usual", ["", "  ", USUAL, "Party and civic corner"])
def test_an_empty_name_and_the_usual_one_are_the_same(app, cast, usual):
    rename(cast)
    rename(cast, name=usual)
    assert names_of(app) == {}


@pytest.mark.parametrize("board", ["notices", "matters", "hall", "guides", "district", "nonsense", ""])
def test_boards_that_are_the_same_everywhere_keep_their_names(app, cast, board):
    for sent in ({"name": OWN}, {"usual": "1"}):
        assert cast.secretary.submit(NAMES, {"board": board, **sent}).status_code == 422
    assert names_of(app) == {}
    assert f'value="{board}"' not in cast.secretary.get(NAMES).text or not board


def test_two_names_given_at_once_are_both_kept(app, cast):
    given = [("party", OWN), ("talk", "弄堂闲话"), ("aid", "邻里帮"), ("goods", "换物小站")]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda one: rename(cast, *one), given))
    assert names_of(app) == dict(given)


@pytest.mark.parametrize("login", sorted(set(LOGINS) - {"secretary"}))
def test_names_are_the_secretarys(app, cast, login):
    browser = getattr(cast, login)
    away = 303 if login == "visitor" else 404
    assert browser.get(NAMES).status_code == away
    assert browser.submit(NAMES, {"board": "party", "name": OWN}).status_code == away
    assert names_of(app) == {}


@pytest.mark.parametrize("board", ["notices", "matters", "hall", "guides", "district"])
def test_what_everybody_needs_cannot_be_hidden(app, cast, board):
    settings = f"/c/{HOME}/settings"
    assert f'value="{board}"' not in cast.secretary.get(settings).text
    sent = {"hold_first_posts": "1", "report_threshold": "3", "boards_off": ["talk", board]}
    answer = cast.secretary.submit(settings, sent)
    assert answer.status_code == 422 and "不能隐藏" in answer.text
    with app.state.database.reading() as session:
        assert session.get(Division, HOME).boards_off == []
