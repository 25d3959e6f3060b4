"""Whose address a request comes from (S4). Anybody can write X-Forwarded-For; only our own proxies are believed."""

from collections.abc import Collection
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.types import Scope

Address = IPv4Address | IPv6Address


def client_ip(scope: Scope, proxies: Collection[str]) -> str:
    """The rightmost address that is no proxy of ours.

    `proxies` are addresses or networks in CIDR. The peer itself counts unless it is one of them; a Unix socket
    (no peer) is taken for a proxy when there are any. What cannot be read ends the search.
    """
    networks = _networks(tuple(proxies))
    peer = _read(scope["client"][0]) if scope.get("client") else None
    if not networks or (peer and not _is_within(peer, networks)):
        return str(peer or "0.0.0.0")
    nearest = peer
    for written in reversed(_forwarded(scope)):
        address = _read(written)
        if address is None:
            break
        nearest = address
        if not _is_within(address, networks):
            break
    return str(nearest or "0.0.0.0")


def same_household(address: str) -> str:
    """What one connection can speak for: an IPv4 address, or the /64 network that IPv6 gives to a household."""
    read = ip_address(address)
    return address if read.version == 4 else str(ip_network(f"{address}/64", strict=False))


def _forwarded(scope: Scope) -> list[str]:
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return b",".join(lines).decode("latin-1").split(",")


def _read(written: str) -> Address | None:
    """An address, also with a port as some proxies write it, or None."""
    written = written.strip()
    if written.startswith("["):
        written = written[1:].partition("]")[0]
    elif written.count(":") == 1:
        written = written.partition(":")[0]
    try:
        address = ip_address(written)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_within(address: Address, networks: tuple[IPv4Network | IPv6Network, ...]) -> bool:
    return any(address in network for network in networks)


@lru_cache(maxsize=16)
def _networks(proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(proxy, strict=False) for proxy in proxies)
