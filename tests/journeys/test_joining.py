"""A newcomer joins and is let in; and who cannot let them in."""

from tests.cast import AWAY, HOME
from tests.journeys.conftest import refused
from tests.journeys.test_talking import write


def test_a_newcomer_joins_and_is_let_in(person):
    address = write(person("neighbor"), "楼里的新鲜事")
    newcomer = person()
    newcomer.goto(f"/join/{HOME}")
    newcomer.fill("[name=login]", "xinlai")
    newcomer.fill("[name=password]", "月季开在九号楼下")
    newcomer.fill("[name=name]", "新来的小顾")
    newcomer.fill("[name=real_name]", "顾小满")
    newcomer.fill("[name=phone]", "13800138000")
    newcomer.select_option("[name=building_id]", label="2号楼")
    newcomer.fill("[name=room]", "201")
    newcomer.check("[name=kind][value=family]")
    newcomer.click("main form button.button >> nth=-1")
    newcomer.wait_for_url(f"**/c/{HOME}")
    refused(newcomer, address)

    refused(person("outsecretary"), f"/c/{HOME}/joins")
    refused(person("neighbor"), f"/c/{HOME}/joins")
    clerk = person("clerk")
    clerk.goto(f"/c/{HOME}/joins")
    clerk.click("text=新来的小顾")
    with clerk.expect_navigation():
        clerk.click("form:has(> input[value=approve]) button")

    assert newcomer.goto(address).status == 200
    refused(newcomer, f"/c/{HOME}/joins")
    refused(newcomer, f"/c/{AWAY}/joins")
