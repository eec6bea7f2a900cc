"""No file outside the folders given at start, whatever a path looks like; uploads stay in their place."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from studio_support import Studio, chain, serving

SECRET = "nobody may see this"

OUTSIDE = ["..", "../", "../../", "/", "/etc", "~", "sub/../..", "./../state/..", "\x00", "link"]


@pytest.fixture
def guarded(studio: Studio) -> Studio:
    """A studio whose folder holds a link out of it; outside lies a secret."""
    outside = studio.folder.parent
    (outside / "secret.peep.json").write_text(
        json.dumps({"format": "peephole-workflow", "version": 1, "title": SECRET})
    )
    (outside / "secret.csv").write_text(f"a\n{SECRET}\n")
    (studio.folder / "link").symlink_to(outside)
    (studio.folder / "link.peep.json").symlink_to(outside / "secret.peep.json")
    (studio.folder / "sub").mkdir()
    return studio


@pytest.mark.parametrize("folder", OUTSIDE)
def test_folders_outside_are_not_listed(guarded: Studio, folder: str) -> None:
    answer = guarded.client.get("/api/files", params={"folder": folder})
    assert answer.status_code == 403
    assert "secret" not in answer.text


def test_what_leads_outside_is_not_shown(guarded: Studio) -> None:
    listing = guarded.client.get("/api/files").json()
    assert (listing["folder"], listing["parent"]) == (str(guarded.folder), None)
    assert [f["name"] for f in listing["folders"]] == ["sub"]
    assert listing["files"] == []
    below = guarded.client.get("/api/files", params={"folder": "sub"}).json()
    assert below["parent"] == str(guarded.folder)


PATHS = [
    "../secret.peep.json",
    "link.peep.json",
    "link/secret.peep.json",
    "/etc/passwd",
    "sub/../../secret.peep.json",
    "~root/x",
    "\x00",
]


@pytest.mark.parametrize("path", PATHS)
def test_files_outside_are_not_opened(guarded: Studio, path: str) -> None:
    answer = guarded.client.post("/api/documents", json={"path": path})
    assert answer.status_code == 403
    assert SECRET not in answer.text


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_saved_outside(guarded: Studio, path: str) -> None:
    one = guarded.open()
    before = sorted(guarded.folder.parent.iterdir())
    assert guarded.client.post(f"/api/documents/{one}/save-as", json={"path": path, "replace": True}).status_code == 403
    with guarded.page(one) as page:
        page.say("rename-file", path=path)
        assert page.until("refused")["problem"]["id"] == "not-allowed"
    assert sorted(guarded.folder.parent.iterdir()) == before
    assert SECRET in (guarded.folder.parent / "secret.peep.json").read_text()


ADDRESSES = [
    "/assets/../../../secret.txt",
    "/assets/..%2f..%2f..%2fsecret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/assets/....//....//secret.txt",
    "/..%2fsecret.txt",
    "/assets//etc/passwd",
    "/assets/%2fetc%2fpasswd",
    "/assets/x%00.js",
    "/d/..%2f..%2fsecret.txt",
    "/api/templates/..%2f..%2fsecret/picture.svg",
    "/api/documents/..%2f..%2fsecret",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_lead_to_no_file_outside(shared: Studio, address: str) -> None:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", shared.config.port, timeout=10)
    connection.request("GET", address, headers=shared.socket_headers())  # httpx would tidy the address up
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    assert answer.status in (400, 404)
    assert SECRET not in body
    assert "root:" not in body


def test_the_page_and_its_parts_are_served(shared: Studio) -> None:
    assert "the page" in shared.client.get("/").text
    assert "the page" in shared.client.get("/d/abc123abc123").text
    script = shared.client.get("/assets/main-abc123.js")
    assert "immutable" in script.headers["cache-control"]
    assert shared.client.get("/api/start").headers["cache-control"] == "no-store"


def test_a_page_that_is_not_built_says_how(tmp_path: Path) -> None:
    with serving(tmp_path, tmp_path / "state", tmp_path / "store", tmp_path / "nothing") as studio:
        answer = studio.client.get("/")
        assert answer.status_code == 503
        assert "make ui" in answer.text


NAMES = {
    "../../evil.csv": "evil.csv",
    "..\\..\\evil.csv": "evil.csv",
    "/etc/cron.d/evil": "evil",
    "C:\\evil.csv": "evil.csv",
    "a<script>.csv": "ascript.csv",
    "weather 2013.csv.gz": "weather 2013.csv.gz",
    "wetter_köln.csv": "wetter_köln.csv",
    "x" * 300 + ".csv": "x" * 120 + ".csv",
}


@pytest.mark.parametrize(("given", "kept"), NAMES.items())
def test_an_upload_lies_in_its_documents_folder_whatever_its_name(studio: Studio, given: str, kept: str) -> None:
    one = studio.open_file(chain("numbers"))
    answer = studio.client.post(f"/api/documents/{one}/upload", files={"file": (given, b"a\n1\n")})
    assert answer.json() == {"path": f"files/{kept}"}
    assert (studio.folder / "files" / kept).read_bytes() == b"a\n1\n"
    assert [p.name for p in (studio.folder / "files").iterdir()] == [kept]


@pytest.mark.parametrize("given", [".bashrc", "..", "../.ssh", "   "])
def test_an_upload_without_a_name_is_refused(studio: Studio, given: str) -> None:
    one = studio.open_file(chain("numbers"))
    answer = studio.client.post(f"/api/documents/{one}/upload", files={"file": (given, b"x")})
    assert answer.status_code in (403, 422)
    assert not list(studio.folder.rglob(".*"))


def test_an_upload_replaces_no_other_file(studio: Studio) -> None:
    one = studio.open_file(chain("numbers"))

    def upload(content: bytes) -> str:
        return str(
            studio.client.post(f"/api/documents/{one}/upload", files={"file": ("a.csv", content)}).json()["path"]
        )

    assert [upload(b"1"), upload(b"2"), upload(b"1")] == ["files/a.csv", "files/a-2.csv", "files/a.csv"]


def test_an_upload_follows_no_link_out_of_the_folders(studio: Studio, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    one = studio.open_file(chain("numbers"))
    (studio.folder / "files").symlink_to(outside)
    answer = studio.client.post(f"/api/documents/{one}/upload", files={"file": ("a.csv", b"a\n1\n")})
    assert answer.status_code == 403
    (studio.folder / "files").unlink()
    (studio.folder / "files").symlink_to(outside / "not-there")
    answer = studio.client.post(f"/api/documents/{one}/upload", files={"file": ("a.csv", b"a\n1\n")})
    assert answer.status_code == 403
    assert list(outside.iterdir()) == []


def test_what_a_saved_workflow_brings_along_follows_no_link_out_of_its_folder(studio: Studio, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (studio.folder / "sub").mkdir()
    (studio.folder / "new").mkdir()
    (studio.folder / "sub" / "a.csv").write_text("a\n1\n")
    (studio.folder / "new" / "sub").symlink_to(outside)
    one = studio.open_file({"nodes": {"read": {"type": "read_csv", "settings": {"path": "sub/a.csv"}}}})
    answer = studio.client.post(f"/api/documents/{one}/save-as", json={"path": "new/flow.peep.json"})
    assert answer.status_code == 200
    assert list(outside.iterdir()) == []


def test_an_upload_that_would_unfold_to_a_mountain_is_kept_folded_and_refused_by_its_reader(studio: Studio) -> None:
    sheet = io.BytesIO()
    with zipfile.ZipFile(sheet, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as bomb:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"):
            with bomb.open(name, "w", force_zip64=True) as part:
                for _ in range(400):
                    part.write(b" " * 2**20)
    assert len(sheet.getvalue()) < 2 * 2**20
    document = {"nodes": {"read": {"type": "read_excel", "settings": {"path": "files/bomb.xlsx"}}}}
    one = studio.open_file(document)
    answer = studio.client.post(f"/api/documents/{one}/upload", files={"file": ("bomb.xlsx", sheet.getvalue())})
    assert answer.status_code == 200
    assert (studio.folder / "files" / "bomb.xlsx").stat().st_size == len(sheet.getvalue())
    refused = studio.get(one, "rows/read/table")
    assert refused.status_code == 400
    assert "unfolds to" in refused.json()["problem"]["what"]


def test_an_upload_has_a_limit(tmp_path: Path) -> None:
    with serving(tmp_path, tmp_path / "state", tmp_path / "store", largest_upload=1_000_000) as studio:
        one = studio.open_file(chain("numbers"))
        address = f"/api/documents/{one}/upload"
        assert studio.client.post(address, files={"file": ("a.csv", os.urandom(900_000))}).status_code == 200
        assert studio.client.post(address, files={"file": ("b.csv", os.urandom(1_100_000))}).status_code == 413
        assert [p.name for p in (tmp_path / "files").iterdir()] == ["a.csv"]


def test_files_are_listed_by_pattern(studio: Studio) -> None:
    for name in ("a.csv", "B.CSV", "c.parquet", ".hidden.csv"):
        (studio.folder / name).write_text("x")
    found = studio.client.get("/api/files", params={"patterns": "*.csv,*.tsv"}).json()
    assert [f["name"] for f in found["files"]] == ["a.csv", "B.CSV"]
    assert found["files"][0]["size"] == 1
