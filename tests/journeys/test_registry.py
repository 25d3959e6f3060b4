"""The registry on a phone: what is hidden is opened with a reason, and its owner reads who it was."""

from tests.cast import HOME

REGISTRY = f"/c/{HOME}/registry"


def test_a_clerk_opens_a_phone_number_with_a_reason_and_its_owner_sees_it(person):
    clerk = person("clerk", javascript=False)
    clerk.goto(REGISTRY)
    clerk.click("a.todo:has-text('1号楼')")
    clerk.click("a.todo:has-text('101')")
    clerk.click("a.button:has-text('登记一个人')")
    clerk.fill("[name=name]", "陈建国")
    clerk.fill("[name=phone]", "13812340001")
    clerk.select_option("[name=relation]", "head")
    clerk.select_option("[name=source]", "visit")
    clerk.fill("[name=reason]", "上门登记")
    clerk.click("form.form button:has-text('登记')")
    clerk.click("a.todo:has-text('陈*国')")
    assert "13812340001" not in clerk.content() and "138****0001" in clerk.content()
    clerk.click("summary:has-text('本人有账号')")
    clerk.select_option("[name=account_id]", label="小陈")
    clerk.fill("#f-tie-reason", "本人带着手机来的")
    clerk.click("button:has-text('对应到这条记录')")
    clerk.click("summary:has-text('查看隐藏的信息')")
    clerk.check("[name=what][value=phone]")
    clerk.check("[name=reason][value=contact]")
    clerk.fill("#f-look-note", "水管漏到楼下")
    clerk.click("button:has-text('现在查看')")
    assert "13812340001" in clerk.content() and "陈建国" not in clerk.content()
    assert clerk.evaluate("document.documentElement.scrollWidth <= innerWidth")
    owner = person("resident", javascript=False)
    owner.goto("/me/access-log")
    row = owner.locator("tr:has-text('水管漏到楼下')").inner_text()
    assert "社工小沈" in row and "手机号" in row and "姓名" not in row


def test_a_visit_is_written_without_a_network_and_sent_once_when_there_is_one(person):
    clerk = person("clerk")
    clerk.goto(REGISTRY)
    clerk.click("a.todo:has-text('1号楼')")
    clerk.click("a.todo:has-text('101')")
    clerk.click("a.button:has-text('登记一个人')")
    clerk.fill("[name=name]", "顾根宝")
    clerk.select_option("[name=relation]", "head")
    clerk.select_option("[name=source]", "visit")
    clerk.fill("[name=reason]", "独居")
    clerk.click("form.form button:has-text('登记')")
    clerk.click("a.todo:has-text('顾*宝')")
    clerk.click("summary:has-text('列入名单')")
    clerk.select_option("[name=kind]", "elder_alone")
    clerk.select_option("#f-mark-source", "visit")
    clerk.fill("#f-mark-reason", "儿子在外地")
    clerk.click("button:text-is('列入')")
    clerk.click("summary:has-text('安排走访')")
    clerk.select_option("[name=every_days]", "7")
    clerk.select_option("[name=who_id]", label="社工小沈")
    clerk.fill("#f-plan-reason", "每周看看")
    clerk.click("button:has-text('安排好了')")
    clerk.goto(f"{REGISTRY}/visits")
    clerk.click("button:has-text('查看本周的姓名和门牌')")
    assert clerk.locator("h2:has-text('顾根宝')").inner_text().endswith("101")
    clerk.expected.append("ERR_INTERNET_DISCONNECTED")
    clerk.context.set_offline(True)
    clerk.click("summary:has-text('记一次走访')")
    clerk.check("[name=outcome][value=needs]")
    clerk.fill("[name=note]", "药快吃完了")
    clerk.click("button:has-text('保存')")
    clerk.wait_for_selector("text=已存在这部手机上")
    waiting = "Object.keys(localStorage).filter((key) => key.startsWith('visit:')).length"
    assert clerk.evaluate(waiting) == 1
    clerk.context.set_offline(False)
    for _moment in range(50):
        if clerk.evaluate(waiting):
            clerk.wait_for_timeout(100)
    assert clerk.evaluate(waiting) == 0
    clerk.goto(f"{REGISTRY}/visits")
    clerk.click("a:has-text('看那条记录')")
    assert clerk.locator("p.why:text-is('药快吃完了')").count() == 1
    assert clerk.evaluate("document.documentElement.scrollWidth <= innerWidth")
