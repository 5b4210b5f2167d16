"""Sphinx's configuration of the site: all documents of the project, readable and searchable offline."""

from sphinx.application import Sphinx

project = "launchkit"
author = "the launchkit authors"
copyright = ""  # noqa: A001  Sphinx's name

extensions = ["myst_parser"]
include_patterns = ["*.md", "docs/**.md"]
exclude_patterns = [".*", "**/node_modules", "**/.tox", "build", "docs/checks", "docs/site"]
root_doc = "docs/index"

myst_heading_anchors = 3

# What stands in the sidebar; a document that is in none of these is a warning, and warnings fail the build.
CONTENTS = {
    "": ["/README"],
    "Guides": [
        "guides/launch-report",
        "guides/your-own-backend",
        "contract-suite",
        "proof",
        "guides/load-scenario",
        "guides/load-from-several-machines",
        "guides/checklist",
        "release-managers-guide",
        "guides/ci",
        "guides/operate",
        "rollback-plan",
        "known-issues",
    ],
    "The marketplace": ["api/marketplace", "sdk", "console"],
    "Operations": ["operations/*"],
    "Reference": ["commands", "keys", "schemas/*"],
    "The project": ["/ARCHITECTURE", "/CONTRIBUTING", "/CHANGELOG"],
}

html_theme = "furo"
html_title = "launchkit"
html_extra_path = ["start"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {"sidebar_hide_name": False}
html_permalinks_icon = "#"


def setup(app: Sphinx) -> None:
    """Give the index its sidebar here, since elsewhere people read it as plain Markdown."""
    app.connect("source-read", _with_contents)


def _with_contents(_app: Sphinx, name: str, source: list[str]) -> None:
    if name == root_doc:
        source[0] += "".join(_contents(caption, pages) for caption, pages in CONTENTS.items())


def _contents(caption: str, pages: list[str]) -> str:
    options = [":hidden:", ":glob:", *([f":caption: {caption}"] if caption else [])]
    return "\n".join(["", "```{toctree}", *options, "", *pages, "```", ""])
