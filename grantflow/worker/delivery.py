"""One message from the outbox to the outside: composed, rendered, carried, marked; or noted as failed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Literal
from uuid import UUID

import structlog
from sqlalchemy.exc import DBAPIError

from grantflow.domain.actor import SYSTEM
from grantflow.services import digests, post
from grantflow.services.letters.pdf import letter_pdf
from grantflow.services.mail import Carrier
from grantflow.services.webhooks import keeping, telling
from grantflow.services.webhooks.sending import NotSent, Sender
from grantflow.store.session import Database, Tx

log = structlog.get_logger()

PAPERS_PER_PROCESS = 50
"""After so many PDFs a process is replaced: what makes them holds on to memory."""

Outcome = Literal["sent", "known", "nobody", "undeliverable", "held", "later"]


class PaperMill:
    """Makes PDFs in processes of their own, started when the first is asked for; they inherit no connection."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def pdf(self, html: str, identifier: str) -> bytes:
        """Return the PDF of a document."""
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._processes, mp_context=get_context("spawn"), max_tasks_per_child=PAPERS_PER_PROCESS
            )
        try:
            return self._pool.submit(letter_pdf, html, identifier).result()
        except BrokenProcessPool:
            self._pool = (
                None  # a child was killed (by a lack of memory, say): the next attempt starts a new one
            )
            raise

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)


class Delivery:
    """Delivers messages; what it needs is made once and shared by all of them."""

    def __init__(
        self,
        database: Database,
        carrier: Carrier,
        mill: PaperMill,
        files: Path,
        now: Callable[[], datetime],
        link: post.LinkMaker | None = None,
        *,
        house: str = "",
        sending: bool = True,
        sender: Sender | None = None,
    ) -> None:
        self._database = database
        self._carrier = carrier
        self._mill = mill
        self._files = files
        self._now = now
        self._link = link
        self._house = house
        self._sending = sending
        self._sender = sender or Sender()

    def deliver(self, message_id: UUID, again: Callable[[Tx, int], None]) -> Outcome:
        """Deliver one message; where it fails, note why and call `again(tx, seconds)` in the same transaction.

        Faults of the database are not caught: what called this repeats the whole of it. Where nothing may be sent the
        message is held before anything is composed.
        """
        if not self._sending:
            with self._database.transaction(SYSTEM, self._now()) as tx:
                post.hold(tx, message_id)
            return "held"
        with self._database.reading(SYSTEM, self._now()) as tx:
            kind = telling.kind_of(tx, message_id)
        if kind == telling.STEP:
            with self._database.transaction(SYSTEM, self._now()) as tx:
                telling.spread(tx, message_id)
            return "sent"
        if kind == telling.WEBHOOK:
            return self._tell(message_id, again)
        try:
            with self._database.reading(SYSTEM, self._now()) as tx:
                parcel = post.compose(tx, message_id, self._link, house=self._house)
            if parcel is None:
                return "known"
            pdfs = {paper.language: self._mill.pdf(paper.html, paper.identifier) for paper in parcel.papers}
            lost = post.carry(parcel, pdfs, self._carrier)
        except DBAPIError:
            raise
        except Exception as error:  # noqa: BLE001 - one message that cannot be composed or carried stops no other
            with self._database.transaction(SYSTEM, self._now()) as tx:
                delay = post.mark_failed(tx, message_id, f"{type(error).__name__}: {error}")
                if delay is not None:
                    again(tx, delay)
            log.warning(
                "message not sent", message=str(message_id), fault=type(error).__name__, again_in=delay
            )
            return "later"
        with self._database.transaction(SYSTEM, self._now()) as tx:
            post.note_lost(tx, parcel, lost)
            if lost and len(lost) == len(parcel.mails):
                post.mark_undeliverable(tx, message_id, lost[0].reason)
                log.warning("message undeliverable", message=str(message_id))
                return "undeliverable"
            post.mark_gone(tx, parcel, pdfs, self._files)
        log.info("message sent", message=str(message_id), mails=len(parcel.mails), papers=len(pdfs))
        return "sent" if parcel.mails else "nobody"

    def _tell(self, message_id: UUID, again: Callable[[Tx, int], None]) -> Outcome:
        """Deliver to a webhook; what comes of it is noted with the attempt."""
        with self._database.reading(SYSTEM, self._now()) as tx:
            parcel = telling.parcel_of(tx, message_id, self._house)
        if parcel is None:
            with self._database.transaction(SYSTEM, self._now()) as tx:
                keeping.note_unwanted(tx, message_id)
            return "undeliverable"
        try:
            # Receivers look at the wall, whatever a demo's clock shows.
            status = self._sender.send(
                parcel.url, parcel.secret, parcel.body, key=str(message_id), at=datetime.now(UTC)
            )
        except NotSent as refused:
            with self._database.transaction(SYSTEM, self._now()) as tx:
                delay = keeping.note_failed(tx, parcel.webhook_id, message_id, str(refused), refused.status)
                if delay is not None:
                    again(tx, delay)
            log.warning("webhook not told", message=str(message_id), again_in=delay)
            return "later"
        with self._database.transaction(SYSTEM, self._now()) as tx:
            keeping.note_taken(tx, parcel.webhook_id, message_id, status)
        log.info("webhook told", message=str(message_id))
        return "sent"

    def deliver_waiting(self) -> int:
        """Deliver what waits, without the job engine, each message once; returns how many left."""
        if not self._sending:
            with self._database.transaction(SYSTEM, self._now()) as tx:
                post.hold_waiting(tx)
            return 0
        with self._database.transaction(SYSTEM, self._now()) as tx:
            digests.gather(tx)
        tried: set[UUID] = set()
        sent = 0
        while True:
            with self._database.reading(SYSTEM, self._now()) as tx:
                batch = [each for each in post.waiting(tx, post.BATCH + len(tried)) if each not in tried]
            if not batch:
                return sent
            for message_id in batch:
                tried.add(message_id)
                sent += self.deliver(message_id, lambda _tx, _delay: None) == "sent"
