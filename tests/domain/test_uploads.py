"""What a file is, whatever it calls itself; and what is not taken."""

from __future__ import annotations

import tracemalloc
import zipfile
import zlib
from contextlib import suppress
from copy import copy
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grantflow.domain.refusal import Refused
from grantflow.domain.uploads import KINDS, LARGEST, clean_name, read_upload
from tests.factories.papers import PDF, docx, jpeg, odt, packed, png, xlsx

FILES = {"pdf": PDF, "png": png(), "jpg": jpeg(), "docx": docx(), "xlsx": xlsx(), "odt": odt()}


@pytest.mark.parametrize("kind", FILES)
def test_a_file_is_what_its_content_says_whatever_its_name(kind: str):
    kept = read_upload("C:\\fakepath\\letter.exe", FILES[kind])
    assert (kept.media_type, kept.name) == (KINDS[kind], f"letter.{kind}")


def test_the_usual_other_ending_of_a_kind_stays():
    assert read_upload("Photo.JPEG", jpeg()).name == "Photo.JPEG"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"MZ\x90\x00 a program", "file_kind"),
        (b"<html><script>alert(1)</script>", "file_kind"),
        (b"%PDF-1.7 cut off", "file_kind"),
        (b"\x89PNG\r\n\x1a\n cut off", "file_kind"),
        (b"\xff\xd8\xff\xe0 cut off", "file_kind"),
        (b"PK\x03\x04 no archive", "file_kind"),
        (packed({"a.txt": "just an archive"}), "file_kind"),
        (docx(**{"word/vbaProject.bin": b"a program"}), "file_kind"),
        (packed({"mimetype": "application/zip"}), "file_kind"),
        (PDF + b" " * LARGEST, "file_too_large"),
        (png(40_000, 40_000), "picture_too_large"),
        (jpeg(60_000, 60_000), "picture_too_large"),
        (docx(**{"word/media/a.bin": b"\0" * 30_000_000}), "file_bursts"),
        (docx(**{f"word/{number}": b"" for number in range(2_001)}), "file_bursts"),
    ],
)
def test_what_is_not_taken(content: bytes, code: str):
    with pytest.raises(Refused) as refused:
        read_upload("letter.pdf", content)
    assert [refusal.code for refusal in refused.value.refusals] == [code]
    assert "letter.pdf" in refused.value.refusals[0].sentence


def lying(content: bytes, size: int) -> bytes:
    """Return a document whose last part says of itself that it is of another size."""
    told = bytearray(content)
    at = told.rindex(b"PK\x01\x02")
    told[at + 24 : at + 28] = size.to_bytes(4, "little")
    return bytes(told)


def overlapping(times: int) -> bytes:
    """Return a document in whose list one part stands many times, each time under a name of its own."""
    inner = b"\0" * 900_000
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", KINDS["docx"])
        archive.writestr("word/document.xml", inner)
        first = archive.infolist()[-1]
        for number in range(times):
            again = copy(first)
            again.filename = f"word/{number}.xml"
            archive.filelist.append(again)
            archive.NameToInfo[again.filename] = again
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (lying(docx(**{"word/a.xml": b"words" * 99}), 2**31 - 1), "file_bursts"),
        (lying(docx(**{"word/a.xml": b"words" * 99}), 1), "file_kind"),
        (lying(xlsx(), 2**32 - 2), "file_bursts"),
        (overlapping(1500), "file_bursts"),
        (docx(**{"word/embeddings/a.docx": docx(**{"word/a.bin": b"\0" * 9_000_000}) * 200}), "file_bursts"),
    ],
    ids=["boasts", "is modest", "boasts in a table", "overlaps", "in one another"],
)
def test_a_document_that_lies_about_its_parts_bursts_nobody(content: bytes, code: str):
    tracemalloc.start()
    with pytest.raises(Refused) as refused:
        read_upload("plan.docx", content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [refusal.code for refusal in refused.value.refusals] == [code]
    assert most < 20_000_000


def test_what_is_packed_inside_a_pdf_is_never_unpacked():
    stream = zlib.compress(b"\0" * 50_000_000, 9)
    content = b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n" + stream + b"\nendstream endobj\n%%EOF\n"
    tracemalloc.start()
    assert read_upload("plan.pdf", content).content == content
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1_000_000


def test_a_locked_document_is_refused_by_name():
    content = bytearray(odt())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(mark, at + 1)) >= 0:
            content[at + flags] |= 1
    with pytest.raises(Refused) as refused:
        read_upload("plan.odt", bytes(content))
    assert refused.value.refusals[0].code == "file_locked"


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\leif\\plan.pdf", "plan.pdf"),
        ("  år 1:\tplan?.pdf ", "år 1 plan.pdf"),
        ("gpj.\u202efdp.exe", "gpj.fdp.exe"),
        (".htaccess", "htaccess"),
        ("", "file"),
        ("\x00\n", "file"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_names_are_cleaned(name: str, clean: str):
    assert clean_name(name) == clean


@given(st.text(max_size=200))
def test_no_name_whatever_leaves_its_place(name: str):
    clean = clean_name(name)
    assert clean
    assert len(clean) <= 100
    assert not set(clean) & set('/\\<>:"|?*\n\r\0')
    assert not clean.startswith(".")


@given(st.sampled_from(sorted(FILES)), st.binary(max_size=64), st.integers(0, 200))
def test_no_broken_file_makes_it_stumble(kind: str, noise: bytes, at: int):
    whole = FILES[kind]
    broken = whole[:at] + noise + whole[at + len(noise) :]
    with suppress(Refused):
        assert read_upload("a", broken).media_type in KINDS.values()
