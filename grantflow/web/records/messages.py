"""The mails and letters of a call as those who carry it read them before they leave."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask_babel import gettext as _

from grantflow.services import formats
from grantflow.services.letters.papers import own_links
from grantflow.services.records.messages_page import Occasion, message_preview, messages_page
from grantflow.web.entrance import entrance, mailed_address, reading
from grantflow.web.words import language

pages = Blueprint("messages", __name__)
pages.app_template_filter("own_links")(own_links)


@pages.get("/calls/<slug>/messages")
def show(slug: str) -> str:
    """Show which messages a call sends, when, and to whom."""
    with reading() as tx:
        page = messages_page(tx, slug, language())
    if page is None:
        abort(404)
    return render_template("records/messages.html", page=page, when=_when, sending=entrance().sending)


@pages.get("/calls/<slug>/messages/<template>")
def preview(slug: str, template: str) -> str:
    """Show one message in one language, about a record of the call or with made-up values."""
    with reading() as tx:
        page = message_preview(
            tx,
            slug,
            template,
            language(),
            read_in=request.args.get("language", ""),
            ref=request.args.get("record", ""),
            house=mailed_address(""),
        )
    if page is None:
        abort(404)
    return render_template("records/message.html", page=page, when=_when, own_name=formats.own_name)


def _when(occasion: Occasion) -> str:
    """Return when a message leaves, spans and labels as the page's language writes them."""
    params = {
        name: formats.span(value, language()) if name in occasion.spans else str(_(value))
        for name, value in occasion.when.params.items()
    }
    return str(_(occasion.when.text)) % params if params else str(_(occasion.when.text))
