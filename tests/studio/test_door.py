"""Who may come in: each attack is tried."""

from __future__ import annotations

import http.client

import pytest
from studio_support import Studio
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

ADDRESSES = ["/", "/d/aaaaaaaaaaaa", "/assets/main-abc123.js", "/api/start", "/api/catalog", "/api/files"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_served_without_the_cookie(shared: Studio, address: str) -> None:
    with shared.stranger() as stranger:
        answer = stranger.get(address)
    assert answer.status_code == 401
    assert "the page" not in answer.text
    assert "the script" not in answer.text


def test_a_wrong_token_or_cookie_lets_nobody_in(shared: Studio) -> None:
    with shared.stranger() as stranger:
        for wrong in ("", "x", shared.config.token[:-1], shared.config.token + "x", "ä"):
            assert stranger.get("/", params={"token": wrong}).status_code == 401
        stranger.cookies.set(shared.config.cookie, "guess")
        assert stranger.get("/api/start").status_code == 401


def test_the_token_opens_only_the_front_door(shared: Studio) -> None:
    with shared.stranger() as stranger:
        assert stranger.get("/api/start", params={"token": shared.config.token}).status_code == 401
        assert stranger.get("/api/start", headers={"Authorization": shared.config.token}).status_code == 401


def test_the_address_with_the_token_lets_a_browser_in(shared: Studio) -> None:
    with shared.stranger() as browser:
        answer = browser.get("/", params={"token": shared.config.token})
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith(f"peephole-{shared.config.port}=")
        assert "HttpOnly" in cookie
        assert "samesite=strict" in cookie.lower()
        assert "the page" in browser.get("/").text
        assert browser.get("/api/start").status_code == 200


def test_a_link_elsewhere_leads_in_by_a_step_of_our_own(shared: Studio) -> None:
    """A browser that comes from another site shows no strict cookie after a redirect, but after our own page's step."""
    with shared.stranger(**{"Sec-Fetch-Site": "cross-site"}) as browser:
        answer = browser.get("/", params={"token": shared.config.token})
    assert answer.status_code == 200
    assert 'content="0;url=/"' in answer.text
    assert "set-cookie" in answer.headers


@pytest.mark.parametrize(
    "next_page", ["https://evil.example", "//evil.example", "/d/../x", "javascript:alert(1)", '"><x>']
)
def test_the_front_door_leads_nowhere_else(shared: Studio, next_page: str) -> None:
    with shared.stranger() as browser:
        answer = browser.get("/", params={"token": shared.config.token, "next": next_page})
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}"]
)
def test_a_name_turned_to_this_machine_is_refused(shared: Studio, host: str) -> None:
    """DNS rebinding: the browser believes that the studio is the attacker's site, and sends its requests."""
    name = host.format(port=shared.config.port)
    answer = shared.client.get("/api/start", headers={"Host": name, "Origin": f"http://{name}"})
    assert answer.status_code == 403
    assert answer.json()["problem"]["what"] == "This name does not lead to the studio."


def test_the_other_names_of_this_machine_are_ours(shared: Studio) -> None:
    name = f"localhost:{shared.config.port}"
    assert shared.client.get("/api/start", headers={"Host": name, "Origin": f"http://{name}"}).status_code == 200


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://127.0.0.1", "http://localhost:1", "http://127.0.0.1.evil.example"],
)
def test_another_site_changes_nothing(shared: Studio, origin: str) -> None:
    """Even with the cookie, which a page on another port of this machine would send along."""
    before = len(shared.client.get("/api/start").json()["recent"])
    answer = shared.client.post("/api/documents", json={}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert len(shared.client.get("/api/start").json()["recent"]) == before
    assert shared.client.get("/api/start", headers={"Origin": origin}).status_code == 403


def test_what_changes_something_needs_an_origin(shared: Studio) -> None:
    client = shared.stranger()
    client.cookies.set(shared.config.cookie, shared.config.token)
    with client:
        assert client.post("/api/documents", json={}).status_code == 403
        assert client.get("/api/start").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_elsewhere_cannot_use_our_addresses(shared: Studio, site: str) -> None:
    assert shared.client.get("/api/start", headers={"Sec-Fetch-Site": site}).status_code == 401


@pytest.mark.parametrize(
    "changed",
    [{"Cookie": ""}, {"Origin": "https://evil.example"}, {"Origin": ""}, {"Host": "evil.example"}],
    ids=["no cookie", "another site", "no origin", "another name"],
)
def test_the_websocket_has_the_same_door(shared: Studio, changed: dict[str, str]) -> None:
    one = shared.open()
    path = f"/api/documents/{one}/socket"
    headers = {
        "Host": f"127.0.0.1:{shared.config.port}",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version": "13",
        **shared.socket_headers(),
    }

    def status(sent: dict[str, str]) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", shared.config.port, timeout=10)
        connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        for name, value in sent.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders()
        try:
            return connection.getresponse().status
        finally:
            connection.close()

    assert status(headers) == 101
    assert status(headers | changed) == 403


def test_the_websocket_of_no_document_is_refused(shared: Studio) -> None:
    url = f"ws://127.0.0.1:{shared.config.port}/api/documents/aaaaaaaaaaaa/socket"
    with pytest.raises((InvalidStatus, ConnectionClosed)):
        connect(url, additional_headers=shared.socket_headers())


def test_every_answer_tells_the_browser_what_it_may_do(shared: Studio) -> None:
    for answer in (
        shared.client.get("/"),
        shared.client.get("/api/start"),
        shared.client.get("/nowhere"),
    ):
        policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'self'"
        assert policy["script-src"] == "'self'"
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
        assert "unsafe-eval" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers


def test_there_are_no_pages_that_load_scripts_from_elsewhere(shared: Studio) -> None:
    for address in ("/docs", "/redoc", "/openapi.json"):
        assert shared.client.get(address).status_code == 404


def test_even_our_own_mistakes_are_told_with_the_same_headers(shared: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    from peephole.studio.folders import Folders

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Folders, "list", broken)
    answer = shared.client.get("/api/files")
    assert answer.status_code == 500
    assert answer.json()["problem"]["id"] == "mistake"
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_a_ticket_lets_in_once_and_not_for_long(shared: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    from peephole.studio import guard

    def enter(ticket: str) -> int:
        with shared.stranger() as browser:
            return browser.get("/", params={"token": ticket}).status_code

    ticket = shared.door.ticket()
    assert ticket != shared.config.token
    assert [enter(ticket), enter(ticket)] == [303, 401]
    monkeypatch.setattr(guard, "TICKET_LASTS", -1.0)
    assert enter(shared.door.ticket()) == 401
