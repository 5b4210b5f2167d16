"""YAML as people write it: every mistake is told with its file, line and column."""

from pathlib import Path

import pytest

from harness.documents import (
    MAX_BYTES,
    Mapping,
    Plain,
    Scalar,
    Sequence,
    parse_document,
    plain,
    read_document,
    suggestion,
)
from harness.errors import DocumentError
from harness.exit_codes import ExitCode

FILE = Path("some.yaml")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 1", {"a": 1}),
        ("[1, 2.5, true, null, text]", [1, 2.5, True, None, "text"]),
        ("a: {b: [c, {d: ''}]}", {"a": {"b": ["c", {"d": ""}]}}),
        ("1: a", {"1": "a"}),
        ("at: 2026-01-02", {"at": "2026-01-02"}),
        ("at: 2026-01-02T03:04:05+02:00", {"at": "2026-01-02T03:04:05+02:00"}),
        ("version: '1.10'", {"version": "1.10"}),
        ("é: 🙂", {"é": "🙂"}),
    ],
)
def test_values_are_those_of_the_file(text: str, value: Plain) -> None:
    assert plain(parse_document(text, FILE)) == value


def test_the_text_of_a_number_is_kept_as_written() -> None:
    node = parse_document("version: 1.10", FILE)
    assert isinstance(node, Mapping)
    version = node.require("version")
    assert isinstance(version, Scalar)
    assert (version.value, version.text) == (1.1, "1.10")


def test_everything_has_its_place() -> None:
    node = parse_document("a:\n  - b\n  - c: d\n", FILE)
    assert isinstance(node, Mapping)
    items = node.require("a")
    assert isinstance(items, Sequence)
    first, second = items.items
    assert isinstance(second, Mapping)
    places = [first.place, second.key_places["c"], second.require("c").place]
    assert [(place.line, place.column) for place in places] == [(2, 5), (3, 5), (3, 8)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "some.yaml:1:1: is empty"),
        ("# only a comment\n", "some.yaml:1:1: is empty"),
        ("a: 1\nb: 2\na: 3\n", "some.yaml:3:1: 'a' is given twice; keep one of them"),
        ("a: [1, 2", "some.yaml:1:9: is not YAML: expected ',' or ']', but got '<stream end>'"),
        ("a:\n\t- b\n", "some.yaml:2:1: is not YAML: found character '\\t' that cannot start any token"),
        ("a: b: c", "some.yaml:1:5: is not YAML: mapping values are not allowed here"),
        ("a: &x 1\nb: *x\n", "some.yaml:2:4: aliases are not supported here"),
        ("? [a]\n: b\n", "some.yaml:1:3: a key must be text"),
        ("a: !!python/object:os.system x", "some.yaml:1:4: cannot be read: could not determine"),
        ("--- a\n--- b\n", "some.yaml:2:1: is not YAML: but found another document"),
        ("a: " + "[" * 40 + "]" * 40, "is nested too deeply"),
        ("a: " + "[" * 1_000_000, "is nested too deeply"),
        ("a: 1\nb: x\0\n", "some.yaml:2:5: is not YAML: the character 0x0000 is not allowed"),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_document(text, FILE)
    assert said in str(caught.value)
    assert str(caught.value).startswith("some.yaml:")
    assert caught.value.exit_code == ExitCode.USAGE


def test_unknown_keys_are_refused_with_a_suggestion() -> None:
    node = parse_document("name: x\nbase_ulr: y\n", FILE)
    assert isinstance(node, Mapping)
    with pytest.raises(
        DocumentError, match=r"^some\.yaml:2:1: unknown key 'base_ulr'; did you mean 'base_url'\?$"
    ):
        node.only(("name", "base_url"))
    with pytest.raises(DocumentError, match=r"^some\.yaml:1:1: 'release' is missing; add release: …$"):
        node.require("release")
    assert "name" in node
    assert list(node) == ["name", "base_ulr"]
    assert node.get("release") is None


def test_a_far_word_gets_the_whole_list() -> None:
    assert suggestion("zzz", ["one", "other"]) == "known: one, other"
    assert suggestion("othr", ["one", "other"]) == "did you mean 'other'?"
    many = suggestion("zzz", ["fuzz", *(f"name-{n}" for n in range(50))])
    assert many.startswith("known: fuzz, ")
    assert many.endswith(" and 31 more")
    assert many.count(",") == 19


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    missing, folder, latin, huge = (tmp_path / name for name in ("missing", "folder", "latin", "huge"))
    folder.mkdir()
    latin.write_bytes(b"a: 1\nb: caf\xe9\n")
    huge.write_bytes(b" " * (MAX_BYTES + 1))
    for path, said in (
        (missing, ":1:1: cannot be read (No such file or directory); check the path"),
        (folder, ":1:1: cannot be read (Is a directory); check the path"),
        (latin, ":2:1: is not UTF-8"),
        (huge, f":1:1: is larger than {MAX_BYTES} bytes"),
    ):
        with pytest.raises(DocumentError) as caught:
            read_document(path)
        assert str(caught.value) == f"{path}{said}"


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: [1]", encoding="utf-8")
    assert plain(read_document(path)) == {"a": [1]}
