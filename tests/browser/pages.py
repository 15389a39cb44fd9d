"""The pages that are looked at: by `script/shots`, which makes pictures of them, and by axe. A new page is a new line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Looked:
    """A page of the loaded demo as somebody sees it.

    `who` is an e-mail address of the cast, None a visitor. `path` may say `{ref}`: the reference of the first
    application that bears the title `titled`.
    """

    name: str
    path: str
    who: str | None = None
    status: int = 200
    titled: str = ""


KARIN = "karin.ekblad@demo.invalid"
YUSUF = "yusuf.demir@demo.invalid"
ELIN = "elin.nordvall@demo.invalid"
MONA = "mona.tyskling@demo.invalid"
HENRIK = "henrik.wall@demo.invalid"
CAJSA = "cajsa.wester@demo.invalid"
BENGT = "bengt.olars@demo.invalid"
MARIE = "marie.ulander@demo.invalid"

OPEN, ASSESSED, RUNNING = (
    "/calls/low-carbon-demo-round-3",
    "/calls/low-carbon-demo-round-2",
    "/calls/low-carbon-demo",
)

GRANTED = "Wood and metal meet buyers in Kaunas"
"""A request for aid that was granted; its firms are home."""
UNDECIDED = "Three firms at the wood fair in Kaunas"
"""A request for aid that waits for its decision."""

PAGES: tuple[Looked, ...] = (
    Looked("first", "/"),
    Looked("call", RUNNING),
    Looked("call-open", OPEN),
    Looked("workflow", "/workflows/challenge_driven/v1/application"),
    Looked("not-here", "/nowhere", status=404),
    Looked("styleguide", "/styleguide"),
    Looked("styleguide-form", "/styleguide?frame=form"),
    Looked("styleguide-public", "/styleguide?frame=public"),
    Looked("sign-in", "/sign-in"),
    Looked("forgotten", "/sign-in/forgotten"),
    Looked("register", "/register"),
    Looked("home-manager", "/home", KARIN),
    Looked("home-officer", "/home", YUSUF),
    Looked("home-registrar", "/home", ELIN),
    Looked("home-board", "/home", MONA),
    Looked("home-reviewer", "/home", HENRIK),
    Looked("home-newcomer", "/home", CAJSA),
    Looked("home-applicant", "/home", BENGT),
    Looked("account", "/account", CAJSA),
    Looked("account-mail", "/account/mail", CAJSA),
    Looked("messages", f"{RUNNING}/messages", KARIN),
    Looked("message", f"{RUNNING}/messages/award_letter?language=sv", KARIN),
    Looked("cockpit", f"{ASSESSED}/manage", KARIN),
    Looked("cockpit-draft", "/calls/north-middle-sweden/manage", KARIN),
    Looked("rehearsal", "/calls/north-middle-sweden/rehearsal", KARIN),
    Looked("applications", f"{ASSESSED}/applications", KARIN),
    Looked("ranking", f"{ASSESSED}/ranking", KARIN),
    Looked("proposal", f"{ASSESSED}/proposal", KARIN),
    Looked("reviews", f"{ASSESSED}/reviews", KARIN),
    Looked("letters", f"{RUNNING}/letters", KARIN),
    Looked("lab", f"{RUNNING}/lab", KARIN),
    Looked("frame", f"{RUNNING}/lab/frame", KARIN),
    Looked("meetings", "/meetings", ELIN),
    Looked("record", "/records/{ref}", KARIN, titled="The beam bank"),
    Looked("record-granted", "/records/{ref}", KARIN, titled="Biochar from Siljan sawdust as reductant"),
    Looked("journal", "/records/{ref}/journal", KARIN, titled="The beam bank"),
    Looked("checklist", "/applications/{ref}/checklist", YUSUF, titled="Slag in the kerbstone"),
    Looked("reviewers", "/applications/{ref}/reviewers", YUSUF, titled="Borrow a robot"),
    Looked("apply", f"{OPEN}/apply", CAJSA),
    Looked("on-paper", f"{OPEN}/paper?words=demo", YUSUF),
    Looked("own-record", "/records/{ref}", BENGT, titled="The beam bank"),
    Looked("home-cluster", "/home", MARIE),
    Looked("aid-record", "/records/{ref}", MARIE, titled=GRANTED),
    Looked("aid-firms", "/applications/{ref}/lines", YUSUF, titled=UNDECIDED),
    Looked("aid-payments", "/calls/internationalisation-aid/payments", YUSUF),
    Looked("aid-claim", "/applications/{ref}/claim", MARIE, titled=GRANTED),
    Looked("own-form", "/applications/{ref}/form", BENGT, titled="The beam bank"),
)
