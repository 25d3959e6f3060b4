"""A street officer on a phone looks where it is stuck, from the street down to one committee, and takes it along."""

from tests.cast import DISTRICT, HOME, STREET
from tests.journeys.conftest import refused
from tests.journeys.test_accessible import look_at
from tests.journeys.test_desk import report

TROUBLES = ("花坛缺一块砖", "三号门口有个坑", "井盖响得睡不着", "台阶断了一级", "护栏歪了")


def test_a_street_officer_drills_down_to_one_committee(person):
    neighbour = person("resident")
    for title in TROUBLES:
        report(neighbour, title)
    officer = person("street", javascript=False)
    officer.goto("/home")
    officer.click("main a:has-text('看板')")
    assert officer.url.endswith(f"/d/{STREET}")
    assert officer.locator(".stat:has-text('正在办') dd").first.inner_text() == "5"
    row = officer.locator("tr:has-text('宝月尚园居委会')").first
    assert row.locator("td").first.inner_text() == "5"
    assert officer.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
        "nothing hangs over the edge"
    )
    row.locator("a").click()
    assert officer.url.endswith(f"/d/{HOME}")
    assert officer.locator("tr:has-text('道路') td").first.inner_text() == "5"
    officer.click("summary:has-text('每个数是怎么算的')")
    assert officer.locator("dt:has-text('每百户')").is_visible()
    with officer.expect_download() as download:
        officer.click("a:has-text('下载 Excel')")
    assert download.value.suggested_filename.startswith(f"shequtong-{HOME}-")
    officer.click(".breadcrumbs a")
    assert officer.url.endswith(f"/d/{STREET}")
    refused(officer, f"/d/{DISTRICT}")
    refused(neighbour, f"/d/{STREET}")


def test_a_dashboard_is_accessible_in_every_mode(person):
    neighbour = person("resident")
    for title in TROUBLES:
        report(neighbour, title)
    for width in (320, 390, 1280):
        officer = person("street", width=width)
        officer.emulate_media(reduced_motion="reduce")
        for address in (f"/d/{STREET}", f"/d/{HOME}"):
            officer.goto(address)
            officer.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
            assert look_at(officer, address) == []
