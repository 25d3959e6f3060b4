"""Deliberation hall: a discussion in short statements, answered one at a time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from tests.boards.test_hall import FRAME, proposed
from tests.cast import HOME

from shequtong.boards.hall.models import Answer, Consensus, Remark
from shequtong.core.posts import commenting
from shequtong.core.posts.models import Comment
from shequtong.lib import clock


def under_discussion(cast):
    """A proposal that is being discussed."""
    address = proposed(cast.resident)
    for browser in (cast.neighbor, cast.owner):
        browser.take(address, "cosign")
    for name, fields in (("screen", {}), ("frame", FRAME), ("discuss", {})):
        assert cast.clerk.take(address, name, **fields).status_code == 303, name
    return address


def stated(browser, address, words):
    """The number of a statement that somebody has just added."""
    answer = browser.submit(f"{address}/statements", {"statement": words})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("-", 1)[1])


def answered(browser, address, number, choice):
    return browser.submit(f"{address}/statements/{number}/answers", {"choice": choice})


def test_neighbours_add_statements_and_answer_them_one_at_a_time(cast, db):
    address = under_discussion(cast)
    first = stated(cast.resident, address, "椅子要有靠背和扶手")
    second = stated(cast.owner, address, "晚上九点以后请不要坐在楼下聊天")
    page = cast.elder.get(f"{address}/statements").text
    assert "有 2 条看法等您表态" in page and "椅子要有靠背和扶手" in page
    assert answered(cast.elder, address, first, "agree").status_code == 303
    page = cast.elder.get(f"{address}/statements").text
    assert "有 1 条看法等您表态" in page
    assert answered(cast.elder, address, second, "pass").status_code == 303
    assert "您已经对所有看法表过态了" in cast.elder.get(f"{address}/statements").text
    mine = select(Answer.comment_id, Answer.choice).where(Answer.account_id == cast.elder.id)
    assert {tuple(row) for row in db.execute(mine)} == {(first, 1), (second, 0)}
    assert db.get(Remark, first).answers == 2, "its author agrees with it"


def test_who_takes_part_reads_in_plain_words_what_a_stage_means_for_them(cast):
    address = under_discussion(cast)
    assert "现在可以说看法，写赞成或反对的理由" in cast.neighbor.get("/inbox").text
    cast.clerk.take(address, "draft", minutes="大家都同意")
    assert "现在可以看文本，提修改建议" in cast.neighbor.get("/inbox").text
    until = (clock.today() + timedelta(days=7)).isoformat()
    cast.clerk.take(address, "give_notice", wording="装六张长椅", objections_until=until)
    assert "请看文本；觉得不对的，截止前提异议" in cast.owner.get("/inbox").text


def test_an_answer_can_be_changed_and_counts_once(cast, db):
    address = under_discussion(cast)
    number = stated(cast.resident, address, "椅子要有靠背和扶手")
    for choice in ("agree", "disagree", "disagree"):
        assert answered(cast.elder, address, number, choice).status_code == 303
    assert db.scalar(select(func.count()).where(Answer.comment_id == number)) == 2
    assert db.get(Answer, (number, cast.elder.id)).choice == -1
    assert db.get(Consensus, int(address.rsplit("/", 1)[1])).answers == 3
    assert answered(cast.elder, address, number, "maybe").status_code == 422


def test_one_person_who_answers_many_times_at_once_has_one_answer(cast, db):
    address = under_discussion(cast)
    number = stated(cast.resident, address, "椅子要有靠背和扶手")
    send = cast.elder
    with ThreadPoolExecutor(8) as hands:
        codes = list(hands.map(lambda n: answered(send, address, number, "agree").status_code, range(16)))
    assert set(codes) == {303}
    assert db.scalar(select(func.count()).where(Answer.comment_id == number)) == 2
    assert db.get(Remark, number).answers == 2


def test_htmx_gets_the_next_statement_in_the_place_of_the_answered_one(cast):
    address = under_discussion(cast)
    first = stated(cast.resident, address, "椅子要有靠背和扶手")
    stated(cast.owner, address, "椅子放在树荫下")
    answer = cast.elder.submit(
        f"{address}/statements/{first}/answers", {"choice": "agree"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200 and "<html" not in answer.text
    assert "椅子放在树荫下" in answer.text and "椅子要有靠背和扶手" not in answer.text


@pytest.mark.parametrize(("words", "message"), [("", "请填写"), ("好", "至少"), ("长" * 141, "140")])
def test_a_statement_is_one_short_sentence(cast, words, message):
    address = under_discussion(cast)
    answer = cast.resident.submit(f"{address}/statements", {"statement": words})
    assert answer.status_code == 422 and message in answer.text


def test_the_committee_puts_a_statement_aside_with_a_reason_that_is_read_and_told(cast):
    address = under_discussion(cast)
    number = stated(cast.owner, address, "物业费应该降一半")
    aside = f"{address}/statements/{number}/aside"
    for login in ("resident", "owner", "property", "lead"):
        assert getattr(cast, login).get(aside).status_code == 403
        assert getattr(cast, login).submit(aside, {"words": "不想看"}).status_code == 403
    assert cast.clerk.submit(aside, {"words": ""}).status_code == 422
    assert cast.clerk.submit(aside, {"words": "和长椅无关，请另提一个议题"}).status_code == 303
    assert cast.secretary.submit(aside, {"words": "再来一次"}).status_code == 409
    page = cast.elder.get(f"{address}/statements").text
    assert "已搁置：和长椅无关，请另提一个议题" in page and "您已经对所有看法表过态了" in page
    assert answered(cast.elder, address, number, "agree").status_code == 409
    assert "加装长椅" in cast.owner.get("/inbox").text


def test_statements_are_reported_and_hidden_like_every_word(cast):
    address = under_discussion(cast)
    number = stated(cast.owner, address, "某某家最不讲道理")
    assert cast.elder.get(f"{address}/comments/{number}/reports/new").status_code == 200
    for login in ("elder", "neighbor", "lead"):
        sent = {"reason": "other", "note": "点名骂人"}
        assert getattr(cast, login).submit(f"{address}/comments/{number}/reports", sent).status_code == 303
    assert "某某家最不讲道理" not in cast.tenant.get(f"{address}/statements").text
    assert answered(cast.tenant, address, number, "agree").status_code == 404
    assert "某某家最不讲道理" in cast.owner.get(f"{address}/statements").text


def test_words_that_were_answered_do_not_change_but_can_be_taken_back(cast):
    address = under_discussion(cast)
    number = stated(cast.owner, address, "椅子放在树荫下")
    assert cast.owner.submit(f"{address}/comments/{number}/edit", {"body": "椅子放在门口"}).status_code == 409
    assert cast.owner.submit(f"{address}/comments/{number}/delete").status_code == 303
    assert "椅子放在树荫下" not in cast.elder.get(f"{address}/statements").text
    assert answered(cast.elder, address, number, "agree").status_code == 404


def test_the_wrong_person_neither_states_nor_answers_nor_reads(cast):
    address = under_discussion(cast)
    number = stated(cast.resident, address, "椅子要有靠背和扶手")
    for login in ("clerk", "property", "police", "street", "district"):
        assert answered(getattr(cast, login), address, number, "agree").status_code == 403, login
    for login in ("outsider", "applicant"):
        assert answered(getattr(cast, login), address, number, "agree").status_code == 404, login
        assert getattr(cast, login).get(f"{address}/statements").status_code == 404, login
        assert (
            getattr(cast, login).submit(f"{address}/statements", {"statement": "我也来说"}).status_code == 404
        )
    assert cast.street.submit(f"{address}/statements", {"statement": "镇里的意见"}).status_code == 403
    assert cast.visitor.get(f"{address}/statements").status_code in (303, 401)


def test_nothing_is_answered_before_or_after_the_discussion(cast):
    early = proposed(cast.resident)
    assert cast.owner.submit(f"{early}/statements", {"statement": "太早的看法"}).status_code == 403
    address = under_discussion(cast)
    number = stated(cast.resident, address, "椅子要有靠背和扶手")
    cast.clerk.take(address, "draft", minutes="大家都同意")
    assert answered(cast.elder, address, number, "agree").status_code == 403
    page = cast.elder.get(f"{address}/statements").text
    assert "讨论已经结束" in page and "椅子要有靠背和扶手" in page


def test_a_statement_of_another_topic_is_not_here(cast):
    one, other = under_discussion(cast), under_discussion(cast)
    number = stated(cast.resident, one, "椅子要有靠背和扶手")
    assert answered(cast.elder, other, number, "agree").status_code == 404
    talk = cast.resident.submit(f"/c/{HOME}/talk/new", {"title": "今天天气好", "body": "出来晒太阳"})
    assert cast.elder.get(f"{talk.headers['location']}/statements").status_code == 404


def test_statements_stay_out_of_the_talk_below(cast, db):
    address = under_discussion(cast)
    stated(cast.resident, address, "椅子要有靠背和扶手")
    page = cast.elder.get(address).text
    assert "椅子要有靠背和扶手" not in page and "1 条看法" in page
    assert db.scalar(select(func.count()).where(Comment.kind == "statement")) == 1


def test_the_page_costs_as_many_questions_for_many_statements_as_for_two(cast, app):
    from sqlalchemy import event

    address = under_discussion(cast)
    asked: list[str] = []

    def remember(_connection, _cursor, statement, *_more):
        asked.append(statement)

    def cost():
        asked.clear()
        assert cast.elder.get(f"{address}/statements").status_code == 200
        return len(asked)

    for number in range(2):
        stated(cast.resident, address, f"第{number}条看法")
    cost()
    engine = app.state.database.reader
    event.listen(engine, "before_cursor_execute", remember)
    few = cost()
    for number in range(20):
        stated(cast.owner, address, f"又一条看法{number}")
    many = cost()
    event.remove(engine, "before_cursor_execute", remember)
    assert many == few <= 8, asked


def all_answer(cast, address, number, choice="agree"):
    for login in ("resident", "neighbor", "owner", "tenant", "elder", "lead"):
        assert answered(getattr(cast, login), address, number, choice).status_code == 303, login


def test_what_neighbours_agree_on_is_shown_when_five_have_answered(cast, worker):
    with clock.at(clock.now()):
        address = under_discussion(cast)
        number = stated(cast.resident, address, "椅子要有靠背和扶手")
        for login in ("neighbor", "owner", "tenant"):
            answered(getattr(cast, login), address, number, "agree")
        worker.run_waiting()
        assert "满 5 位居民表态后" in cast.elder.get(f"{address}/consensus").text
        all_answer(cast, address, number)
        clock.advance(timedelta(minutes=2))
        worker.run_waiting()
        page = cast.clerk.get(f"{address}/consensus").text
        assert "已有至少 5 位居民表态" in page and "各群人想法一致" in page
        assert "同意 <strong>6</strong>" in page and "不同意 不到 5 人" in page
        assert "租户" not in page.split("这是怎么算出来的")[0].split('id="consensus"')[1]


def test_one_more_answer_changes_no_figure(cast, worker, db):
    """Otherwise whoever looks before and after knows what the neighbour chose."""
    with clock.at(clock.now()):
        address = under_discussion(cast)
        number = stated(cast.resident, address, "椅子要有靠背和扶手")
        all_answer(cast, address, number)
        clock.advance(timedelta(minutes=2))
        worker.run_waiting()
        clock.advance(timedelta(minutes=2))
        for login in ("elder", "owner", "lead", "tenant"):
            answered(getattr(cast, login), address, number, "disagree")
        clock.advance(timedelta(hours=1))
        worker.run_waiting()
        assert "同意 <strong>6</strong>" in cast.elder.get(f"{address}/consensus").text
        answered(cast.neighbor, address, number, "disagree")
        clock.advance(timedelta(hours=1))
        worker.run_waiting()
        page = cast.elder.get(f"{address}/consensus").text
        assert "不同意 <strong>5</strong>" in page


def test_the_last_answers_count_when_the_discussion_ends(cast, worker):
    """Too few to be counted while others may still answer: they would be known one by one."""
    with clock.at(clock.now()):
        address = under_discussion(cast)
        number = stated(cast.resident, address, "椅子要有靠背和扶手")
        for login in ("neighbor", "owner", "elder", "lead"):
            answered(getattr(cast, login), address, number, "agree")
        clock.advance(timedelta(minutes=2))
        worker.run_waiting()
        answered(cast.tenant, address, number, "agree")
        clock.advance(timedelta(hours=1))
        worker.run_waiting()
        assert "同意 <strong>5</strong>" in cast.elder.get(f"{address}/consensus").text
        cast.clerk.take(address, "draft", minutes="大家都同意")
        worker.run_waiting()
        assert "同意 <strong>6</strong>" in cast.elder.get(f"{address}/consensus").text


def test_what_is_kept_holds_no_small_number_and_no_name(cast, worker, db):
    with clock.at(clock.now()):
        address = under_discussion(cast)
        number = stated(cast.resident, address, "椅子要有靠背和扶手")
        all_answer(cast, address, number)
        answered(cast.elder, address, number, "disagree")
        clock.advance(timedelta(minutes=2))
        worker.run_waiting()
        kept = db.get(Consensus, int(address.rsplit("/", 1)[1])).found
        assert kept["shared"][0]["counts"] == [5, None, None]
        assert set(kept) == {"people", "shared", "split", "camps"}


def test_the_consensus_is_for_neighbours_and_hidden_words_leave_it(cast, worker):
    with clock.at(clock.now()):
        address = under_discussion(cast)
        number = stated(cast.resident, address, "椅子要有靠背和扶手")
        all_answer(cast, address, number)
        clock.advance(timedelta(minutes=2))
        worker.run_waiting()
        for login in ("outsider", "applicant", "visitor"):
            answer = getattr(cast, login).get(f"{address}/consensus")
            assert answer.status_code in (303, 401, 404) and "椅子要有靠背" not in answer.text, login
        assert "椅子要有靠背" in cast.street.get(f"{address}/consensus").text
        cast.clerk.submit(f"{address}/statements/{number}/aside", {"words": "已经写进方案"})
        assert "椅子要有靠背" not in cast.elder.get(f"{address}/consensus").text


def test_who_is_forgotten_takes_the_answers_along(cast, db):
    from shequtong.boards.hall import discussing
    from shequtong.core.identity.events import AccountErased

    address = under_discussion(cast)
    number = stated(cast.resident, address, "椅子要有靠背和扶手")
    answered(cast.elder, address, number, "agree")
    with cast.elder.app.state.database.writing() as session:
        discussing.forget(session, AccountErased(cast.elder.id))
    assert db.get(Answer, (number, cast.elder.id)) is None


def test_the_topics_own_page_gets_the_clearest_and_leads_to_the_others(cast, worker):
    with clock.at(clock.now()):
        address = under_discussion(cast)
        for words in ("椅子要有靠背", "椅子放在树荫下", "椅子离窗户远一点", "椅子要有扶手"):
            all_answer(cast, address, stated(cast.resident, address, words))
        clock.advance(timedelta(minutes=2))
        worker.run_waiting()
        assert f'hx-get="{address}/consensus"' in cast.elder.get(address).text
        part = cast.elder.get(f"{address}/consensus", headers={"HX-Request": "true"}).text
        assert "<html" not in part and part.count("consensus-words") == 3 and "看全部" in part
        whole = cast.elder.get(f"{address}/consensus").text
        assert whole.count("consensus-words") == 4 and "看全部" not in whole


def test_one_neighbour_does_not_drown_the_others(cast, monkeypatch):
    monkeypatch.setattr(commenting, "MOST_OF_ONE", 2)
    address = under_discussion(cast)
    first = stated(cast.elder, address, "椅子要有靠背")
    stated(cast.elder, address, "椅子要有扶手")
    more = cast.elder.submit(f"{address}/statements", {"statement": "椅子要刷成绿的"})
    assert more.status_code == 409 and "已经写了 2 条" in more.text
    argument = {"side": "for", "argument": "冬天不凉"}
    assert cast.elder.submit(f"{address}/options/1/arguments", argument).status_code == 303
    for browser in (cast.neighbor, cast.clerk, cast.clerk, cast.clerk):
        stated(browser, address, "一户一句，居委会替大家写")
    assert cast.elder.submit(f"{address}/comments/{first}/delete").status_code == 303
    stated(cast.elder, address, "椅子要刷成绿的")
