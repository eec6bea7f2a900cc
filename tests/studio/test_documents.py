"""Documents: opened, edited by several pages, undone, saved, found again."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from studio_support import Studio, chain, serving
from websockets.exceptions import ConnectionClosed, InvalidStatus

from peephole.workflow import load

SET = {"op": "set", "node": "numbers", "setting": "rows"}


def test_an_empty_document_and_its_snapshot(studio: Studio) -> None:
    snapshot = studio.snapshot(studio.open())
    assert snapshot["document"]["nodes"] == {}
    assert (snapshot["path"], snapshot["title"], snapshot["saved"]) == (None, "Untitled", True)
    assert (snapshot["trusted"], snapshot["can_undo"], snapshot["run"]["state"]) == (True, False, "idle")


@pytest.mark.parametrize("kind", ["read_csv", "list_files"])
def test_a_relative_path_in_a_workflow_without_a_file_says_that_it_starts_nowhere(studio: Studio, kind: str) -> None:
    with studio.page(studio.open()) as page:
        page.edit("add", id="r", node={"type": kind, "settings": {"path": "titanic"}})
        page.say("run")
        problem = page.until_event("failed", "r")["problem"]
    assert problem["what"].startswith('"titanic" is not found: this workflow has no file yet')
    assert problem["remedy"].startswith("Save the workflow first")


def test_a_template_opens_as_a_copy(studio: Studio) -> None:
    start = studio.client.get("/api/start").json()
    assert [t["name"] for t in start["templates"]][:2] == [
        "flight-delays",
        "graduate-admission",
    ]  # as their documents say
    name = "flight-delays"
    one = studio.open(template=name)
    snapshot = studio.snapshot(one)
    assert snapshot["path"] is None
    assert snapshot["trusted"]
    assert "flights" in snapshot["document"]["nodes"]
    assert studio.open(template=name) == one  # nothing in it was changed


def test_a_changed_copy_of_a_template_is_left_alone_and_the_next_one_has_a_name_of_its_own(studio: Studio) -> None:
    first = studio.open(template="flight-delays")
    with studio.page(first) as page:
        page.edit("entitle", title="Mine")
        page.until("edited")
    assert studio.open(template="flight-delays") == first  # another title changes nothing in it
    with studio.page(first) as page:
        page.edit("entitle", title="Flight delays")
        page.edit("remove", ids=["flights"])
        page.until("edited", revision=3)
    second = studio.open(template="flight-delays")
    assert second != first
    assert studio.snapshot(second)["document"]["title"] == "Flight delays 2"
    assert "flights" not in studio.snapshot(first)["document"]["nodes"]
    assert studio.open(template="flight-delays") == second
    studio.client.post(f"/api/documents/{second}/save-as", json={"path": "own"})
    third = studio.open(template="flight-delays")  # what lies in a file of its own is the person's
    assert studio.snapshot(third)["document"]["title"] == "Flight delays 3"


def test_recent_ones_are_listed_by_when_they_were_used_and_renamed(studio: Studio) -> None:
    def recent() -> list[tuple[str, str]]:
        return [(r["id"], r["title"]) for r in studio.client.get("/api/start").json()["recent"]]

    path = studio.write("flow.peep.json", chain("numbers"))
    one, other = studio.open(path=str(path)), studio.open(template="graduate-admission")
    assert recent() == [(other, "Graduate admission"), (one, "flow")]
    answer = studio.client.post(f"/api/documents/{one}/rename", json={"title": "My numbers"})
    assert answer.status_code == 204
    assert recent() == [(one, "My numbers"), (other, "Graduate admission")]
    assert load(path).title == "My numbers"
    with studio.page(one) as page:
        page.edit("entitle", title="Their numbers")
        page.until("edited")
    assert recent()[0] == (one, "Their numbers"), "before it is saved"
    assert studio.client.post(f"/api/documents/{one}/rename", json={"title": ""}).status_code in (400, 422)
    assert studio.client.delete(f"/api/documents/{one}").status_code == 204
    assert recent() == [(other, "Graduate admission")]
    assert path.is_file()


def test_what_is_not_open_is_renamed_without_being_opened(studio: Studio) -> None:
    path = studio.write("flow.peep.json", chain("numbers"))
    one = studio.open(path=str(path))
    assert studio.client.post(f"/api/documents/{one}/rename", json={"title": "Closed"}).status_code == 204
    assert load(path).title == "Closed"
    assert one not in studio.desk._open
    assert studio.snapshot(one)["title"] == "Closed"
    with studio.page(one) as page:
        assert studio.client.post(f"/api/documents/{one}/rename", json={"title": "Open"}).status_code == 204
        assert page.until("edited")["op"]["title"] == "Open"
    assert load(path).title == "Open"
    assert studio.client.post("/api/documents/aaaaaaaaaaaa/rename", json={"title": "x"}).status_code == 404


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_templates_have_pictures(studio: Studio, theme: str) -> None:
    answer = studio.client.get("/api/templates/flight-delays/picture.svg", params={"theme": theme})
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<svg")
    assert "prefers-color-scheme" not in answer.text


def test_an_unknown_template_or_file_is_told(studio: Studio) -> None:
    answer = studio.client.post("/api/documents", json={"template": "flight-delay"})
    assert (answer.status_code, answer.json()["problem"]["remedy"][:27]) == (400, 'Did you mean "flight-delays')
    answer = studio.client.post("/api/documents", json={"path": "nothing.peep.json"})
    assert "There is no file" in answer.json()["problem"]["what"]
    (studio.folder / "picture.peep.json").write_bytes(b"\x89PNG")
    answer = studio.client.post("/api/documents", json={"path": "picture.peep.json"})
    assert answer.status_code == 400


def test_opening_runs_nothing_and_reads_no_source(studio: Studio) -> None:
    """A named pipe would hold up whoever opens it."""
    import os

    os.mkfifo(studio.folder / "data.csv")
    os.mkfifo(studio.folder / "out.csv")
    nodes = {
        "read": {"type": "read_csv", "settings": {"path": "data.csv"}},
        "write": {"type": "write_csv", "settings": {"path": "out.csv"}},
    }
    one = studio.open_file({"nodes": nodes, "wires": ["read.table -> write.table"]})
    with studio.page(one) as page:
        page.until("checked")
    snapshot = studio.snapshot(one)
    assert snapshot["ports"]["read.table"]["schema"] is None
    assert snapshot["nodes"]["read"]["state"] == "ready"
    assert not list(studio.config.store.glob("objects/*/*"))


def test_sources_are_looked_at_once_the_person_works_with_the_document(studio: Studio) -> None:
    (studio.folder / "data.csv").write_text("a,b\n1,x\n")
    one = studio.open_file({"nodes": {"read": {"type": "read_csv", "settings": {"path": "data.csv"}}}})
    with studio.page(one) as page:
        page.say("look", at={"node": "read", "port": "table"})
        while not page.until("checked")["ports"].get("read.table", {}).get("schema"):
            pass
    assert studio.snapshot(one)["ports"]["read.table"]["schema"] == [["a", "integer"], ["b", "text"]]


def test_two_pages_agree(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "add"))
    with studio.page(one) as first, studio.page(one) as second:
        a = first.edit(**SET, value=5)
        b = second.edit(**SET, value=6)
        told = [[p.until("edited") for _ in range(2)] for p in (first, second)]
        assert told[0] == told[1]
        assert {m["client"] for m in told[0]} == {a, b}
        assert [m["revision"] for m in told[0]] == [1, 2]
        last = told[0][1]["op"]["value"]
    assert studio.snapshot(one)["document"]["nodes"]["numbers"]["settings"]["rows"] == last


def test_many_pages_edit_at_once_and_nothing_is_lost(studio: Studio) -> None:
    one = studio.open()

    def work(number: int) -> None:
        with studio.page(one) as page:
            for i in range(20):
                page.edit("add", id=f"n{number}_{i}", node={"type": "peephole_testnodes/numbers"})
            for _ in range(20):
                page.until("edited")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    snapshot = studio.snapshot(one)
    assert (snapshot["revision"], len(snapshot["document"]["nodes"])) == (80, 80)


def test_undo_and_redo_of_many_edits(studio: Studio) -> None:
    one = studio.open_file(chain("numbers"))
    before = studio.snapshot(one)["document"]
    with studio.page(one) as page:
        for i in range(20):
            page.edit("add", id=f"n{i}", node={"type": "peephole_testnodes/numbers"}, at=[i * 100, 0])
        for _ in range(20):
            page.until("edited")
        after = studio.snapshot(one)["document"]
        for i in range(20):
            page.say("undo", client=f"u{i}")
        told = [page.until("edited") for _ in range(20)]
        assert (told[-1]["can_undo"], told[-1]["can_redo"]) == (False, True)
        assert studio.snapshot(one)["document"] == before
        for i in range(20):
            page.say("redo", client=f"r{i}")
        told = [page.until("edited") for _ in range(20)]
        assert (told[-1]["can_undo"], told[-1]["can_redo"]) == (True, False)
    assert studio.snapshot(one)["document"] == after


def test_typing_in_one_field_is_one_step(studio: Studio) -> None:
    one = studio.open_file(chain("numbers"))
    with studio.page(one) as page:
        for value in (1, 12, 123):
            page.edit(**SET, value=value, group="field 1")
            page.until("edited")
        page.say("undo", client="u")
        assert page.until("edited")["op"]["op"] == "unset"
    assert studio.snapshot(one)["document"]["nodes"]["numbers"]["settings"] == {}


def test_a_page_that_lost_its_connection_is_told_what_it_missed(studio: Studio) -> None:
    one = studio.open_file(chain("numbers"))
    with studio.page(one) as page:
        page.edit(**SET, value=5)
        seen = page.until("edited")["seq"]
    with studio.page(one) as other:
        other.edit(**SET, value=6)
        other.edit(**SET, value=7)
        other.until("edited", revision=3)
    with studio.page(one, after=seen) as page:
        hello = page.next()
        assert (hello["is"], hello["revision"]) == ("hello", 3)
        assert [page.until("edited")["op"]["value"] for _ in range(2)] == [6, 7]


def test_a_page_that_missed_too_much_or_comes_from_another_server_fetches_everything(studio: Studio) -> None:
    one = studio.open()
    for after in (0, 1, studio.snapshot(one)["seq"] + 1000):
        with studio.page(one, after=after) as page:
            page.until("reset")
    with studio.page(one, after=studio.snapshot(one)["seq"]) as page:
        page.edit("add", id="n", node={"type": "peephole_testnodes/numbers"})
        page.until("edited")
        assert "reset" not in [m["is"] for m in page.told]


def test_every_edit_is_in_the_file_a_moment_later(studio: Studio) -> None:
    one = studio.open_file(chain("numbers"))
    path = studio.folder / "flow.peep.json"
    with studio.page(one) as page:
        page.edit(**SET, value=42)
        saved = page.until("saved", saved=True)
        assert saved["path"] == str(path)
    assert load(path).nodes["numbers"].settings == {"rows": 42}
    assert studio.snapshot(one)["saved"]
    assert not list(studio.folder.glob("*.tmp"))


def test_a_file_that_another_program_changed_is_left_alone(studio: Studio) -> None:
    one = studio.open_file(chain("numbers"))
    path = studio.folder / "flow.peep.json"
    studio.snapshot(one)
    theirs = json.dumps({"format": "peephole-workflow", "version": 1, "title": "Theirs"})
    path.write_text(theirs)
    with studio.page(one) as page:
        page.edit(**SET, value=42)
        assert "changed by another program" in page.until("problem")["problem"]["what"]
        ours = Path(page.until("saved", saved=True)["path"])
    assert path.read_text() == theirs
    assert ours != path
    assert load(ours).nodes["numbers"].settings == {"rows": 42}


def test_a_folder_that_refuses_is_told_and_the_edits_stay(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    from peephole.core.errors import DocumentError
    from peephole.studio import saving

    real, refusing = saving.save, threading.Event()
    refusing.set()

    def save(document: Any, path: Any) -> None:
        if refusing.is_set():
            raise DocumentError("The disk is full.", remedy="Make room.")
        real(document, path)

    monkeypatch.setattr(saving, "save", save)
    monkeypatch.setattr(saving, "RETRY", 0.1)
    one = studio.open_file(chain("numbers"))
    with studio.page(one) as page:
        page.edit(**SET, value=42)
        assert page.until("problem")["problem"]["what"] == "The disk is full."
        assert not studio.snapshot(one)["saved"]
        refusing.clear()
        page.until("saved", saved=True)
    assert load(studio.folder / "flow.peep.json").nodes["numbers"].settings == {"rows": 42}


def test_a_document_without_a_name_outlives_the_studio(tmp_path: Path) -> None:
    folders = (tmp_path, tmp_path / "state", tmp_path / "store")
    with serving(*folders) as studio:
        one = studio.open()
        with studio.page(one) as page:
            page.edit("entitle", title="My first")
            page.until("edited")
    with serving(*folders) as studio:
        recent = studio.client.get("/api/start").json()["recent"]
        assert [(r["id"], r["title"], r["path"]) for r in recent] == [(one, "My first", None)]
        assert studio.snapshot(one)["document"]["title"] == "My first"


def test_documents_without_a_name_are_found_even_where_the_list_is_lost(tmp_path: Path) -> None:
    folders = (tmp_path, tmp_path / "state", tmp_path / "store")
    with serving(*folders) as studio:
        one = studio.open()
        studio.snapshot(one)
    (tmp_path / "state" / "documents.json").write_text("{")
    with serving(*folders) as studio:
        assert [r["id"] for r in studio.client.get("/api/start").json()["recent"]] == [one]


def test_saving_under_a_name_brings_along_the_files_it_reads(studio: Studio) -> None:
    one = studio.open()
    answer = studio.client.post(f"/api/documents/{one}/upload", files={"file": ("a b.csv", b"a,b\n1,2\n")})
    path = answer.json()["path"]
    assert path == "files/a b.csv"
    with studio.page(one) as page:
        page.edit("add", id="read", node={"type": "read_csv", "settings": {"path": path}})
        page.until("edited")
        (studio.folder / "sub").mkdir()
        answer = studio.client.post(f"/api/documents/{one}/save-as", json={"path": "sub/mine"})
        assert answer.json()["path"] == str(studio.folder / "sub" / "mine.peep.json")
        assert page.until("saved")["title"]
        page.edit("annotate", node="read", note="still the same document")
        page.until("edited")
        page.until("saved", saved=True, path=str(studio.folder / "sub" / "mine.peep.json"))
    assert (studio.folder / "sub" / "files" / "a b.csv").read_bytes() == b"a,b\n1,2\n"
    assert load(studio.folder / "sub" / "mine.peep.json").nodes["read"].note
    assert studio.get(one, "rows/read/table").status_code == 200
    assert studio.snapshot(one)["path"] == answer.json()["path"]


def test_saving_over_a_file_has_to_be_asked_for(studio: Studio) -> None:
    studio.write("taken.peep.json", chain("numbers"))
    one = studio.open()
    answer = studio.client.post(f"/api/documents/{one}/save-as", json={"path": "taken"})
    assert (answer.status_code, answer.json()["problem"]["what"]) == (409, "There is a file taken.peep.json already.")
    assert load(studio.folder / "taken.peep.json").nodes
    assert (
        studio.client.post(f"/api/documents/{one}/save-as", json={"path": "taken", "replace": True}).status_code == 200
    )
    assert not load(studio.folder / "taken.peep.json").nodes


def test_a_file_gets_another_name(studio: Studio) -> None:
    one = studio.open_file(chain("numbers"))
    with studio.page(one) as page:
        page.say("rename-file", path="better")
        page.until("saved", path=str(studio.folder / "better.peep.json"))
    assert [p.name for p in studio.folder.glob("*.peep.json")] == ["better.peep.json"]


def test_an_export_is_the_file(studio: Studio) -> None:
    one = studio.open_file(chain("numbers", "add"))
    studio.client.post(f"/api/documents/{one}/save-as", json={"path": "saved"})
    answer = studio.get(one, "export.peep.json")
    assert answer.text == (studio.folder / "saved.peep.json").read_text()
    assert "attachment" in answer.headers["content-disposition"]


def test_a_document_without_a_name_can_be_taken_away(studio: Studio) -> None:
    one = studio.open()
    studio.snapshot(one)
    assert studio.client.delete(f"/api/documents/{one}").status_code == 204
    assert studio.client.get(f"/api/documents/{one}").status_code == 404
    path = studio.write("kept.peep.json", chain("numbers"))
    other = studio.open(path=str(path))
    studio.snapshot(other)
    studio.client.delete(f"/api/documents/{other}")
    assert path.exists()


def test_whoever_still_shows_a_document_that_is_taken_away_is_sent_away(studio: Studio) -> None:
    one = studio.open()
    with studio.page(one) as page:
        page.edit("entitle", title="Mine")
        page.until("edited")
        studio.client.delete(f"/api/documents/{one}")
        with pytest.raises(ConnectionClosed):
            page.listen()
    with pytest.raises(InvalidStatus), studio.page(one):
        pass


def test_the_same_file_is_the_same_document(studio: Studio) -> None:
    path = studio.write("flow.peep.json", chain("numbers"))
    assert studio.open(path=str(path)) == studio.open(path="flow.peep.json")


def test_the_library_tells_everything_a_form_needs(studio: Studio) -> None:
    library = studio.client.get("/api/catalog").json()
    nodes = {node["type"]: node for node in library["nodes"]}
    group = nodes["group_by"]
    assert group["inputs"][0]["type"] == "Table"
    assert "x-columnpicker" in json.dumps(group["schema"])
    assert group["drawing"]
    assert nodes["write_csv"]["effect"]
    assert {p["name"] for p in library["port_types"]} >= {"Table", "Model", "Figure"}
    assert {n["family"] for n in library["nodes"]} <= {f["name"] for f in library["families"]}


def test_named_data_sets_are_listed(studio: Studio) -> None:
    found = {one["name"]: one for one in studio.client.get("/api/data-sets").json()}
    assert found["flights"]["licence"]


def test_what_nobody_looks_at_is_put_away_and_comes_back(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine_flows import alive, until

    from peephole.studio import desk

    one = studio.open_file(chain("numbers", "same"))
    with studio.page(one) as page:
        assert page.run() == "done"
        page.edit(**SET, value=5)
        page.until("edited")
        worker = studio.desk._open[one].worker
        assert worker is not None
    monkeypatch.setattr(desk, "IDLE", -1.0)

    def put_away() -> bool:  # the server may take a moment to see that the page is gone
        studio.ask_loop(studio.desk.put_away)
        return one not in studio.desk._open

    assert until(put_away)
    assert until(lambda: not alive(worker))
    assert studio.snapshot(one)["document"]["nodes"]["numbers"]["settings"] == {"rows": 5}


def test_a_file_damaged_while_the_studio_was_away_is_told_and_left_as_it_is(tmp_path: Path) -> None:
    folders = (tmp_path, tmp_path / "state", tmp_path / "store")
    with serving(*folders) as studio:
        one = studio.open_file(chain("numbers"))
        file = studio.folder / "flow.peep.json"
    file.write_text("{", encoding="utf-8")
    with serving(*folders) as studio:
        answer = studio.client.get(f"/api/documents/{one}")
        assert answer.status_code == 400
        problem = answer.json()["problem"]
        assert problem["id"] == "document"
        assert "flow.peep.json is not JSON" in problem["what"]
        assert problem["remedy"]
        with pytest.raises((InvalidStatus, ConnectionClosed)), studio.page(one) as page:
            page.next()
        assert file.read_text(encoding="utf-8") == "{"
