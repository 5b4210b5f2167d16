"""The toolkit's settings: the only place that reads the environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from harness.errors import UsageError


class Settings(BaseSettings):
    """Each field is an environment variable `LAUNCHKIT_<NAME>`; `ci` is `CI`."""

    model_config = SettingsConfigDict(env_prefix="LAUNCHKIT_", frozen=True)

    runs_dir: Path = Path(".runs")
    keep_runs: Annotated[int, Field(ge=1)] = 10
    start_timeout: Annotated[float, Field(gt=0, description="seconds")] = 60.0
    postgres_image: str = "postgres:18"
    valkey_image: str = "valkey/valkey:9"
    debug: bool = False
    ci: Annotated[bool, Field(validation_alias="CI")] = False


def read_settings() -> Settings:
    """Raises UsageError naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        variable = name if name == "CI" else f"LAUNCHKIT_{name.upper()}"
        raise UsageError(f"{variable}: {first['msg']}", hint="correct or unset it") from None
