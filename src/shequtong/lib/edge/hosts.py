"""S16: only names that are ours. A forged Host would otherwise get into links and caches."""

from collections.abc import Collection

from starlette.types import ASGIApp, Receive, Scope, Send

from shequtong.lib.edge.refusal import Refuse


class AllowedHosts:
    """Answers 400 unless there is exactly one Host and it is listed. Health checks may come by address."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], refuse: Refuse) -> None:
        self.app = app
        self.hosts = {host.lower().strip("[]") for host in hosts}
        self.refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self.app if self._is_ours(scope) else self.refuse(scope, 400)
        await answer(scope, receive, send)

    def _is_ours(self, scope: Scope) -> bool:
        if scope["path"] in ("/healthz", "/readyz"):
            return True
        named = [value for name, value in scope["headers"] if name == b"host"]
        return len(named) == 1 and _without_port(named[0].decode("latin-1").lower()) in self.hosts


def _without_port(host: str) -> str:
    """`[::1]:8000` is `::1`."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).strip("[]")
