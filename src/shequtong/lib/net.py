"""I8: the one way out. An address that a stranger gave us must not become a tour of our own network.

The host is resolved once, every address it has must be public, and the connection goes to the address that was
checked. No redirects, no proxies from the environment, and limits on size and on the whole time.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from functools import cache
from ipaddress import IPv6Network, ip_address
from typing import NamedTuple

import httpx

_CARRIES_IPV4 = [IPv6Network(net) for net in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")]


class NotFetched(Exception):
    """The call was not made or not finished; str() says why, without the address."""


class Forbidden(NotFetched):
    """An address that we do not call: not http(s), with a password, or not public."""


class TooLarge(NotFetched):
    """More bytes than were asked for."""


class Unreachable(NotFetched):
    """No such host, no answer in time, or a broken one. Trying again later may help."""


class Answer(NamedTuple):
    """What came back. A redirect is an answer like any other: status 3xx."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
    largest: int = 1_000_000,
    seconds: float = 10,
    operators_own: bool = False,
) -> Answer:
    """Call `url`. At most `largest` bytes, and `seconds` for all of it, looking up the name included.

    `operators_own` is for addresses from the settings: those may lie in the operator's network. Raises NotFetched.
    """
    address = _read(url)
    try:
        async with asyncio.timeout(seconds):
            ip = await _resolve(address, operators_own)
            return await _call(address, ip, method, headers or {}, content, largest)
    except TimeoutError:
        raise Unreachable("no answer in time") from None
    except (httpx.HTTPError, OSError) as error:
        raise Unreachable(type(error).__name__) from None


def fetch_now(url: str, **options: object) -> Answer:
    """`fetch` for jobs, which run in threads."""
    return asyncio.run(fetch(url, **options))  # type: ignore[arg-type]


def _read(url: str) -> httpx.URL:
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        raise Forbidden("not an address") from None
    if address.scheme not in ("http", "https") or not address.host or address.userinfo:
        raise Forbidden("only http and https addresses without a password")
    return address


async def _resolve(address: httpx.URL, operators_own: bool) -> str:
    host, port = address.raw_host.decode().strip("[]"), address.port or 443
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise Unreachable("no such host") from None
    addresses = [str(each[4][0]) for each in found]
    if not operators_own and not all(is_public(each) for each in addresses):
        raise Forbidden("not a public address")
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an address belongs to the open internet, also when it hides an IPv4 address in IPv6."""
    ip = ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_global and not ip.is_multicast and not any(ip in net for net in _CARRIES_IPV4)


async def _call(
    address: httpx.URL,
    ip: str,
    method: str,
    headers: Mapping[str, str],
    content: bytes | None,
    largest: int,
) -> Answer:
    named = {"Host": address.netloc.decode(), "Accept-Encoding": "identity", "User-Agent": "Shequtong"}
    # The certificate is checked for the name, although the connection goes to the number.
    name = {"sni_hostname": address.raw_host.decode()}
    body = b""
    async with (
        httpx.AsyncClient(verify=_trust(), trust_env=False, timeout=None) as client,
        client.stream(
            method, address.copy_with(host=ip), headers={**headers, **named}, content=content, extensions=name
        ) as response,
    ):
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > largest:
                raise TooLarge(f"more than {largest} bytes")
        return Answer(response.status_code, dict(response.headers), body)


@cache
def _trust() -> ssl.SSLContext:
    """Reading the certificates takes 20 ms: once."""
    return httpx.create_ssl_context(trust_env=False)
