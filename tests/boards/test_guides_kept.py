"""The handbook is kept: versions, reviews in time, lists to tick and print, verdicts, questions that stay."""

from datetime import timedelta

import pytest
from tests.boards.guiding import GUIDES, ITEM, a_guide, due, rewrite, told
from tests.cast import AWAY, number_of
from tests.counting import counted

from shequtong.boards.guides import reviewing
from shequtong.lib import clock


@pytest.fixture
def item(cast):
    return a_guide(cast).headers["location"]


def text_of(page, beginning, end="</section>"):
    assert beginning in page, page
    return page.split(beginning, 1)[1].split(end, 1)[0]


def head_of(page):
    return text_of(page, '<header class="post-head">', "</header>")


def test_a_version_shows_what_was_changed_in_the_one_before(cast, item):
    assert "改过什么" not in cast.visitor.get(item).text
    rewrite(cast, item, fee="工本费 10 元", materials="身份证\n户口簿\n一寸照片")
    assert f"{item}/versions" in cast.visitor.get(item).text
    shown = cast.visitor.get(f"{item}/versions").text
    assert "一寸照片</ins>" in shown and "工本费 10 元" in text_of(shown, "第2版")
    assert "这是第一版" in shown
    assert "要带什么" not in text_of(shown, "第1版")


def test_sending_it_out_again_unchanged_is_no_new_version(cast, item):
    rewrite(cast, item)
    assert "第2版" not in cast.visitor.get(f"{item}/versions").text


def test_whether_it_worked_is_counted_anew_for_each_version(cast, item):
    cast.elder.take(item, "helpful")
    cast.elder.take(item, "helpful")
    cast.owner.take(item, "unhelpful", note="窗口周日不开")
    assert "窗口周日不开" in cast.clerk.get(item).text
    assert "窗口周日不开" not in cast.neighbor.get(item).text
    assert "敬老卡办理" in text_of(cast.clerk.get(f"{GUIDES}/keeping").text, 'id="failing-title"')
    rewrite(cast, item, hours="周一至周六 9:00-16:30")
    assert "敬老卡办理" not in text_of(cast.clerk.get(f"{GUIDES}/keeping").text, 'id="failing-title"')
    assert "1人办成，1人没办成" in text_of(cast.visitor.get(f"{item}/versions").text, "第1版")
    cast.elder.take(item, "helpful")
    assert "1人办成，0人没办成" in text_of(cast.visitor.get(f"{item}/versions").text, "第2版")


def test_keepers_are_told_once_before_the_review_and_once_it_has_passed(app, cast, worker):
    with clock.at(clock.now()):
        item = a_guide(cast, review_on=due(20)).headers["location"]

        def go_round():
            with app.state.database.writing() as session:
                reviewing.remind(session)

        go_round()
        assert told(app, cast.secretary, "review_soon") == 0
        clock.advance(timedelta(days=8))
        go_round()
        go_round()
        assert told(app, cast.secretary, "review_soon") == told(app, cast.clerk, "review_soon") == 1
        assert told(app, cast.resident, "review_soon") == 0
        assert "敬老卡办理" in text_of(cast.clerk.get(f"{GUIDES}/keeping").text, 'id="due-title"')
        written = clock.today() - timedelta(days=8)
        clock.advance(timedelta(days=14))
        worker.run_waiting()
        assert told(app, cast.secretary, "review_passed") == 1
        shown = cast.visitor.get(item).text
        assert f"自{written.year}年{written.month}月{written.day}日" in shown and "没有再核对过" in shown


def test_what_is_still_right_is_renewed_without_writing_it_anew(cast, worker):
    with clock.at(clock.now()):
        item = a_guide(cast, review_on=due(2)).headers["location"]
        clock.advance(timedelta(days=4))
        worker.run_waiting()
        assert cast.resident.take(item, "renew", review_on=due(90)).status_code == 403
        assert cast.clerk2.take(item, "renew", review_on="2020-01-01").status_code == 422
        assert cast.clerk2.take(item, "renew", review_on=due(90)).status_code == 303
        shown = cast.visitor.get(item).text
        assert "可能已过时" not in head_of(shown) and "最近核对" in shown
        clock.advance(timedelta(days=95))
        worker.run_waiting()
        assert "可能已过时" in head_of(cast.visitor.get(item).text)


