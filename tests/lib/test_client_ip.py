import pytest
from hypothesis import given
from hypothesis import strategies as st

from shequtong.lib.client_ip import client_ip, same_household

PROXIES = ["10.0.0.0/8", "2001:db8:ffff::/48"]


def asked(peer: str | None, *forwarded: str, proxies=PROXIES) -> str:
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return client_ip({"client": (peer, 1234) if peer else None, "headers": headers}, proxies)


def test_s4_a_stranger_who_forges_the_header_is_known_by_the_connection():
    assert asked("203.0.113.9", "1.1.1.1") == "203.0.113.9"
    assert asked("10.0.0.1", "1.1.1.1", proxies=[]) == "10.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        (["203.0.113.9"], "203.0.113.9"),
        (["1.1.1.1, 203.0.113.9"], "203.0.113.9"),
        (["1.1.1.1, 203.0.113.9, 10.2.3.4"], "203.0.113.9"),
        (["1.1.1.1", "203.0.113.9,10.2.3.4"], "203.0.113.9"),
        (["203.0.113.9:50111"], "203.0.113.9"),
        (["[2001:db8::7]:50111"], "2001:db8::7"),
        (["::ffff:203.0.113.9"], "203.0.113.9"),
        (["10.2.3.4"], "10.2.3.4"),
        (["1.1.1.1, nonsense, 10.2.3.4"], "10.2.3.4"),
        (["nonsense"], "10.0.0.1"),
        ([""], "10.0.0.1"),
        ([], "10.0.0.1"),
    ],
)
def test_s4_behind_our_proxies_the_rightmost_other_address_counts(forwarded, expected):
    assert asked("10.0.0.1", *forwarded) == expected


def test_s4_a_unix_socket_is_a_proxy_when_there_are_any():
    assert asked(None, "203.0.113.9") == "203.0.113.9"
    assert asked(None, "203.0.113.9", proxies=[]) == "0.0.0.0"
    assert asked("testclient", "203.0.113.9", proxies=[]) == "0.0.0.0"


def test_s4_ipv6_is_counted_by_household():
    assert same_household("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
    assert same_household("203.0.113.9") == "203.0.113.9"


@given(st.text(max_size=60))
def test_s4_nothing_in_the_header_breaks_it(line):
    headers = [(b"x-forwarded-for", line.encode("utf-8", "ignore"))]
    assert client_ip({"client": ("10.0.0.1", 1), "headers": headers}, PROXIES)
