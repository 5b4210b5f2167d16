"""The command line: what is wrong with a call is one line, and exit code 2."""

from collections.abc import Callable
from pathlib import Path

import pytest

from reference_service.__main__ import COMMANDS, main
from reference_service.commands.migrate import migrate
from reference_service.commands.rehearse_rollback import rehearse_rollback
from reference_service.settings import Settings, SettingsError, read_settings

NOWHERE = Settings(database_url="postgresql://nobody@127.0.0.1:1/none")


@pytest.mark.parametrize(
    "argv", [[], ["nonsense"], ["--settings"], ["--settings", "/nonexistent/env", "migrate", "up"]]
)
def test_a_wrong_call_is_one_line(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(argv) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_every_command_is_where_the_table_says() -> None:
    from importlib import import_module  # noqa: PLC0415

    for reference in COMMANDS.values():
        module, _, name = reference.partition(":")
        assert callable(getattr(import_module(module), name))


def test_settings_come_from_the_environment_and_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "env"
    file.write_text("REFERENCE_DATABASE_URL=postgresql://file\nREFERENCE_RATE_LIMIT_REQUESTS=7\n")
    monkeypatch.setenv("REFERENCE_TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8")
    monkeypatch.setenv("REFERENCE_CORS_ORIGINS", "http://a.test,http://b.test")
    settings = read_settings(file)
    assert (settings.database_url, settings.rate_limit_requests) == ("postgresql://file", 7)
    assert [str(network) for network in settings.trusted_proxies] == ["10.0.0.0/8", "fd00::/8"]
    assert settings.cors_origins == ("http://a.test", "http://b.test")
    assert "postgresql" not in repr(settings), "URLs hold passwords"


def test_a_settings_file_wins_over_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "env"
    file.write_text("REFERENCE_DATABASE_URL=postgresql://file\nREFERENCE_REDIS_URL=\n")
    monkeypatch.setenv("REFERENCE_DATABASE_URL", "postgresql://stray")
    monkeypatch.setenv("REFERENCE_REDIS_URL", "redis://stray")
    settings = read_settings(file)
    assert (settings.database_url, settings.redis_url) == ("postgresql://file", "")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POOL_MAX", "0"),
        ("POOL_MAX", "ten"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("LOG_LEVEL", "loud"),
        ("DATABASE_URL", ""),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFERENCE_DATABASE_URL", "postgresql://x")
    monkeypatch.setenv(f"REFERENCE_{name}", value)
    with pytest.raises(SettingsError, match=f"REFERENCE_{name}: "):
        read_settings()


def test_migrate_says_what_it_did(
    new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(database_url=new_database())
    assert [migrate(settings, argv) for argv in (["up", "--to", "1"], ["up", "--to", "1"], ["down"])] == [
        0,
        0,
        0,
    ]
    said = capsys.readouterr().out.splitlines()
    assert said == ["up 0001 create_marketplace", "nothing to do", "down 0001 create_marketplace"]


def test_the_rollback_is_rehearsed(
    new_database: Callable[[], str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert rehearse_rollback(Settings(database_url=new_database()), []) == 0
    assert capsys.readouterr().out == "schema restored\n"


@pytest.mark.parametrize(("command", "argv"), [(migrate, ["up"]), (rehearse_rollback, [])])
def test_a_database_that_is_away_is_one_line(
    command: Callable[[Settings, list[str]], int], argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(NOWHERE, argv) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("argv", [["sideways"], ["up", "--to", "x"], []])
def test_argparse_complains_in_one_line(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        migrate(NOWHERE, argv)
    assert raised.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
