"""The duty list of each office: what it must do, how, and what is due of it now."""

import re

import pytest
from tests.boards.guiding import a_guide
from tests.cast import HOME
from tests.counting import counted

from shequtong.core.duties import listing
from shequtong.core.posts.rooms import ROOMS

LISTS = f"/c/{HOME}/duties/lists"


def report(cast, number=1):
    matter = {"title": f"第{number}个坑", "category": "road", "body": "小心"}
    assert cast.resident.insist(f"/c/{HOME}/matters/new", matter).status_code == 303


def line_of(person, office, words):
    page = person.get(f"{LISTS}/{office}").text
    return next(line for line in re.findall(r"<li>.*?</li>", page, re.DOTALL) if words in line)


def test_an_office_reads_its_list_and_what_is_due_of_it(cast):
    assert "您的岗位" in cast.clerk.get(LISTS).text
    assert "件到期" not in line_of(cast.clerk, "clerk", "首问负责")
    report(cast)
    assert "1件等着办" in line_of(cast.clerk, "clerk", "首问负责")
    assert "1件等着办" not in line_of(cast.property, "property", "报修按时上门"), "nothing was handed to it"
    assert "等着办" not in cast.property.get(f"{LISTS}/clerk").text, (
        "counts are for staff and the office itself"
    )


def test_what_was_asked_of_a_person_is_due_of_their_office_and_of_no_other(cast):
    """A desk with a rota asks a person, and no office: the list of their office counts it all the same."""
    desk = {"kind": "lawyer", "name": "律师在线", "monday": "09:00-17:00"}
    where = cast.clerk.submit(f"/c/{HOME}/settings/desks", desk).headers["location"]
    sent = {"account_id": str(cast.lawyer.id), "part": "first"}
    assert cast.clerk.submit(f"{where}/people", sent).status_code == 303
    for office in ("police", "doctor", "lawyer"):
        cast.clerk.submit(f"{LISTS}/{office}", {"words": "当天回答居民的问题", "board": "services"})
    asked = {"kind": "question", "desk": "lawyer", "title": "房东不退押金"}
    assert cast.resident.submit(f"/c/{HOME}/services/new", asked).status_code == 303
    assert "1件等着办" in line_of(cast.lawyer, "lawyer", "当天回答居民的问题")
    for office in ("police", "doctor"):
        assert "等着办" not in line_of(getattr(cast, office), office, "当天回答居民的问题")


def test_the_first_change_makes_the_list_the_committees_own(cast):
    guide = a_guide(cast, title="犬只登记上牌").headers["location"]
    number = guide.rsplit("/", 1)[-1]
    usual = cast.clerk.get(f"{LISTS}/lead").text.count('name="remove"')
    wrong = cast.clerk.submit(f"{LISTS}/lead", {"words": "", "post_id": number})
    assert wrong.status_code == 422 and f'value="{number}" selected' in wrong.text
    sent = {"words": "看看谁家狗没上牌", "post_id": number, "board": "matters"}
    assert cast.clerk.submit(f"{LISTS}/lead", sent).status_code == 303
    line = line_of(cast.lead, "lead", "看看谁家狗没上牌")
    assert "犬只登记上牌" in line and f'href="{guide}"' in line
    assert 'name="remove"' not in cast.lead.get(f"{LISTS}/lead").text
    assert cast.clerk.get(f"{LISTS}/lead").text.count('name="remove"') == usual + 1
    assert cast.clerk.submit(f"{LISTS}/lead", {"remove": "1"}).status_code == 303
    assert cast.clerk.get(f"{LISTS}/lead").text.count('name="remove"') == usual
    assert cast.clerk.submit(f"{LISTS}/lead", {"remove": "99"}).status_code == 404
    assert cast.clerk.submit(f"{LISTS}/lead", {"words": "x事", "post_id": "999999"}).status_code == 422
    cast.secretary.take(guide, "retire", reason="不办了")
    assert "看看谁家狗没上牌" in cast.lead.get(f"{LISTS}/lead/paper").text


def test_lists_are_for_those_who_serve_and_written_by_staff(cast, visitor):
    for login in ("resident", "applicant", "outsider", "outsecretary"):
        for page in (LISTS, f"{LISTS}/clerk", f"{LISTS}/clerk/paper"):
            assert getattr(cast, login).get(page).status_code == 404, login
    assert visitor.get(LISTS).status_code == 303
    for login in ("lead", "property", "police", "street"):
        person = getattr(cast, login)
        assert person.get(f"{LISTS}/lead").status_code == 200, login
        assert person.submit(f"{LISTS}/lead", {"words": "别的事"}).status_code == 404, login
    assert cast.clerk.get(f"{LISTS}/king").status_code == 404


def test_a_list_asks_no_more_for_many_lines_than_for_few(app, cast):
    counts = []
    for many in (1, 8):
        for number in range(many):
            report(cast, number + many * 10)
            cast.clerk.submit(f"{LISTS}/police", {"words": f"第{many}{number}件事", "board": "services"})
        cast.clerk.get(f"{LISTS}/police")
        with counted(app) as asked:
            assert cast.clerk.get(f"{LISTS}/police").status_code == 200
        counts.append(len(asked))
    assert counts[1] <= counts[0] <= 6, counts


@pytest.mark.databases("sqlite")
def test_the_usual_lists_name_boards_that_owe_answers(app):
    named = {line.board for office in listing.offices() for line in listing._usual()[office] if line.board}
    assert named and all(ROOMS[board].owes for board in named)
