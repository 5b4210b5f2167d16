import pytest
from structlog.testing import capture_logs

from reference_service.commands.serve import check_budget
from reference_service.settings import Settings
from reference_service.storage.budget import connections_short


def test_pools_that_fit_are_not_short_and_others_are_by_what_they_lack(shared_database: str) -> None:
    settings = Settings(database_url=shared_database, pool_max=1)
    assert connections_short(settings, 1) == 0
    lacking = connections_short(settings, 10_000)
    assert 0 < lacking < 10_000
    assert connections_short(settings, 10_001) == lacking + 1


@pytest.mark.parametrize(
    ("pool_max", "url", "told"),
    [
        (1, None, []),
        (100_000, None, ["the pools may want more connections than the database has"]),
        (1, "postgresql://nobody@127.0.0.1:1/none", ["started without the database"]),
    ],
)
def test_a_start_tells_what_the_database_cannot_give(
    shared_database: str, pool_max: int, url: str | None, told: list[str]
) -> None:
    with capture_logs() as logs:
        check_budget(Settings(database_url=url or shared_database, pool_max=pool_max), 2)
    assert [line["event"] for line in logs] == told
