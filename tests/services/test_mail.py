"""Mails leave once or twice, never changed: the key is their name and their Message-ID."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default as modern
from pathlib import Path

import pytest

from grantflow.services.mail import Envelope, FileCarrier, message

ENVELOPE = Envelope(
    key="outbox-1.2",
    to_name="Åsa Öberg",
    to_address="asa@example.invalid",
    subject="Beslut: ett bidrag till Träskeppet",
    text="Ja.\n",
    html="<p>Ja.</p>",
    at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    attachments=(("award_letter-sv.pdf", b"%PDF-1.7"),),
)


def read(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=modern)


def test_a_mail_becomes_a_file_named_by_its_key(tmp_path: Path) -> None:
    FileCarrier(tmp_path / "mail", "GrantFlow <grants@region.example>").carry(ENVELOPE)

    (path,) = (tmp_path / "mail").iterdir()
    mail = read(path)
    assert path.name == "outbox-1.2.eml"
    assert mail["Message-ID"] == "<outbox-1.2@region.example>"
    assert mail["To"].addresses[0].display_name == "Åsa Öberg"
    assert mail["Subject"] == ENVELOPE.subject
    assert mail.get_body(("plain",)).get_content() == "Ja.\n"  # type: ignore[union-attr]  # there is one
    (pdf,) = mail.iter_attachments()
    assert (pdf.get_filename(), pdf.get_content()) == ("award_letter-sv.pdf", b"%PDF-1.7")


def test_the_same_mail_again_is_the_same_file(tmp_path: Path) -> None:
    carrier = FileCarrier(tmp_path, "grants@region.example")
    carrier.carry(ENVELOPE)
    carrier.carry(ENVELOPE)

    assert [path.name for path in tmp_path.iterdir()] == ["outbox-1.2.eml"]


def test_no_half_a_mail_is_ever_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        FileCarrier(tmp_path, "grants@region.example").carry(ENVELOPE)

    assert list(tmp_path.iterdir()) == []


def test_a_line_break_in_a_name_or_title_begins_no_header(tmp_path: Path) -> None:
    crooked = replace(
        ENVELOPE, to_name="Åsa\r\nBcc: all@example.invalid", subject="Wood\nBcc: all@example.invalid"
    )

    mail = message(crooked, "grants@region.example")

    assert mail["Bcc"] is None
    assert mail["Subject"] == "Wood Bcc: all@example.invalid"
