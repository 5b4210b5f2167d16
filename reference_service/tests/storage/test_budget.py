from reference_service.settings import Settings
from reference_service.storage.budget import connections_short


def test_pools_that_fit_are_not_short_and_others_are_by_what_they_lack(shared_database: str) -> None:
    settings = Settings(database_url=shared_database, pool_max=1)
    assert connections_short(settings, 1) == 0
    lacking = connections_short(settings, 10_000)
    assert 0 < lacking < 10_000
    assert connections_short(settings, 10_001) == lacking + 1
