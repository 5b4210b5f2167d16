"""The page of settings is the one that their definitions give, and says what each is for."""

from pathlib import Path

from reference_service.settings import Settings
from reference_service.settings_page import settings_page

PAGE = Path(__file__).parents[2] / "docs/operations/settings.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == settings_page(), (
        "write it anew: python -m reference_service.settings_page > docs/operations/settings.md"
    )


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
