"""What an operator may set: environment variables `SHEQUTONG_…` or a `.env` file in the working folder."""

from __future__ import annotations

import ipaddress
import secrets
from functools import cache, cached_property
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MADE_KEY = Path("var/secret-key")
SHORTEST_KEY = 32
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class Settings(BaseSettings):
    """Every setting has a default that is right for one committee on one small machine."""

    model_config = SettingsConfigDict(env_prefix="SHEQUTONG_", env_file=".env", extra="ignore")

    database_url: str = Field(
        "sqlite:///var/shequtong.db", description="Where the data lives; postgresql://… beyond one machine"
    )
    secret_key: SecretStr | None = Field(
        None, description="Signs and encrypts; several, comma separated, newest first, for rotation"
    )
    base_url: str = Field(
        "http://127.0.0.1:8000", description="The address people type; links are made from it"
    )
    media_url: str = Field("file://var/media", description="Photos and attachments: file://… or s3://…")
    redis_url: str | None = Field(None, description="Optional; shares rate limits between machines")
    smtp_url: str | None = Field(None, description="Outgoing mail: smtp://user:password@host:587")
    sms_url: str | None = Field(None, description="Outgoing text messages: https://… of a gateway")
    locale: Literal["zh-Hans", "en"] = Field("zh-Hans", description="Language of a visitor who chose none")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="How much is logged")
    allowed_hosts: str = Field("", description="Further host names that reach this server, comma separated")
    trusted_proxies: str = Field("", description="Addresses of our own proxies (CIDR), comma separated")
    security_contact: str = Field(
        "", description="Who hears of weaknesses: mailto:… or https://…; else the front page"
    )
    source_url: str = Field(
        "", description="Where the source of what runs here is published; else /source gives it out itself"
    )
    holidays: Path | None = Field(
        None, description="A TOML file of public holidays for years that this release does not know"
    )
    retention: str = Field(
        "", description="Days to keep what `shequtong retention` lists, other than usual: look=1500, draft=90"
    )
    sqlite_synchronous: Literal["FULL", "NORMAL"] = Field(
        "FULL", description="NORMAL is faster and may lose the last second at a power cut"
    )
    enable_docs: bool = Field(False, description="Serve /docs and /openapi.json of the API to everybody")
    enable_metrics: bool = Field(False, description="Serve /metrics to everybody who can reach the port")
    demo: bool = Field(False, description="Shows the banner that this is a demo; set by `shequtong demo`")

    @field_validator("database_url")
    @classmethod
    def _is_a_database(cls, value: str) -> str:
        if urlsplit(value).scheme not in {"sqlite", "postgresql", "postgresql+psycopg"}:
            raise ValueError("must be sqlite:///… or postgresql://…")
        return value

    @field_validator("media_url")
    @classmethod
    def _is_a_store(cls, value: str) -> str:
        if urlsplit(value).scheme not in {"file", "s3"}:
            raise ValueError("must be file://… or s3://…")
        return value

    @field_validator("secret_key")
    @classmethod
    def _is_long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        keys = value.get_secret_value().split(",") if value else []
        if any(len(key.strip()) < SHORTEST_KEY for key in keys if key.strip()):
            raise ValueError(f"each key needs at least {SHORTEST_KEY} characters")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for part in filter(None, (p.strip() for p in value.split(","))):
            ipaddress.ip_network(part, strict=False)
        return value

    @field_validator("source_url")
    @classmethod
    def _is_published(cls, value: str) -> str:
        if value and urlsplit(value).scheme not in {"http", "https"}:
            raise ValueError("must be an http:// or https:// address")
        return value

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("must be an http:// or https:// address")
        return value.rstrip("/")

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Secret keys, newest first. On the first run without one, a key is made and kept beside the data."""
        if self.secret_key:
            return tuple(k.strip() for k in self.secret_key.get_secret_value().split(",") if k.strip())
        if not MADE_KEY.exists():
            MADE_KEY.parent.mkdir(parents=True, exist_ok=True)
            MADE_KEY.touch(mode=0o600)
            MADE_KEY.write_text(secrets.token_urlsafe(48))
        return (MADE_KEY.read_text().strip(),)

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def loopback(self) -> bool:
        """Whether people reach this server on its own machine only, where plain http is safe enough."""
        return _host(self.base_url) in LOOPBACK

    @property
    def secure_cookies(self) -> bool:
        """Off only where the connection never leaves the machine."""
        return self.https or not self.loopback

    @property
    def hosts(self) -> frozenset[str]:
        """Host names this server answers to; anything else is refused before routing."""
        named = {_host(self.base_url) or ""} | {h.strip() for h in self.allowed_hosts.split(",")}
        if not self.https:
            named |= LOOPBACK
        return frozenset(filter(None, named))

    @property
    def proxies(self) -> tuple[str, ...]:
        return tuple(filter(None, (p.strip() for p in self.trusted_proxies.split(","))))


@cache
def _host(address: str) -> str | None:
    return urlsplit(address).hostname
