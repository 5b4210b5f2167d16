"""The page of the API's document: all of it, nothing from elsewhere, and nothing that a text could inject."""

from html.parser import HTMLParser
from importlib.resources import files

import yaml

from reference_service.api.documentation import render
from reference_service.tests.api.service import Api

DOCUMENT = yaml.safe_load((files("reference_service") / "openapi.yaml").read_text("utf-8"))


class Page(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_names_every_operation_parameter_and_type(api: Api) -> None:
    answer = api.client.get("/docs")
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    page = Page(answer.text)
    for path, item in DOCUMENT["paths"].items():
        for method in item.keys() & {"get", "post"}:
            assert f"{method.upper()} {path}" in page.text
    for name, schema in DOCUMENT["components"]["schemas"].items():
        assert name in page.text
        assert all(field in page.text for field in schema.get("properties", {}))


def test_the_page_loads_nothing_and_runs_nothing(api: Api) -> None:
    answer = api.client.get("/docs")
    page = Page(answer.text)
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object"}
    assert {str(attributes["href"])[0] for tag, attributes in page.tags if tag == "a"} == {"/", "#"}
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_links_lead_to_the_types(api: Api) -> None:
    page = Page(api.client.get("/docs").text)
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    links = {str(attributes["href"])[1:] for tag, attributes in page.tags if tag == "a"} - {"openapi.yaml"}
    assert links <= ids


def test_whatever_the_document_says_is_text() -> None:
    evil = "<script>alert(1)</script>\"'`<b>`"
    schema = {"type": evil, "description": evil, "enum": [evil]}
    operation = {
        "summary": evil,
        "description": evil,
        "parameters": [{"name": evil, "in": evil, "description": evil, "schema": schema}],
        "requestBody": {"content": {evil: {"schema": {"$ref": f"#/components/schemas/{evil}"}}}},
        "responses": {evil: {"description": evil, "content": {evil: {"schema": {"items": schema}}}}},
    }
    document = {
        "info": {"title": evil, "version": evil, "description": evil},
        "paths": {evil: {"get": operation}},
        "components": {"schemas": {evil: {"properties": {evil: schema}, "required": [evil]}}},
    }
    page = Page(render(document))
    assert "script" not in {tag for tag, _ in page.tags}
    assert "b" not in {tag for tag, _ in page.tags}
    assert {name for _, attributes in page.tags for name in attributes} == {
        "lang", "charset", "name", "content", "href", "id", "scope",
    }  # fmt: skip