def test_a_checklist_is_ticked_on_the_page_and_printed_on_a_sheet(cast, item):
    shown = cast.visitor.get(item).text
    assert shown.count('type="checkbox" name="bring-') == 2 and 'type="checkbox" name="step-2"' in shown
    sheet = cast.visitor.get(f"{item}/paper")
    assert sheet.status_code == 200
    assert sheet.text.count('class="paper-box"') == 4 and "户口簿" in sheet.text
    draft = cast.clerk.submit(f"{GUIDES}/new", ITEM | {"review_on": due()}).headers["location"]
    assert cast.clerk.get(f"{draft}/paper").status_code == 404


def test_a_question_about_a_guide_is_shown_on_it_once_it_is_for_everybody(cast, item):
    number = item.rsplit("/", 1)[-1]
    page = cast.resident.get(f"{GUIDES}/new?kind=question&item_id={number}").text
    assert f'<option value="{number}" selected' in page
    asked = {"kind": "question", "title": "子女能代办吗？", "category": "elders", "item_id": number}
    question = cast.resident.submit(f"{GUIDES}/new", asked).headers["location"]
    assert f'href="{item}"' in cast.neighbor.get(question).text
    cast.clerk.take(question, "answer", answer="带双方身份证")
    assert "子女能代办吗" not in cast.visitor.get(item).text
    public = {"title": "子女能代办吗？", "body": "", "answer": "可以，带双方身份证", "item_id": number}
    assert cast.clerk.take(question, "promote", **public).status_code == 303
    assert "可以，带双方身份证" in text_of(cast.visitor.get(item).text, 'id="asked-title"')
    wrong = cast.resident.submit(f"{GUIDES}/new", asked | {"item_id": "999999"})
    assert wrong.status_code == 422 and "选项" in wrong.text


def test_the_handbook_is_read_by_class(cast, item):
    assert f'href="{GUIDES}/classes/elders"' in cast.visitor.get(GUIDES).text
    assert "敬老卡办理" in cast.visitor.get(f"{GUIDES}/classes/elders").text
    assert "敬老卡办理" not in cast.visitor.get(f"{GUIDES}/classes/law").text
    assert cast.visitor.get(f"{GUIDES}/classes/fishing").status_code == 404
    assert "敬老卡办理" not in cast.visitor.get(f"/c/{AWAY}/guides/classes/elders").text


def test_only_the_committee_keeps_its_handbook(cast, visitor, item):
    for login in ("resident", "lead", "property", "outsecretary", "street", "applicant"):
        assert getattr(cast, login).get(f"{GUIDES}/keeping").status_code == 403, login
    assert visitor.get(f"{GUIDES}/keeping").status_code == 303
    assert cast.clerk.get(GUIDES).text.count(f"{GUIDES}/keeping") == 1
    assert f"{GUIDES}/keeping" not in cast.resident.get(GUIDES).text
    talk = GUIDES.replace("guides", "talk")
    number = number_of(cast.resident.submit(f"{talk}/new", {"title": "今天天气", "body": "晴"}))
    assert cast.resident.get(f"{talk}/{number}/versions").status_code == 404
    assert cast.clerk.get(f"{talk}/keeping").status_code == 403
    assert cast.resident.get(f"{talk}/classes/elders").status_code == 404


def test_pages_of_the_handbook_ask_no_more_for_many_guides_than_for_few(app, cast):
    counts = []
    for enough in (2, 6):
        for number in range(enough):
            item = a_guide(cast, title=f"第{number}件事").headers["location"]
        cast.owner.take(item, "unhelpful", note="缺一样")
        asked_here = []
        for page in (f"{GUIDES}/classes/elders", f"{GUIDES}/keeping", item, f"{item}/versions"):
            cast.clerk.get(page)
            with counted(app) as asked:
                assert cast.clerk.get(page).status_code == 200
            asked_here.append(len(asked))
        counts.append(asked_here)
    assert counts[1] <= counts[0] and max(counts[1]) <= 8, counts
