"""`--set` and `--to`: values, components, misspelt names."""

from __future__ import annotations

from typing import Any

import pytest

from peephole.cli.assignments import value_of, with_settings
from peephole.cli.errors import UsageError
from peephole.cli.targets import checked_targets
from peephole.engine.catalog import catalog
from peephole.workflow.document import Document, NodeBlock

INNER = Document(nodes={"keep": NodeBlock(type="sort", settings={"missing": "last"})})
DOCUMENT = Document(
    nodes={
        "group": NodeBlock(type="group_by", title="By month", settings={"keys": ["a"]}),
        "part": NodeBlock(type="component", inside=INNER),
        "new": NodeBlock(type="of_the_future"),
    }
)


def changed(*assignments: str) -> Document:
    return with_settings(DOCUMENT, assignments, catalog().specs)


@pytest.mark.parametrize(
    ("text", "value"),
    [("3", 3), ("3.5", 3.5), ("true", True), ("null", None), ('["a", "b"]', ["a", "b"]), ('"3"', "3"), ("a > 3", "a > 3"),
     ("", ""), ('{"a": 1}', {"a": 1})],
)  # fmt: skip
def test_values_are_json_or_text(text: str, value: Any) -> None:
    assert value_of(text) == value


def test_a_setting_is_changed_and_the_document_is_not() -> None:
    assert changed('group.keys=["b"]').nodes["group"].settings == {"keys": ["b"]}
    assert DOCUMENT.nodes["group"].settings == {"keys": ["a"]}


def test_the_last_of_several_counts_and_values_may_hold_signs() -> None:
    assert changed("group.keys=a=b.c", "group.order_by=x").nodes["group"].settings == {"keys": "a=b.c", "order_by": "x"}


def test_a_node_in_a_component() -> None:
    inside = changed("part/keep.missing=first").nodes["part"].inside
    assert inside is not None
    assert inside.nodes["keep"].settings == {"missing": "first"}


def test_an_unknown_nodes_settings_are_not_judged() -> None:
    assert changed("new.anything=1").nodes["new"].settings == {"anything": 1}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("grup.keys=a", 'Did you mean "group"?'),
        ("group.kys=a", 'Did you mean "keys"?'),
        ("part/kep.missing=a", 'Did you mean "keep"?'),
        ("group/inner.keys=a", "no component"),
        ("group", "node.setting=value"),
        ("=3", "node.setting=value"),
        ("group.=3", "node.setting=value"),
    ],
)
def test_what_does_not_exist_is_told(text: str, said: str) -> None:
    with pytest.raises(UsageError, match=r".") as error:
        changed(text)
    assert said in str(error.value)


def test_targets_by_id_by_title_and_whole_components() -> None:
    assert checked_targets(DOCUMENT, None) is None
    assert checked_targets(DOCUMENT, ["group", "By month", "part"]) == ["group", "part/keep"]
    said = r'Did you mean "group"\? Nodes: group \(By month\), part/keep \(Sort\), new \(of_the_future\)'
    for name in ("grup", "by month", "month"):
        with pytest.raises(UsageError, match=said):
            checked_targets(DOCUMENT, [name])


def test_only_nodes_that_fit_are_proposed() -> None:
    with pytest.raises(UsageError, match=r'no node "x"\. Nodes: part/keep \(Sort\), new'):
        checked_targets(DOCUMENT, ["x"], lambda spec: spec.title == "Sort")
    known = Document(nodes={"group": NodeBlock(type="group_by")})
    with pytest.raises(UsageError, match=r'no node "x"') as error:
        checked_targets(known, ["x"], lambda spec: spec.title == "Sort", "None of them sorts.")
    assert error.value.remedy == "None of them sorts."
