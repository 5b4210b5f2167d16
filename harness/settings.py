"""The toolkit's settings: the only place that reads the environment."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from harness.errors import UsageError


class Settings(BaseSettings):
    """Each field is an environment variable `LAUNCHKIT_<NAME>`; `ci` is `CI`."""

    model_config = SettingsConfigDict(env_prefix="LAUNCHKIT_", frozen=True)

    runs_dir: Annotated[Path, Field(description="where runs are kept")] = Path(".runs")
    keep_runs: Annotated[
        int,
        Field(
            ge=1,
            description="how many are kept; older ones are pruned, never one in use or that a release needs",
        ),
    ] = 10
    start_timeout: Annotated[
        float, Field(gt=0, description="seconds that a part of the stack may take to start")
    ] = 60.0
    build_console: Annotated[bool, Field(description="build the console where it is missing")] = True
    chromium: Annotated[
        str | None, Field(description="the Chromium to look with, in place of the one on `PATH`")
    ] = None
    postgres_image: Annotated[str, Field(description="of `--environment containers`")] = "postgres:18"
    valkey_image: Annotated[str, Field(description="the same for Valkey")] = "valkey/valkey:9"
    debug: Annotated[bool, Field(description="show the traceback of an internal error")] = False
    ci: Annotated[
        bool, Field(validation_alias="CI", description="what is missing for a test is a failure, no skip")
    ] = False


def read_settings() -> Settings:
    """Raises UsageError naming the variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        variable = name if name == "CI" else f"LAUNCHKIT_{name.upper()}"
        raise UsageError(f"{variable}: {first['msg']}", hint="correct or unset it") from None
