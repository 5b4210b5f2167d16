"""Every setting of the service, read once from the environment and, where asked, from a dotenv file."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

Network = IPv4Network | IPv6Network
Networks = Annotated[tuple[Network, ...], NoDecode]
Texts = Annotated[tuple[str, ...], NoDecode]


class SettingsError(Exception):
    """A setting is missing or wrong; `str()` is one line."""


class Settings(BaseSettings):
    """Each is the variable `REFERENCE_<NAME>`; times are in seconds unless the name says otherwise."""

    model_config = SettingsConfigDict(env_prefix="REFERENCE_", frozen=True, extra="ignore")

    database_url: str = Field(min_length=1, repr=False, description="PostgreSQL's URL; required")
    redis_url: str = Field(
        default="", repr=False, description="empty: no Redis; caches and limits are per process"
    )
    rate_limit_requests: int = Field(
        default=100, ge=1, description="requests served to one client in a window"
    )
    rate_limit_seconds: int = Field(default=60, ge=1, description="length of the window")
    trusted_proxies: Networks = Field(
        default=(), description="CIDRs, by commas, of proxies whose `X-Forwarded-For` is believed"
    )
    cors_origins: Texts = Field(
        default=("http://localhost:5173",),
        description="origins, by commas, that may read answers; `*` for all",
    )
    ssrf_allow: Networks = Field(
        default=(), description="CIDRs, by commas, that health checks may dial besides public addresses"
    )
    pool_max: int = Field(default=10, ge=1, description="most connections to PostgreSQL of one process")
    pool_min: int = Field(default=5, ge=0, description="connections kept open")
    pool_max_lifetime: float = Field(default=300, gt=0, description="a connection is replaced at this age")
    statement_timeout_ms: int = Field(
        default=5000, ge=1, description="PostgreSQL ends a statement that takes longer; milliseconds"
    )
    cache_search_seconds: int = Field(
        default=60, ge=0, description="how long search answers are kept; 0: not at all"
    )
    cache_categories_seconds: int = Field(default=300, ge=0, description="the same for categories")
    cache_featured_seconds: int = Field(default=300, ge=0, description="the same for featured vendors")
    health_check_interval: float = Field(
        default=60, gt=0, description="from one round of health checks to the next"
    )
    health_check_deadline: float = Field(default=10, gt=0, description="one health check, redirects and all")
    health_check_concurrency: int = Field(default=10, ge=1, description="health checks at a time")
    aggregate_interval: float = Field(
        default=300, gt=0, description="from one round of the metrics aggregator to the next"
    )
    partition_interval: float = Field(
        default=86400, gt=0, description="from one round of the partition manager to the next"
    )
    schedule_hold: float = Field(
        default=300, gt=0, description="after load-fixtures, no scheduled round runs for so long"
    )
    metrics_dir: str = Field(
        default="", description="folder shared by the processes' metrics; empty: this process only"
    )
    log_level: str = Field(
        default="INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        description="the least that is logged: DEBUG, INFO, WARNING or ERROR",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # the signature is the framework's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """A file that was named wins: a variable left in a shell must not point it at another database."""
        return init_settings, dotenv_settings, env_settings, file_secret_settings

    @field_validator("trusted_proxies", "ssrf_allow", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        return tuple(ip_network(item) for item in _split(value)) if isinstance(value, str) else value

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _texts(cls, value: object) -> object:
        return _split(value) if isinstance(value, str) else value


def read_settings(file: Path | None = None) -> Settings:
    """The settings of the environment and of the dotenv file, which wins.

    Raises SettingsError.
    """
    if file is not None and not file.is_file():
        raise SettingsError(f"{file}: no such settings file")
    try:
        return Settings(_env_file=file)  # type: ignore[call-arg]  # the rest comes from the environment
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"REFERENCE_{name}: {first['msg']}") from None


def _split(value: str) -> Sequence[str]:
    return tuple(item.strip() for item in value.split(",") if item.strip())
