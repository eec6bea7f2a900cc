"""Files from a web server on loopback: kinds, sizes, what has not changed, and everything that may go wrong."""

from __future__ import annotations

import gzip
import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from peephole.core.errors import SettingError, SourceError
from peephole.core.node import arguments
from peephole.core.sources import Asked, asking
from peephole.data.download import cached
from peephole.nodes.io.url import read_url


class Web:
    """Serves `pages`: path -> (content type, bytes, more headers).  asked: the requests, with their conditions."""

    def __init__(self):
        self.pages, self.asked = {}, []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                web.asked.append((self.path, self.headers.get("If-None-Match")))
                web.answer(self)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # who hangs up in the middle is meant to
        self.root = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def answer(self, request):
        page = self.pages.get(request.path.partition("?")[0])
        if page is None:
            request.send_error(404)
            return
        kind, data, headers = page
        if "Location" in headers:
            request.send_response(302)
        elif headers.get("ETag") and headers["ETag"] == request.headers.get("If-None-Match"):
            request.send_response(304)
            request.end_headers()
            return
        else:
            request.send_response(200)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(data)), **headers}.items():
            if value is not None:
                request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def web(monkeypatch, tmp_path):
    monkeypatch.setenv("PEEPHOLE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    found = Web()
    yield found
    found.close()


@pytest.fixture
def fetch(web, session):
    def fetch(path, **settings):
        url = path if "://" in path else web.root + path
        frame = read_url.spec.function(**arguments(read_url.spec.validate({"url": url, **settings})))
        return session.first_rows(frame, 1000).to_pylist()

    return fetch


def excel():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["a"])
    book.active.append([1])
    book.save(out)
    return out.getvalue()


def parquet():
    out = io.BytesIO()
    pq.write_table(pa.table({"a": [1]}), out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("path", "kind", "data", "settings"),
    [
        ("/t.csv", "text/csv", b"a\n1\n", {}),
        ("/t", "text/csv; charset=utf-8", b"a;b\n1;2\n", {}),
        ("/t.csv?key=1", "application/octet-stream", b"a|b\n1|2\n", {"delimiter": "|"}),
        # the time in it would be part of the test's name
        ("/t.csv.gz", "application/gzip", gzip.compress(b"a\n1\n", mtime=0), {}),
        ("/api/rows", "application/json", b'[{"a": 1}]', {}),
        ("/t.jsonl", "text/plain", b'{"a": 1}\n', {}),
        ("/t.parquet", "application/octet-stream", parquet(), {}),
        ("/t.xlsx", "application/octet-stream", excel(), {}),
        ("/download", "application/octet-stream", b"a\n1\n", {"format": "csv"}),
    ],
)
def test_kinds_of_files(web, fetch, path, kind, data, settings):
    web.pages[path.partition("?")[0]] = (kind, data, {})
    assert fetch(path, **settings)[0]["a"] == 1


def test_what_has_not_changed_is_not_sent_again(web, fetch):
    web.pages["/t.csv"] = ("text/csv", b"a\n1\n", {"ETag": '"one"'})
    assert fetch("/t.csv") == fetch("/t.csv") == [{"a": 1}]
    assert web.asked == [("/t.csv", None), ("/t.csv", '"one"')]
    web.pages["/t.csv"] = ("text/csv", b"a\n2\n", {"ETag": '"two"'})
    assert fetch("/t.csv") == [{"a": 2}]


def test_what_was_fetched_last_is_there_while_it_is_fetched_anew(web, fetch, monkeypatch):
    web.pages["/t.csv"] = ("text/csv", b"a\n1\n", {})
    fetch("/t.csv")
    write, seen = Path.write_text, []

    def half_way(self, *what, **how):
        self.write_bytes(b"")
        seen.append(cached(f"{web.root}/t.csv"))
        return write(self, *what, **how)

    monkeypatch.setattr(Path, "write_text", half_way)
    fetch("/t.csv")
    assert [path.name for path in seen] == ["t.csv"]


def test_only_the_columns_are_looked_up_in_what_was_fetched_last(web, fetch, session):
    web.pages["/t.csv"] = ("text/csv", b"a\n1\n", {})
    given = arguments(read_url.spec.validate({"url": f"{web.root}/t.csv"}))
    with asking(Asked(only_columns=True)):
        assert read_url.spec.function(**given) is None
        assert web.asked == []
    fetch("/t.csv")
    with asking(Asked(only_columns=True)):
        assert read_url.spec.function(**given).collect_schema().names() == ["a", "__row__"]
    assert len(web.asked) == 1


@pytest.mark.parametrize("told", [True, False])
def test_a_file_that_is_too_large(web, fetch, tmp_path, told):
    web.pages["/t.csv"] = ("text/csv", b"a\n" + b"1\n" * 600_000, {} if told else {"Content-Length": None})
    with pytest.raises(SourceError, match=r"t.csv is larger than 1 MB. Raise `largest`") as caught:
        fetch("/t.csv", largest=1)
    assert caught.value.setting == "largest"
    assert not [p for p in (tmp_path / "cache").rglob("*") if p.is_file()]


def test_a_server_that_breaks_off(web, fetch, tmp_path):
    web.pages["/t.csv"] = ("text/csv", b"a\n1\n", {"Content-Length": "1000"})
    with pytest.raises(SourceError, match=r"broke off after 4 of 1,000 bytes|cannot be fetched"):
        fetch("/t.csv")
    assert not [p for p in (tmp_path / "cache").rglob("*") if p.is_file()]


def test_a_page_instead_of_a_table(web, fetch):
    web.pages["/t.csv"] = ("text/html", b"<html>Please log in</html>", {})
    with pytest.raises(SourceError, match=r"gives a web page, not a table"):
        fetch("/t.csv")


def test_no_such_page(fetch):
    with pytest.raises(SourceError, match=r"/nothing.csv cannot be fetched: the server answers 404 Not Found"):
        fetch("/nothing.csv?token=secret")


def test_offline(web, fetch):
    with pytest.raises(SourceError, match=r'cannot be fetched: .*Is there a connection\?.*"by hand"') as caught:
        fetch("http://127.0.0.1:1/t.csv?token=secret")
    assert "secret" not in str(caught.value)
    with pytest.raises(SourceError, match=r"cannot be fetched: .*Is there a connection"):
        fetch("https://example.invalid/t.csv")


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "t.csv", "http://", "http://[::1"])
def test_what_is_no_address_of_the_web(fetch, url):
    given = arguments(read_url.spec.validate({"url": url}))
    with pytest.raises(SettingError, match="no address of the web"):
        read_url.spec.function(**given)


def test_a_server_cannot_send_us_to_a_file(web, fetch):
    web.pages["/t.csv"] = ("text/csv", b"", {"Location": "file:///etc/passwd"})
    with pytest.raises(SourceError, match="cannot be fetched"):
        fetch("/t.csv")
    web.pages["/moved.csv"] = ("text/csv", b"", {"Location": "/here.csv"})
    web.pages["/here.csv"] = ("text/csv", b"a\n1\n", {})
    assert fetch("/moved.csv") == [{"a": 1}]


def test_a_password_in_an_address_is_refused_and_not_shown(fetch):
    given = arguments(read_url.spec.validate({"url": "https://me:hunter2@example.org/t.csv"}))
    with pytest.raises(SettingError, match="holds a password") as caught:
        read_url.spec.function(**given)
    assert "hunter2" not in str(caught.value)
