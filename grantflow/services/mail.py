"""How a mail leaves: as a file in a folder (demo, development) or through a mail server, under a key that never changes."""

from __future__ import annotations

import os
import smtplib
import ssl
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Literal, Protocol

TIMEOUT = 30
"""Seconds that a mail server may be silent."""
PERMANENT = 500
"""From this reply code on a mail server means never, not later."""


class Undeliverable(Exception):
    """The other side will never take this mail; trying again is no use."""


class NoSuchAddress(Undeliverable):
    """The address itself is refused for good."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail to one person. The same key always means the same mail, so whoever gets it twice can tell."""

    key: str
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str | None
    at: datetime
    attachments: tuple[tuple[str, bytes], ...] = ()
    """Names and contents of PDFs."""


class Carrier(Protocol):
    """Takes mails away; takes the same one again without harm."""

    def carry(self, envelope: Envelope) -> None:
        """Take a mail away.

        Raises:
            Undeliverable: the other side will never take it.
            OSError: it did not work this time (smtplib's errors are among them).
        """


def message(envelope: Envelope, sender: str) -> EmailMessage:
    """Return the mail as it travels."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = formataddr((_one_line(envelope.to_name), envelope.to_address))
    mail["Subject"] = _one_line(envelope.subject)
    mail["Date"] = format_datetime(envelope.at)
    mail["Message-ID"] = f"<{envelope.key}@{sender.rpartition('@')[2].rstrip('>')}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(envelope.text)
    if envelope.html is not None:
        mail.add_alternative(envelope.html, subtype="html")
    for name, content in envelope.attachments:
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return mail


@dataclass(frozen=True, slots=True)
class FileCarrier:
    """Puts each mail into a folder as `<key>.eml`; the same mail again replaces the file by itself."""

    folder: Path
    sender: str

    def carry(self, envelope: Envelope) -> None:
        """Write the file beside its place and move it there, so that nobody ever sees half of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(bytes(message(envelope, self.sender)))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.folder / f"{envelope.key}.eml")
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


@dataclass(frozen=True, slots=True)
class SmtpCarrier:
    """Hands each mail to a mail server; what comes twice bears the same Message-ID."""

    sender: str
    server: str
    port: int
    security: Literal["starttls", "tls", "none"]
    user: str
    password: str

    def carry(self, envelope: Envelope) -> None:
        """Hand the mail over."""
        with self._connect() as connection:
            if self.security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if self.user:
                connection.login(self.user, self.password)
            try:
                connection.send_message(message(envelope, self.sender))
            except smtplib.SMTPRecipientsRefused as error:
                if all(code >= PERMANENT for code, _ in error.recipients.values()):
                    said = "; ".join(
                        f"{code} {reply.decode('utf-8', 'replace')}"
                        for code, reply in error.recipients.values()
                    )
                    raise NoSuchAddress(said) from error
                raise
            except smtplib.SMTPDataError as error:
                if error.smtp_code >= PERMANENT:
                    raise Undeliverable("the mail server refuses the mail") from error
                raise

    def _connect(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.server, self.port, timeout=TIMEOUT, context=context)
        return smtplib.SMTP(self.server, self.port, timeout=TIMEOUT)


PdfMaker = Callable[[str, str], bytes]
"""Makes a PDF of (HTML, identifier)."""


def _one_line(text: str) -> str:
    """Return a text fit for a header: a line break in a name or title must not begin a header of its own."""
    return " ".join(text.split())
