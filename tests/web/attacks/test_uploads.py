"""Files that mean harm: what they are is found in them, what they are called is cleaned, how long they are is bounded."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from sqlalchemy import select

from grantflow.store.files import StoredFile
from tests import cast
from tests.web.applications.conftest import Desk, hidden
from tests.web.browsing import Reader

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
NAMES = (
    "../../etc/passwd",
    "..\\..\\boot.ini",
    "a/b/c.pdf",
    'x"; filename="evil.html',
    "plan.html",
    "plan.pdf.exe",
    "a\r\nSet-Cookie: x=1.pdf",
    "\u202efdp.exe",
    "ž" * 5000 + ".pdf",
    "a\x00b.pdf",
    "\u2066\u202egpj.pdf",
    "<script>alert(1)</script>.pdf",
    ".",
    "..",
    "CON",
    "%0d%0aX: y.pdf",
    "\\",
    "日本語.pdf",
)


class Endless(BytesIO):
    """A body that says it is two gigabytes long and fails whoever reads more than a little of it."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0

    def read(self, size: int | None = -1) -> bytes:
        self.taken += 1_000_000 if size is None or size < 0 else size
        assert self.taken < 64_000, "it was read"
        return b"x" * (size if size and size > 0 else 1_000_000)


def files_of(desk: Desk) -> list[Any]:
    with desk.fund.reading() as tx:
        return list(tx.execute(select(StoredFile.id, StoredFile.name, StoredFile.media_type)))


def place_for_files(reader: Reader, ref: str) -> tuple[str, str, str]:
    """Return the section, its address and the field of the first place where files are handed in."""
    for section in re.findall(
        rf"/applications/{ref}/form/(\w+)", reader.text(f"/applications/{ref}/form/project")
    ):
        page = reader.text(f"/applications/{ref}/form/{section}")
        found = re.search(
            r'<input[^>]*type="file"[^>]*name="(\w+)"|<input[^>]*name="(\w+)"[^>]*type="file"', page
        )
        if found:
            return section, hidden(page, "seen"), str(found[1] or found[2])
    raise AssertionError("the form takes no files")


def bad_contents() -> Iterator[tuple[str, bytes]]:
    svg = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
    yield from {
        "html.pdf": b"<html><script>alert(1)</script></html>",
        "svg.png": svg,
        "svg.svg": svg,
        "xml.docx": b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x>&a;</x>",
        "empty.pdf": b"",
        "cut.pdf": b"%PDF-1.7\n",
        "exe.pdf": b"MZ\x90\x00" + b"\0" * 200,
        "png.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 10,
        "jpg.jpg": b"\xff\xd8\xff\xe0",
        "zip.docx": b"PK\x03\x04" + b"\xff" * 200,
    }.items()
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml", "application/vnd.openxmlformats-officedocument.wordprocessingml"
        )
        archive.writestr("word/document.xml", b"\0" * 30_000_000)
    yield "bomb.docx", bomb.getvalue()


def test_nothing_but_documents_is_kept_and_the_words_beside_it_are(desk: Desk, begun: str):
    leif = desk.reader(cast.LEIF)
    section, seen, field = place_for_files(leif, begun)
    for name, content in bad_contents():
        form = {"seen": seen, field: (BytesIO(content), name)}
        answer = leif.post(f"/applications/{begun}/files/{section}", form)
        assert answer.status_code == 422, name
        assert "<script>alert" not in answer.text
        seen = hidden(leif.text(f"/applications/{begun}/form/{section}"), "seen")
    assert files_of(desk) == []


def test_no_name_of_a_file_reaches_a_disk_or_a_head_of_an_answer(desk: Desk, begun: str):
    leif = desk.reader(cast.LEIF)
    for number, name in enumerate(NAMES):
        section, seen, field = place_for_files(leif, begun)
        form = {"seen": seen, field: (BytesIO(PDF + str(number).encode() + b"%%EOF"), name)}
        assert (
            leif.post(f"/applications/{begun}/files/{section}", {**form, "then": "stay"}).status_code == 303
        ), name
        for file in files_of(desk):
            answer = leif.get(f"/files/{file.id}")
            assert answer.status_code == 200
            assert answer.headers["Content-Type"] == "application/pdf"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            disposition = answer.headers["Content-Disposition"]
            assert disposition.startswith("attachment; filename=")
            assert disposition.count('"') == 2
            assert disposition.isascii()
            assert disposition.isprintable()
            assert file.name.endswith(".pdf")
            assert "Set-Cookie: x" not in str(answer.headers)
            for other in (desk.reader(), desk.reader(cast.HANNA), desk.reader(cast.BENGT)):
                assert other.get(f"/files/{file.id}").status_code in (303, 404)
                assert other.get(f"/letters/{file.id}.pdf").status_code in (303, 404)
            assert "<script>alert" not in leif.text(f"/applications/{begun}/form/{section}")
            leif.post(
                f"/applications/{begun}/form/{section}",
                {
                    "seen": hidden(leif.text(f"/applications/{begun}/form/{section}"), "seen"),
                    "then": f"remove.{field}.{file.id}",
                },
            )
        assert files_of(desk) == []


def test_two_gigabytes_are_refused_before_they_are_read(desk: Desk, begun: str):
    section = place_for_files(desk.reader(cast.LEIF), begun)[0]
    for reader in (desk.reader(cast.LEIF), desk.reader()):
        for address in (
            *("/sign-in", "/account", "/language", "/register"),
            *(f"/applications/{begun}/{each}/{section}" for each in ("form", "files")),
            f"/applications/{begun}/save",
        ):
            for kind in (
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain",
            ):
                body = Endless()
                answer = reader.client.open(
                    address,
                    method="POST",
                    input_stream=body,
                    content_type=kind,
                    environ_overrides={"CONTENT_LENGTH": str(2 * 1024**3)},
                )
                assert answer.status_code in (303, 400, 413), (address, kind)


def test_what_a_stranger_sends_to_a_page_of_others_is_not_read(desk: Desk, begun: str):
    section = place_for_files(desk.reader(cast.LEIF), begun)[0]
    answer = desk.reader().client.open(
        f"/applications/{begun}/files/{section}",
        method="POST",
        input_stream=Endless(),
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(15 * 1024**2)},
    )
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")
