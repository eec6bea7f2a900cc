"""A workflow from elsewhere runs nothing dangerous before the person trusts it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from studio_support import Studio, chain, serving

WRITES = {
    "nodes": {
        "numbers": {"type": "peephole_testnodes/numbers"},
        "write": {"type": "write_csv", "settings": {"path": "out.csv"}},
    },
    "wires": ["numbers.table -> write.table"],
}


def reading(path: str) -> dict[str, Any]:
    return {"nodes": {"read": {"type": "read_csv", "settings": {"path": path}}}}


def coding() -> dict[str, Any]:
    return chain("numbers", "code")


def test_it_does_not_run_before_it_is_trusted(studio: Studio) -> None:
    one = studio.open_file(WRITES)
    snapshot = studio.snapshot(one)
    assert (snapshot["trusted"], snapshot["needs_trust"]) == (False, True)
    with studio.page(one) as page:
        page.say("run")
        refused = page.until("refused")
        assert "write" in refused["problem"]["what"]
        page.say("run", targets=["write"])
        page.until("refused")
        assert not (studio.folder / "out.csv").exists()
        page.say("trust")
        page.until("trusted")
        assert page.run() == "done"
    assert (studio.folder / "out.csv").exists()
    assert studio.snapshot(one)["trusted"]


@pytest.mark.parametrize(
    "document",
    [
        WRITES,
        reading("/etc/passwd"),
        reading("../outside.csv"),
        reading("link/outside.csv"),
        reading("https://evil.example/x.csv"),
        coding(),
    ],
    ids=["writes", "absolute", "outside", "link", "address", "code"],
)
def test_what_is_dangerous(studio: Studio, document: dict[str, Any]) -> None:
    (studio.folder / "link").symlink_to(studio.folder.parent)
    one = studio.open_file(document)
    assert studio.snapshot(one)["needs_trust"]


@pytest.mark.parametrize("document", [chain("numbers", "add"), reading("data.csv")])
def test_what_is_not(studio: Studio, document: dict[str, Any]) -> None:
    one = studio.open_file(document)
    assert not studio.snapshot(one)["needs_trust"]


def test_a_dangerous_node_within_a_component_counts(studio: Studio) -> None:
    one = studio.open_file(
        {
            "nodes": {
                "outer": {"type": "component", "inside": {"nodes": {"inner": {"type": "component", "inside": WRITES}}}}
            }
        }
    )
    assert studio.snapshot(one)["needs_trust"]


def test_it_is_not_looked_at_either(studio: Studio) -> None:
    """A file outside the folders is not even opened to see its columns."""
    outside = studio.folder.parent / "outside.csv"
    outside.write_text("secret\n1\n")
    one = studio.open_file(reading("../outside.csv"))
    with studio.page(one) as page:
        page.say("look", at={"node": "read", "port": "table"})
        page.edit("annotate", node="read", note="x")
        page.until("edited")
        answer = studio.get(one, "rows/read/table")
        assert answer.status_code == 409
        assert "secret" not in answer.text
        assert studio.snapshot(one)["ports"]["read.table"]["schema"] is None
        page.say("trust")
        page.until("trusted")
        assert studio.get(one, "rows/read/table").status_code == 200


def test_what_is_made_here_is_trusted(studio: Studio) -> None:
    one = studio.open()
    with studio.page(one) as page:
        page.edit("add", id="write", node=WRITES["nodes"]["write"])
        assert page.until("edited")["needs_trust"] is False


def test_trust_is_remembered_and_ends_where_somebody_else_changes_it(tmp_path: Path) -> None:
    folders = (tmp_path, tmp_path / "state", tmp_path / "store")
    with serving(*folders) as studio:
        one = studio.open_file(WRITES)
        with studio.page(one) as page:
            page.say("trust")
            page.until("trusted")
            page.edit("set", node="write", setting="path", value="mine.csv")
            page.until("saved", saved=True)
    path = tmp_path / "flow.peep.json"
    with serving(*folders) as studio:
        assert studio.snapshot(studio.open(path=str(path)))["trusted"]
    theirs = json.loads(path.read_text())
    theirs["nodes"]["write"]["settings"]["path"] = "../.bashrc"
    path.write_text(json.dumps(theirs))
    with serving(*folders) as studio:
        assert not studio.snapshot(studio.open(path=str(path)))["trusted"]


def test_harmless_changes_by_others_keep_the_trust(tmp_path: Path) -> None:
    folders = (tmp_path, tmp_path / "state", tmp_path / "store")
    with serving(*folders) as studio:
        one = studio.open_file(WRITES)
        with studio.page(one) as page:
            page.say("trust")
            page.until("trusted")
    path = tmp_path / "flow.peep.json"
    theirs = json.loads(path.read_text())
    theirs["title"] = "Another title"
    path.write_text(json.dumps(theirs))
    with serving(*folders) as studio:
        assert studio.snapshot(studio.open(path=str(path)))["trusted"]


def test_what_was_made_here_stays_trusted_under_its_name_and_asks_again_where_others_change_it(tmp_path: Path) -> None:
    folders = (tmp_path, tmp_path / "state", tmp_path / "store")
    with serving(*folders) as studio:
        one = studio.open()
        with studio.page(one) as page:
            page.edit("insert", nodes=WRITES["nodes"], wires=WRITES["wires"])
            page.until("edited")
        studio.client.post(f"/api/documents/{one}/save-as", json={"path": "mine"})
    path = tmp_path / "mine.peep.json"
    with serving(*folders) as studio:
        assert studio.snapshot(studio.open(path=str(path)))["trusted"]
    theirs = json.loads(path.read_text())
    theirs["nodes"]["write"]["settings"]["path"] = "other.csv"
    path.write_text(json.dumps(theirs))
    with serving(*folders) as studio:
        assert not studio.snapshot(studio.open(path=str(path)))["trusted"]
