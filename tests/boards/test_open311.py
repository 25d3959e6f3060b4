"""Matters for other people's programs, as GeoReport v2 has it: who reads what, who reports, how mistakes are told."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta
from xml.etree import ElementTree

import georeport
import pytest
import uvicorn
from sqlalchemy import select
from tests.boards.test_every_board import counted
from tests.boards.test_matters import LAMP, MATTERS, claimed, number_of, reported, take
from tests.cast import AWAY, DISTRICT, HOME, STREET
from tests.core.communities.test_keys import given, opened

from shequtong.core.communities.models import Building, Division, Membership
from shequtong.core.posts.models import Post
from shequtong.lib import clock

API = "/open311/v2"
HERE = {"jurisdiction_id": HOME}
BROKEN = {"service_code": "light", "description": "路灯坏了\n晚上看不见路", "address_string": "东门边"}


@pytest.fixture
def shared(cast):
    """A community that is open to programs."""
    opened(cast)
    return cast


def ask(visitor, path, **asked):
    answer = visitor.get(f"{API}/{path}", params=HERE | asked)
    assert answer.status_code == 200, answer.text
    return answer.json() if path.endswith(".json") else ElementTree.fromstring(answer.content)


def numbers(visitor, path="requests.json", **asked):
    return {int(row["service_request_id"]) for row in ask(visitor, path, **asked)}


def send(visitor, key, ending="json", **fields):
    return visitor.post(f"{API}/requests.{ending}", data=HERE | BROKEN | {"api_key": key} | fields)


# What is said -------------------------------------------------------------------------------------------


def test_discovery_says_where_it_is_in_both_formats(shared, visitor):
    told = visitor.get(f"{API}/discovery.json").json()
    (endpoint,) = told["endpoints"]
    assert endpoint["url"] == "http://127.0.0.1:8000/open311/v2"
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["formats"] == ["text/xml", "application/json"] and endpoint["type"] == "production"
    assert {"changeset", "contact", "key_service"} <= set(told)
    answer = visitor.get(f"{API}/discovery.xml")
    assert answer.headers["content-type"] == "text/xml; charset=utf-8"
    assert answer.text.startswith('<?xml version="1.0" encoding="utf-8"?>')
    assert [e.text for e in ElementTree.fromstring(answer.content).iter("format")] == endpoint["formats"]


def test_services_and_what_is_asked_for_one(shared, visitor, db):
    told = ask(visitor, "services.json")
    assert {"light", "water", "lift"} <= {service["service_code"] for service in told}
    assert all(service["metadata"] is True and service["type"] == "realtime" for service in told)
    assert [e.tag for e in ask(visitor, "services.xml")][:1] == ["service"]
    asked = ask(visitor, "services/light.json")
    building = next(a for a in asked["attributes"] if a["code"] == "building")
    here = db.scalars(select(Building.id).where(Building.code == HOME)).all()
    assert {value["key"] for value in building["values"]} == {str(number) for number in here}
    assert building["datatype"] == "singlevaluelist" and building["required"] is False
    assert [a["order"] for a in asked["attributes"]] == [1, 2, 3, 4]
    keys = ask(visitor, "services/light.xml").findall("attributes/attribute/values/value/key")
    assert len(keys) == len(here)
    above = visitor.get(f"{API}/services.json", params={"jurisdiction_id": DISTRICT}).json()
    assert not any(service["metadata"] for service in above)


FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip


def test_a_request_has_every_field_of_the_specification_and_no_person(shared, visitor, db):
    building = db.scalars(select(Building).where(Building.code == HOME)).first()
    title = "找小陈13912345678，302室门口的灯"
    address = reported(shared, title=title, building_id=building.id, place="三楼302", body="我姓王，住302")
    (told,) = ask(visitor, f"requests/{number_of(address)}.json")
    assert list(told) == FIELDS
    assert told["status"] == "open" and told["service_code"] == "light"
    assert told["address"].startswith("1号楼, 宝月尚园居委会, 月浦镇, 宝山区")
    assert told["requested_datetime"].endswith("+08:00")
    said = json.dumps(told, ensure_ascii=False)
    for secret in ("139", "302", "我姓王", "晚上很黑", "小陈说"):
        assert secret not in said
    (request,) = ask(visitor, f"requests/{number_of(address)}.xml")
    assert request.tag == "request" and [e.tag for e in request] == FIELDS
    assert request.findtext("lat") == ""


def test_what_becomes_of_a_matter_is_told_as_open_or_closed(shared, visitor):
    address = claimed(shared)
    (told,) = ask(visitor, f"requests/{number_of(address)}.json")
    assert told["status"] == "open" and told["status_notes"] == "等反映人确认"
    take(shared.resident, address, "confirm", rating="4")
    (told,) = ask(visitor, f"requests/{number_of(address)}.json")
    assert told["status"] == "closed" and told["updated_datetime"] >= told["requested_datetime"]
    assert numbers(visitor, status="open") == set()
    assert numbers(visitor, status="closed") == numbers(visitor) == {number_of(address)}


def test_requests_are_found_by_number_service_status_and_time(shared, visitor, db):
    with clock.at(clock.now() - timedelta(days=100)):
        old = number_of(reported(shared, "owner", title="老早的事"))
    light, water = number_of(reported(shared)), number_of(reported(shared, category="water", title="漏水"))
    assert numbers(visitor) == {light, water}
    assert numbers(visitor, service_code="water") == {water}
    assert numbers(visitor, service_code="water,light", status="open,closed") == {light, water}
    assert numbers(visitor, service_code="", status="") == {light, water}
    assert numbers(visitor, service_request_id=f"{old},{water},99999,x", status="closed") == {old, water}
    start = (clock.now() - timedelta(days=120)).strftime("%Y-%m-%dT%H:%M:%SZ")
    end = (clock.now() - timedelta(days=90)).strftime("%Y-%m-%dT%H:%M:%S+08:00")
    assert numbers(visitor, start_date=start, end_date=end) == {old}
    assert numbers(visitor, start_date=start) == {old}
    assert numbers(visitor, end_date=end) == {old}


def test_a_district_has_the_requests_of_its_committees_that_share_them(shared, visitor):
    ours = number_of(reported(shared))
    shared.outsider.submit(f"/c/{AWAY}/matters/new", LAMP)
    for code in (STREET, DISTRICT, "31"):
        assert numbers(visitor, jurisdiction_id=code) == {ours}
    assert visitor.get(f"{API}/requests.json", params={"jurisdiction_id": AWAY}).status_code == 404
    opened(shared, AWAY)
    assert len(numbers(visitor, jurisdiction_id=DISTRICT)) == 2
    assert len(numbers(visitor, jurisdiction_id=AWAY)) == 1


# Who may read it ----------------------------------------------------------------------------------------


def test_a3_private_held_hidden_and_deleted_matters_are_nowhere(shared, visitor, db, app):
    marker = "泄密标记"
    private = number_of(reported(shared, title=f"{marker}一", private="1"))
    gone = reported(shared, title=f"{marker}二")
    shared.resident.submit(f"{gone}/delete")
    states = {}
    for moderation in ("held", "hidden", "removed"):
        states[moderation] = number_of(reported(shared, title=f"{marker}{moderation}"))
        with app.state.database.writing() as session:
            session.get(Post, states[moderation]).moderation = moderation
    talk = shared.resident.submit(f"/c/{HOME}/talk/new", {"title": marker, "body": "闲聊"})
    unseen = [private, number_of(gone), *states.values(), number_of(talk.headers["location"])]
    listed = ",".join(str(number) for number in unseen)
    assert numbers(visitor) == numbers(visitor, service_request_id=listed) == set()
    for number in unseen:
        for ending in ("json", "xml"):
            answer = visitor.get(f"{API}/requests/{number}.{ending}", params=HERE)
            assert answer.status_code == 404 and marker not in answer.text


def test_what_is_not_shared_is_not_there_for_programs(cast, visitor):
    number = number_of(reported(cast))
    for path in ("services.json", "services/light.json", "requests.json", f"requests/{number}.json"):
        assert visitor.get(f"{API}/{path}", params=HERE).status_code == 404, path
    assert numbers(visitor, jurisdiction_id=DISTRICT) == set()


def test_a2_a_request_of_another_committee_is_as_unknown_as_none(shared, visitor):
    number = number_of(reported(shared))
    opened(shared, AWAY)
    there = visitor.get(f"{API}/requests/{number}.json", params={"jurisdiction_id": AWAY})
    nowhere = visitor.get(f"{API}/requests/99999999.json", params={"jurisdiction_id": AWAY})
    assert (there.status_code, there.json()) == (nowhere.status_code, nowhere.json())
    assert there.status_code == 404


# Reporting ----------------------------------------------------------------------------------------------


def test_an_organisation_reports_by_its_key_and_neighbours_read_it(shared, visitor, db):
    key = given(shared, "organisation")
    answer = send(visitor, key, email="a@b.cn", phone="13800138000", first_name="三", last_name="张")
    assert answer.status_code == 200, answer.text
    (told,) = answer.json()
    assert set(told) == {"service_request_id", "service_notice", "account_id"}
    number = int(told["service_request_id"])
    page = shared.neighbor.get(f"{MATTERS}/{number}").text
    for words in ("路灯坏了", "晚上看不见路", "东门边", "暖邻社"):
        assert words in page
    assert "13800138000" not in page and "张三" not in page
    assert db.get(Post, number).author_id == shared.organisation.id
    assert numbers(visitor) == {number}
    assert f"{MATTERS}/{number}" in shared.clerk.get(f"/c/{HOME}/desk").text


def test_it_answers_in_xml_where_xml_was_asked(shared, visitor):
    answer = send(visitor, given(shared, "resident"), "xml")
    number = ElementTree.fromstring(answer.content).findtext("request/service_request_id")
    assert numbers(visitor) == {int(number)}


def test_where_it_is_comes_in_each_way_of_the_specification(shared, visitor, db):
    key = given(shared, "resident")
    building = db.scalars(select(Building.id).where(Building.code == HOME)).first()
    nowhere = {"address_string": ""}
    assert send(visitor, key, **nowhere).status_code == 400
    assert send(visitor, key, **nowhere, lat="31.4").status_code == 400
    assert send(visitor, key, **nowhere, lat="131.4", long="121.4").status_code == 400
    sent = send(
        visitor, key, **nowhere, lat="31.4012", long="121.4311", media_url="https://example.org/a.jpg"
    )
    page = shared.neighbor.get(f"{MATTERS}/{sent.json()[0]['service_request_id']}").text
    assert (
        "31.4012, 121.4311" in page and "https://example.org/a.jpg" in page and '<img src="https' not in page
    )
    for code, fields in (("road", {"address_id": building}), ("green", {"attribute[building]": building})):
        sent = send(visitor, key, **nowhere, **fields, description=code, service_code=code)
        db.rollback()
        assert db.get(Post, int(sent.json()[0]["service_request_id"])).building_id == building
    assert send(visitor, key, **nowhere, address_id="99999").status_code == 400


def test_similar_matters_are_named_first_and_another_one_is_sent_all_the_same(shared, visitor):
    there = number_of(reported(shared, title="路灯坏了", body=""))
    key = given(shared, "organisation")
    answer = send(visitor, key)
    assert answer.status_code == 400 and str(there) in answer.json()[0]["description"]
    assert numbers(visitor) == {there}
    assert send(visitor, key, **{"attribute[seen]": str(there)}).status_code == 200
    assert len(numbers(visitor)) == 2


def test_what_must_be_looked_at_first_answers_with_a_token_until_it_is_shown(shared, visitor, db, app):
    with app.state.database.writing() as session:
        session.get(Division, HOME).hold_first_posts = 1
    (told,) = send(visitor, given(shared, "resident")).json()
    assert "service_request_id" not in told and told["service_notice"]
    where = f"{API}/tokens/{told['token']}.json"
    assert visitor.get(where, params=HERE).status_code == 404 and numbers(visitor) == set()
    number = db.scalar(select(Post.id).where(Post.board == "matters"))
    shared.clerk.submit(
        f"/c/{HOME}/desk/decisions",
        {"post_id": number, "action": "approve", "reason": "fine", "seen": "held"},
    )
    assert visitor.get(where, params=HERE).json() == [
        {"service_request_id": str(number), "token": told["token"]}
    ]
    assert visitor.get(f"{API}/tokens/{told['token']}x.json", params=HERE).status_code == 404


def test_only_a_key_of_this_committee_whose_holder_still_belongs_here_reports(shared, visitor, app, db):
    opened(shared, AWAY)
    theirs = given(shared, "outsider", AWAY, by="outsecretary")
    ours = given(shared, "tenant")
    for key in ("", "x" * 43, theirs, ours.swapcase()):
        answer = send(visitor, key)
        assert answer.status_code == 403, key
        assert answer.json()[0]["code"] == 403 and "api_key" in answer.json()[0]["description"]
    assert send(visitor, ours, jurisdiction_id=AWAY).status_code == 403
    assert send(visitor, ours, jurisdiction_id=DISTRICT).status_code == 400
    assert send(visitor, ours).status_code == 200
    with app.state.database.writing() as session:
        home = session.scalars(select(Membership).where(Membership.account_id == shared.tenant.id)).one()
        home.suspended_until = clock.now() + timedelta(days=1)
    assert send(visitor, ours, description="再报一次").status_code == 403
    with app.state.database.writing() as session:
        home = session.scalars(select(Membership).where(Membership.account_id == shared.tenant.id)).one()
        home.suspended_until, home.state = None, "left"
    assert send(visitor, ours, description="再报一次").status_code == 403
    assert len(numbers(visitor)) == 1


def test_a4_what_is_not_asked_has_no_effect(shared, visitor, db):
    sent = send(
        visitor, given(shared, "resident"), state="confirmed", private="1", author_id="1", on_behalf="张三"
    )
    post = db.get(Post, int(sent.json()[0]["service_request_id"]))
    assert (post.state, post.audience, post.author_id) == ("new", "community", shared.resident.id)


def test_a_signed_in_browser_cannot_be_made_to_report(shared, app, visitor):
    """Without a cookie no origin is asked for; with one, only our own pages could send it, and there is none."""
    key = given(shared, "resident")
    foreign = {"Origin": "https://evil.example"}
    answer = shared.resident.post(
        f"{API}/requests.json", data=HERE | BROKEN | {"api_key": key}, headers=foreign
    )
    assert answer.status_code == 403 and answer.json()[0]["code"] == 403


# Mistakes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("services", {"jurisdiction_id": ""}, 400),
        ("services", {"jurisdiction_id": "999999999999"}, 404),
        ("services", {"jurisdiction_id": "310113'"}, 404),
        ("services/nothing", {}, 404),
        ("requests", {"status": "done"}, 400),
        ("requests", {"service_code": "nothing"}, 400),
        ("requests", {"start_date": "gestern"}, 400),
        ("requests", {"start_date": "0001-01-01T00:00:00Z"}, 400),
        ("requests", {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, 400),
        ("requests", {"start_date": "2026-06-01T00:00:00Z", "end_date": "2026-05-01T00:00:00Z"}, 400),
        ("requests/abc", {}, 404),
        ("requests/" + "9" * 30, {}, 404),
        ("tokens/abc", {}, 404),
        ("nothing", {}, 404),
    ],
)
def test_each_mistake_has_its_status_and_shape(shared, visitor, path, asked, status):
    answer = visitor.get(f"{API}/{path}.json", params=HERE | asked)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    (told,) = answer.json()
    assert told["code"] == status and told["description"]
    answer = visitor.get(f"{API}/{path}.xml", params=HERE | asked)
    assert answer.status_code == status
    root = ElementTree.fromstring(answer.content)
    assert root.tag == "errors" and root.findtext("error/code") == str(status)


def test_a_format_that_is_none_and_a_method_that_is_none(shared, visitor):
    for path in ("services.html", "services/light.yaml", "requests/1", ""):
        answer = visitor.get(f"{API}/{path}", params=HERE)
        assert answer.status_code == 404 and answer.text.startswith("<?xml")
    assert visitor.post(f"{API}/services.json").status_code == 405


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"service_code": ""}, 400),
        ({"service_code": "nothing"}, 404),
        ({"description": ""}, 400),
        ({"description": "长" * 4001}, 400),
        ({"description": "坏\x00了"}, 400),
        ({"media_url": "javascript:alert(1)"}, 400),
        ({"jurisdiction_id": ""}, 400),
        ({"description": "大" * 30_000}, 413),
    ],
)
def test_a_report_that_cannot_be_taken_says_why_and_leaves_nothing(shared, visitor, fields, status):
    answer = send(visitor, given(shared, "resident"), **fields)
    assert answer.status_code == status, answer.text
    assert answer.json()[0]["code"] == status and answer.json()[0]["description"]
    assert numbers(visitor) == set()


def test_a_file_is_refused_and_not_lost_in_silence(shared, visitor):
    data = HERE | BROKEN | {"api_key": given(shared, "resident")}
    files = {"media": ("a.jpg", b"x", "image/jpeg")}
    answer = visitor.post(f"{API}/requests.json", data=data, files=files)
    assert answer.status_code == 400 and "media_url" in answer.json()[0]["description"]


def test_s4_who_tries_keys_waits_and_so_does_a_key_that_never_rests(shared, visitor):
    key = given(shared, "organisation")
    for number in range(60):
        assert send(visitor, key, service_code="other", description=f"{number}").status_code in (200, 400)
    answer = send(visitor, key)
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0
    for _ in range(10):
        assert send(visitor, "x").status_code == 403
    answer = send(visitor, "x")
    assert answer.status_code == 429 and answer.json()[0]["code"] == 429


def test_twenty_requests_cost_as_many_questions_as_two(shared, visitor, app):
    asked = []
    for more in (2, 18):
        for number in range(more):
            reported(shared, title=f"第{number}件")
        ask(visitor, "requests.json")
        with counted(app) as queries:
            ask(visitor, "requests.json")
        asked.append(len(queries))
    assert asked[0] == asked[1] <= 2


# Somebody else's program --------------------------------------------------------------------------------


@pytest.fixture
def by_wire(app):
    """The application on a real port, for programs that know no test client."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
    sock = server.config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the house did not open"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{sock.getsockname()[1]}"
    server.should_exit = True
    thread.join()


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("ending", ["json", "xml"])
def test_a_client_of_others_reads_all_of_it(shared, by_wire, ending):
    """`georeport` 0.3.1 from PyPI, as it is; it reads and cannot report."""
    first, second = number_of(reported(shared)), number_of(reported(shared, title="漏水", category="water"))
    client = georeport.GeoReport(f"{by_wire}{API}", jurisdiction=HOME, output_format=ending)
    assert "light" in {service["service_code"] for service in client.get_service_list()}
    assert client.get_service_definition("light")["service_code"] == "light"
    told = client.get_service_requests(status="open", service_code="light,water")
    assert {int(row["service_request_id"]) for row in told} == {first, second}
    assert client.get_service_request(str(first))["service_code"] == "light"
