"""The door: who may come in, from where, with how much, and what the browser may do with our pages.

- Host must be this machine's: a page elsewhere whose name was turned to 127.0.0.1 (DNS rebinding) is refused.
- A cookie, set by the address with the token, must come with everything; SameSite=Strict keeps other sites from using it.
- Origin must be our own on websockets and on whatever changes something.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from peephole.engine.events import Problem
from peephole.studio.config import Config
from peephole.studio.problems import TooLargeError, failure

TICKET_LASTS = 60.0  # seconds
_SAFE = ("GET", "HEAD", "OPTIONS")
_STRANGER = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Peephole</title>
<h1>Please use the address that the studio printed</h1>
<p>It stands in the terminal where <code>peephole studio</code> runs, and ends in a token that lets you in.</p></html>"""

_ON = """<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=PAGE">
<title>Peephole</title><a href="PAGE">Go on to the studio</a></html>"""


class Guard:
    """ASGI middleware around everything."""

    def __init__(self, app: ASGIApp, config: Config) -> None:
        self._app = app
        self._config = config
        self._tickets: dict[str, float] = {}

    def ticket(self) -> str:
        """A token for one entry within a minute: for the browser's command line, which others on this machine can read."""
        ticket = secrets.token_urlsafe(32)
        self._tickets[ticket] = time.monotonic() + TICKET_LASTS
        return ticket

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if scope["type"] == "websocket":
            if refusal is None:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008, "reason": "refused"})
            return
        guarded_send = self._with_headers(scope, send)
        if refusal is not None:
            await refusal(scope, receive, guarded_send)
        else:
            await self._app(scope, self._limited(scope, receive), guarded_send)

    # -- who may come in -----------------------------------------------------------------------------------------------

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if host.lower() not in self._config.hosts:
            return _refused("This name does not lead to the studio.", "Use the address that the studio printed.")
        changes = scope["type"] == "websocket" or scope["method"] not in _SAFE
        origin = headers.get("origin")
        if (changes or origin is not None) and origin != f"http://{host}":
            return _refused("This request comes from another site.", "Use the studio's own page.")
        ours = headers.get("sec-fetch-site", "none") in ("same-origin", "none")
        if ours and self._knows(headers.getlist("cookie")):
            return self._too_large(scope, headers)
        return self._stranger(scope, linked=not ours)

    def _stranger(self, scope: Scope, *, linked: bool) -> Response:
        """linked: from a page elsewhere; the browser will then show no cookie before our own page leads on."""
        token = _query(scope, "token")
        at_door = scope["type"] == "http" and scope["method"] == "GET" and scope["path"] == "/"
        if at_door and (_same(token, self._config.token) or self._tickets.pop(token, 0.0) > time.monotonic()):
            return self._welcome(_next(scope), linked=linked)
        if scope["type"] == "http" and not scope["path"].startswith("/api/"):
            return HTMLResponse(_STRANGER, status_code=401)
        return _refused("You are not let in yet.", "Open the address that the studio printed.", 401)

    def _welcome(self, page: str, *, linked: bool) -> Response:
        answer: Response = (
            HTMLResponse(_ON.replace("PAGE", page)) if linked else RedirectResponse(page, status_code=303)
        )
        answer.set_cookie(self._config.cookie, self._config.token, httponly=True, samesite="strict", path="/")
        return answer

    def _knows(self, cookies: Iterable[str]) -> bool:
        for text in cookies:
            jar = SimpleCookie()
            try:
                jar.load(text)
            except CookieError:
                continue
            shown = jar.get(self._config.cookie)
            if shown is not None and _same(shown.value, self._config.token):
                return True
        return False

    # -- with how much ---------------------------------------------------------------------------------------------------

    def _largest(self, scope: Scope) -> int:
        upload = scope["path"].endswith("/upload")
        return self._config.largest_upload if upload else self._config.largest_body

    def _too_large(self, scope: Scope, headers: Headers) -> Response | None:
        length = headers.get("content-length", "0")
        if scope["type"] == "http" and (
            not length.isascii() or not length.isdigit() or _over(length, self._largest(scope))
        ):
            return failure(_too_much(self._largest(scope)), 413)
        return None

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """The body, cut off with an error where it is longer than it may be, whatever its header said."""
        largest, got = self._largest(scope), 0

        async def limited() -> Message:
            nonlocal got
            message = await receive()
            got += len(message.get("body", b""))
            if got > largest:
                problem = _too_much(largest)
                raise TooLargeError(problem.what, remedy=problem.remedy)
            return message

        return limited

    # -- what the browser may do -----------------------------------------------------------------------------------------

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        host = Headers(scope=scope).get("host", "").lower()
        fixed = _headers(host if host in self._config.hosts else "")

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in fixed.items():
                    headers[name] = value
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        return told


def _same(shown: str, token: str) -> bool:
    return hmac.compare_digest(shown.encode(errors="surrogatepass"), token.encode())


def _next(scope: Scope) -> str:
    """The page to go on to: a document's, if the address names one."""
    wanted = _query(scope, "next")
    return wanted if re.fullmatch("/d/[a-z0-9]{12}", wanted) else "/"


def _query(scope: Scope, name: str) -> str:
    text: str = scope.get("query_string", b"").decode("latin-1")
    return parse_qs(text).get(name, [""])[0]


def _over(length: str, largest: int) -> bool:
    return len(length) > 18 or int(length) > largest


def _too_much(largest: int) -> Problem:
    what = f"That is more than the studio takes at once ({largest // 2**20} MB)."
    return Problem(id="too-large", what=what, remedy="Put large files into one of the studio's folders yourself.")


def _refused(what: str, remedy: str, status: int = 403) -> Response:
    return failure(Problem(id="refused", what=what, remedy=remedy), status)


def _headers(host: str) -> dict[str, str]:
    policy = {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",  # React Flow and ECharts place things with style attributes
        "img-src": "'self' data: blob:",
        "connect-src": f"'self' ws://{host}" if host else "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    }
