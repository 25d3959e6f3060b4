"""Follow a neighbour, and read what they wrote on the first page."""

from tests.cast import HOME
from tests.journeys.conftest import refused
from tests.journeys.test_talking import write


def test_a_neighbour_is_followed_and_the_feed_brings_their_words(person):
    resident = person("resident")
    address = write(resident, "阳台上的番茄红了")
    neighbor = person("neighbor")
    neighbor.goto(address)
    neighbor.click(".post-head .byline a")
    neighbor.click("main button:has-text('关注')")
    neighbor.wait_for_load_state()
    write(resident, "番茄可以来摘")
    neighbor.goto("/home")
    assert neighbor.locator("text=番茄可以来摘").count() == 1
    assert neighbor.locator("text=您已经看完了").count() == 1
    resident.goto("/inbox")
    assert resident.locator("main").inner_text()
    stranger = person("outsider")
    refused(stranger, f"/c/{HOME}/talk/1")
    stranger.goto("/home")
    assert stranger.locator("text=番茄可以来摘").count() == 0
