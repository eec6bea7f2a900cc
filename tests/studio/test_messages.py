"""Messages that are none, that are too large, or that come twice."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from studio_support import PATIENCE, Page, Studio
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from peephole.studio import feed
from peephole.studio.socket import MOST_WRONG

ADD = {"op": "add", "id": "n", "node": {"type": "peephole_testnodes/numbers"}}

MALFORMED = {
    "no JSON": "}{",
    "half a message": '{"do": "edit"',
    "no object": "[1, 2]",
    "nothing": "",
    "a number that no JSON has": '{"do": "run", "again": NaN}',
    "no such message": '{"do": "shutdown"}',
    "no op": '{"do": "edit", "client": "a", "base": 0}',
    "no such op": '{"do": "edit", "op": {"op": "format-disk"}, "client": "a", "base": 0}',
    "a field too many": '{"do": "cancel", "at": "once"}',
    "an id with a slash": json.dumps({"do": "edit", "op": ADD | {"id": "../x"}, "client": "a", "base": 0}),
    "a wire that is none": '{"do": "edit", "op": {"op": "connect", "wire": "a to b"}, "client": "a", "base": 0}',
    "infinity": '{"do": "edit", "op": {"op": "set", "node": "n", "setting": "x", "value": 1e999}, "client": "a", "base": 0}',
    "far away": '{"do": "edit", "op": {"op": "move", "layout": {"n": [1e300, 0]}}, "client": "a", "base": 0}',
    "very deep": '{"do": "selection", "node": "n", "client": "a", "value": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "half a letter": '{"do": "edit", "op": {"op": "rename", "node": "\\ud800", "title": ""}, "client": "a", "base": 0}',
}


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_no_message_is_refused_and_changes_nothing(shared: Studio, text: str) -> None:
    one = shared.open()
    with shared.page(one) as page:
        page.socket.send(text)
        refused = page.until("refused")
        assert refused["problem"]["what"]
        assert refused["revision"] == 0
        works_still(page)
    assert list(shared.snapshot(one)["document"]["nodes"]) == ["n"]


def test_bytes_that_are_no_text_are_refused(shared: Studio) -> None:
    with shared.page(shared.open()) as page:
        page.socket.send(b"\xff\xfe\x00")
        page.until("refused")
        works_still(page)


def test_a_refusal_names_the_edit_so_that_the_page_can_take_it_back(shared: Studio) -> None:
    with shared.page(shared.open()) as page:
        page.say("edit", op={"op": "nonsense"}, client="mine", base=0)
        assert page.until("refused")["client"] == "mine"
        page.edit("remove", ids=["nobody"], client="other")
        refused = page.until("refused")
        assert (refused["client"], refused["problem"]["id"]) == ("other", "edit")


def test_whoever_sends_no_messages_of_ours_is_sent_away(shared: Studio) -> None:
    with shared.page(shared.open()) as page:
        for _ in range(MOST_WRONG):
            page.socket.send("x")
        with pytest.raises(ConnectionClosed):
            page.listen()


def test_a_message_that_is_too_large_ends_the_connection_only(shared: Studio) -> None:
    one = shared.open()
    with shared.page(one) as page:
        page.edit(**ADD)
        page.until("edited")
        with suppress(ConnectionClosed):
            page.say("selection", node="n", client="a", value="x" * (shared.config.largest_message + 1))
        with pytest.raises(ConnectionClosed):
            page.listen()
    assert shared.snapshot(one)["revision"] == 1


def test_a_flood_of_messages_holds_up_nobody_else(studio: Studio) -> None:
    one, other = studio.open(), studio.open()
    with studio.page(one) as flooding, studio.page(other) as page:
        for k in range(3000):
            flooding.say("look", at={"node": f"n{k}", "port": "p"})
            flooding.say("edit", op={"op": "entitle", "title": f"t{k}"}, client=f"c{k}", base=0)
        page.edit(**ADD)
        page.until("edited")
        assert studio.snapshot(other)["revision"] == 1
        assert flooding.until("edited", revision=3000)["op"]["title"] == "t2999"
    assert studio.snapshot(one)["document"]["title"] == "t2999"


def test_a_page_that_does_not_listen_is_sent_away_and_fetches_what_it_missed(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed, "MOST_WAITING", 50)
    one = studio.open()
    url = f"ws://127.0.0.1:{studio.config.port}/api/documents/{one}/socket"
    with (
        connect(url, additional_headers=studio.socket_headers(), max_queue=1) as deaf,
        studio.page(one) as page,
    ):
        seen = json.loads(deaf.recv())["seq"]
        for k in range(300):  # more than the lines between hold
            page.edit("entitle", description=f"{k} " + "x" * 90_000)
            page.until("edited", revision=k + 1)
        with pytest.raises(ConnectionClosed) as closed:
            all(deaf.recv(timeout=PATIENCE) for _ in range(1000))
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
        page.edit("entitle", description="still here")
        page.until("edited", revision=301)
    monkeypatch.setattr(
        feed, "MOST_WAITING", 10_000
    )  # what comes while 27 MB are fetched anew is more than 50 messages on a busy machine
    with studio.page(one, after=seen) as back:
        assert back.until("edited", revision=301)["op"]["description"] == "still here"


def test_an_edit_sent_again_after_a_lost_connection_is_applied_once_and_answered_again(shared: Studio) -> None:
    one = shared.open()
    with shared.page(one) as page:
        page.edit(**ADD, client="once")
        page.until("edited")
    with shared.page(one) as page:
        page.edit(**ADD, client="once")
        assert page.until("repeated")["client"] == "once"
        page.edit("rename", node="n", title="A", client="next")
        assert page.until("edited")["client"] == "next"
        assert [told["is"] for told in page.told].count("repeated") == 1
    assert shared.snapshot(one)["revision"] == 2


def test_a_page_that_knows_another_document_is_refused(shared: Studio) -> None:
    with shared.page(shared.open()) as page:
        page.edit(**ADD, base=7)
        assert page.until("refused")["revision"] == 0


@pytest.mark.parametrize("do", ["undo", "redo"])
def test_nothing_to_undo_is_told(shared: Studio, do: str) -> None:
    with shared.page(shared.open()) as page:
        page.say(do, client="a")
        assert page.until("refused")["problem"]["what"] == f"There is nothing to {do}."


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("/api/documents", '{"template": 3}'),
        ("/api/documents", '{"path": "a", "x": 1}'),
        ("/api/documents", "[]"),
        ("/api/documents", "{"),
    ],
)
def test_what_is_posted_is_validated(shared: Studio, address: str, body: str) -> None:
    answer = shared.client.post(address, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["problem"]["id"] == "request"


def test_what_is_posted_has_a_limit(shared: Studio) -> None:
    too_much = b'{"path": "' + b"x" * shared.config.largest_body + b'"}'
    assert shared.client.post("/api/documents", content=too_much).status_code == 413
    chunks = (too_much[i : i + 65536] for i in range(0, len(too_much), 65536))  # no length is told
    assert shared.client.post("/api/documents", content=chunks).status_code in (400, 413)


@pytest.mark.parametrize(
    "address", ["/api/nothing", "/api/documents/aaaaaaaaaaaa", "/api/documents/aaaaaaaaaaaa/rows/n/table"]
)
def test_what_is_not_there_is_told_in_the_same_words(shared: Studio, address: str) -> None:
    answer = shared.client.get(address)
    assert answer.status_code == 404
    assert answer.json()["problem"]["what"]


@pytest.mark.parametrize("query", [{"offset": -1}, {"limit": 10_001}, {"offset": "x"}])
def test_questions_about_rows_are_validated(shared: Studio, query: dict[str, str]) -> None:
    assert shared.get(shared.open(), "rows/n/table", **query).status_code == 422


def works_still(page: Page) -> None:
    """The page's connection goes on."""
    page.edit(**ADD)
    page.until("edited")
