"""The shape of each workflow file: from these declarations come the reader, the refusals and `docs/workflows.md`."""

from __future__ import annotations

from grantflow.workflow.document import (
    Anything,
    DottedName,
    Either,
    Key,
    ListOf,
    Name,
    NamedCall,
    OneOf,
    Record,
    Span,
    TableOf,
    Text,
    WholeNumber,
    YesNo,
)
from grantflow.workflow.model import AUDIENCES, DATE_MEANINGS, TAGS

_GUARDS = Key(
    "guards",
    ListOf(NamedCall("guard")),
    "What must hold. Each guard is named, with its arguments as keys below it; all of them are asked, and every reason against is told.",
)
_EFFECTS = Key(
    "effects", ListOf(Name("effect")), "What is done beside, in the same transaction, in this order."
)

NOTICE = Record(
    "notice",
    "A message that leaves after the step is stored.",
    Key("role", Name("role"), "Who gets it: everybody who plays this role on the record.", required=True),
    Key("template", Name("template"), "The letter or mail that is sent.", required=True),
)
_NOTIFY = Key("notify", ListOf(NOTICE), "The messages that leave after the step is stored.")

PARAMETER = Record(
    "parameter",
    "A value that a call may set. Guards take it as an argument, timers as a span, by its name.",
    Key(
        "kind",
        OneOf("whole_number", "money", "rate", "span", "text", "choice"),
        "What kind of value it is; money is in minor units, a rate is written `60 %`.",
        required=True,
    ),
    Key("default", Anything(), "The value where the call sets none.", required=True),
    Key("about", Text(), "What it means, in one sentence.", required=True),
    Key("choices", ListOf(Name()), "What may be chosen, for the kind `choice`."),
)

DATE = Record(
    "date",
    "A date that a call sets. Timers ask for it as `call.<name>`.",
    Key("about", Text(), "What happens on it, in one sentence.", required=True),
    Key(
        "means",
        OneOf(*DATE_MEANINGS),
        "What it is to the rest of the house: "
        + "; ".join(f"`{name}`, {about}" for name, about in DATE_MEANINGS.items())
        + ". One date at most means the same.",
    ),
)

ROLE = Record(
    "role",
    "A part that people play.",
    Key("label", Text(120), "What people read.", required=True),
    Key(
        "audience",
        OneOf(*AUDIENCES),
        "Which pages and words they see. Public, applicant and reviewer are outside: nothing may wait for them without a timer.",
        required=True,
    ),
    Key("about", Text(), "Who they are, in one sentence."),
)

PHASE = Record(
    "phase",
    "One level of grouping over the states, in the order in which a call walks through them.",
    Key("name", Name(), "What states call it.", required=True),
    Key("label", Text(120), "What people read.", required=True),
    Key(
        "gate",
        ListOf(NamedCall("guard")),
        "Guards that every row has in addition that leads the call into this phase from an earlier one.",
    ),
    Key("carries", ListOf(Name("record kind")), "The kinds of record that are carried over into this phase."),
)

PRECEDES = Record(
    "precedes rule",
    "No record is ever in the second state that was not in the first before.",
    Key("lifecycle", Name("lifecycle"), "Whose states they are.", required=True),
    Key("first", Name("state"), "The state that comes first.", required=True),
    Key("then", ListOf(Name("state")), "The state, or states, that need it.", required=True),
)
LEADS_TO = Record(
    "leads_to rule",
    "A record that was in a state comes through certain others before it ends.",
    Key("lifecycle", Name("lifecycle"), "Whose states they are.", required=True),
    Key("after", Name("state"), "The state that begins the promise.", required=True),
    Key("through", ListOf(Name("state")), "One of these is reached.", required=True),
    Key("unless", ListOf(Name("state")), "The final states that end the promise."),
)
SEPARATE = Record(
    "separate rule",
    "Four eyes: who took the one transition may not take the other.",
    Key("lifecycle", Name("lifecycle"), "Whose transitions they are.", required=True),
    Key("first", DottedName(), "The transition that comes first.", required=True),
    Key(
        "then",
        ListOf(Name("transition")),
        "The transition, or transitions, for which somebody else is needed.",
        required=True,
    ),
)
_UNLESS = Key(
    "unless",
    ListOf(Name("state")),
    "Rows that leave or enter one of these states are left out; `same` stands for rows that stay.",
)
_WHOSE = (
    Key("lifecycle", Name("lifecycle"), "Whose transitions they are.", required=True),
    Key(
        "transitions",
        ListOf(Name("transition")),
        "The transitions of whose rows it is promised.",
        required=True,
    ),
)
TELLS = Record(
    "tells rule",
    "Whenever one of some transitions is taken, other records hear of it.",
    *_WHOSE,
    Key("hears", DottedName(dot=True), "What each row emits: `lifecycle.transition`.", required=True),
    _UNLESS,
)
GUARDED = Record(
    "guarded rule",
    "Some transitions are never taken without certain guards.",
    *_WHOSE,
    Key("guards", ListOf(Name("guard"), least=1), "The guards that each row has.", required=True),
    _UNLESS,
)
DOES = Record(
    "does rule",
    "Some transitions never happen without certain effects.",
    *_WHOSE,
    Key("effects", ListOf(Name("effect"), least=1), "The effects that each row has.", required=True),
    _UNLESS,
)
ASKS = Record(
    "asks rule",
    "Some transitions are never taken without certain words.",
    *_WHOSE,
    Key(
        "fields",
        ListOf(Name("field"), least=1),
        "The fields that each row asks for and that may not be left empty.",
        required=True,
    ),
    _UNLESS,
)
RULE = Record(
    "rule",
    "A promise over whole lives, which the check proves. Each has one of these keys, and says why.",
    Key("precedes", PRECEDES, "One state never without another before it."),
    Key("leads_to", LEADS_TO, "After one state always one of some others."),
    Key("separate", SEPARATE, "Two transitions never by the same person."),
    Key("tells", TELLS, "Some transitions never without others hearing of it."),
    Key("guarded", GUARDED, "Some transitions never without certain guards."),
    Key("does", DOES, "Some transitions never without certain effects."),
    Key("asks", ASKS, "Some transitions never without certain words."),
    Key("about", Text(), "Why, in one sentence.", required=True),
)

BEHAVIOUR = Record(
    "behaviour",
    "How made-up people act in rehearsals.",
    Key(
        "transition",
        DottedName(dot=True),
        "What they may do: `lifecycle.transition`, or `lifecycle.create`.",
        required=True,
    ),
    Key("role", Name("role"), "Who does it.", required=True),
    Key(
        "likely",
        WholeNumber(0, 10_000),
        "How many in a hundred of those who could do it; for `create`, how many records come for a hundred applications.",
        required=True,
    ),
    Key("within", Span(or_name=True), "They do it at some moment before this has passed.", required=True),
)

SCHEME = Record(
    "scheme",
    "`scheme.yaml`: what the lifecycles of a scheme share. One version is checked, pinned and published as a whole.",
    Key("scheme", Name(), "The name of the scheme.", required=True),
    Key("version", WholeNumber(1, 9999), "The version; a published version never changes.", required=True),
    Key("title", Text(200), "What people read.", required=True),
    Key("about", Text(), "What the scheme is for."),
    Key("parameters", TableOf(PARAMETER), "Values that a call may set, by name."),
    Key("dates", TableOf(DATE), "Dates that a call sets, by name."),
    Key(
        "roles",
        TableOf(ROLE),
        "Who takes part, by name. `system` is always there: timers, emits and automatic steps.",
        required=True,
    ),
    Key("phases", ListOf(PHASE), "The phases, in order."),
    Key("rules", ListOf(RULE), "Promises over whole lives."),
    Key("rehearsal", ListOf(BEHAVIOUR), "How made-up people act when a call is rehearsed."),
)

STATE = Record(
    "state",
    "Where a record can be.",
    Key("label", Text(120), "What people read; otherwise the name, with spaces."),
    Key("labels", TableOf(Text(120)), "What some read instead, by role or audience."),
    Key("upcoming", Text(200), "What the step is called while it lies ahead."),
    Key("phase", Name("phase"), "The phase to which it belongs."),
    Key(
        "tags",
        ListOf(OneOf(*TAGS)),
        "What being here means to the rest of the house, from the closed list of tags.",
    ),
    Key("view", ListOf(Name("role")), "Who may see the record."),
    Key("edit", ListOf(Name("role")), "Who may change its words."),
    Key(
        "mask",
        TableOf(Name("state")),
        "By role, the state that it sees instead while the outcome is confidential.",
    ),
    Key("waits_for", ListOf(Name("role")), "Who moves next; `system` for a clock."),
)

EMIT = Record(
    "emit",
    "A transition that the step causes on other records, in the same transaction, by the system.",
    Key("transition", DottedName(dot=True), "What is caused: `lifecycle.transition`.", required=True),
    Key(
        "to",
        Name("selector"),
        "On which records: `children`, `parent`, `call`, `self`, or a selector.",
        required=True,
    ),
    Key(
        "in",
        ListOf(Name("state")),
        "Only those in one of these states get it; otherwise all that have not ended. A record that gets it and has no row for it holds up the whole step.",
    ),
)

ASKED = Record(
    "asked field",
    "Something that the person fills in when taking the step.",
    Key("name", Name(), "What effects and guards call it.", required=True),
    Key(
        "kind",
        OneOf("text", "long_text", "money", "whole_number", "date", "moment", "choice", "record"),
        "What kind of value it is.",
        required=True,
    ),
    Key("label", Text(200), "What people read beside it.", required=True),
    Key("optional", YesNo(), "Whether it may be left empty.", default=False),
    Key("choices", ListOf(Name()), "What may be chosen, for the kind `choice`."),
)

TRANSITION = Record(
    "transition",
    "One row of the table: who may move what from where to where. Several rows may bear one name; the first that fits and whose guards pass wins.",
    Key("name", Name(), "What it is called.", required=True),
    Key("label", Text(120), "What stands on the button; otherwise the name, with spaces."),
    Key("about", Text(), "More about it, for readers of the table."),
    Key(
        "from",
        ListOf(Name("state"), least=1),
        "The state, or states, in which it may be taken.",
        required=True,
    ),
    Key(
        "to",
        Name("state"),
        "Where it leads: a state, `same` to stay, or `remembered` to return to the state left on entering.",
        required=True,
    ),
    Key(
        "by",
        ListOf(Name("role"), least=1),
        "Who may take it. Where it is absent, the system alone: timers and emits.",
    ),
    _GUARDS,
    _EFFECTS,
    Key("emit", ListOf(EMIT), "Transitions that it causes on other records."),
    Key("asks", ListOf(ASKED), "What the person fills in."),
    Key(
        "apart_from",
        ListOf(DottedName()),
        "Four eyes: who took one of these on the record, its parents or their other children may not take this.",
    ),
    _NOTIFY,
    Key(
        "puts_right",
        Name("transition"),
        "The decision that was wrong. Only such a row may leave a final state; it asks a reason and is taken by somebody of the programme.",
    ),
)

TIMER = Record(
    "timer",
    "What happens by the clock while a record is in a state.",
    Key(
        "in",
        ListOf(Name("state"), least=1),
        "The state, or states, in which it runs; it ends when the state is left.",
        required=True,
    ),
    Key("at", DottedName("date", dot=True), "It is due at a date of the call: `call.<date>`."),
    Key("after", Span(or_name=True), "It is due this long after the state was entered."),
    Key(
        "pauses_in",
        ListOf(Name("state")),
        "With `after`: states in which its clock stands still. A record that comes back from one of them goes on with what was left.",
    ),
    Key("minus", Span(or_name=True), "That much earlier."),
    Key("plus", Span(or_name=True), "That much later."),
    Key("every", Span(or_name=True), "Again and again after this long."),
    Key("do", Name("transition"), "The transition that the system takes."),
    _NOTIFY,
)

CREATION = Record(
    "creation",
    "How a record comes to be.",
    Key(
        "during",
        ListOf(DottedName("state")),
        "The states of the parent in which one may be created: `call.open`.",
    ),
    Key("by", ListOf(Name("role"), least=1), "Who may create one. Where it is absent, the system alone."),
    Key(
        "begins_in",
        TableOf(Name("state")),
        "By role, the state in which a record begins that somebody of this role creates, instead of the initial one.",
    ),
    _GUARDS,
    _EFFECTS,
    _NOTIFY,
)

INCLUDE = Record(
    "include",
    "A block whose states, transitions and timers become part of this lifecycle.",
    Key("block", Name("block"), "The block: `workflows/blocks/<name>.yaml`.", required=True),
    Key("prefix", Name(), "Its states and transitions are called `<prefix>_<name>` here."),
    Key(
        "with",
        TableOf(Either(scalar=Anything(), items=ListOf(Anything()))),
        "What stands for the words that the block needs.",
    ),
)

_STATES = Key(
    "states",
    TableOf(STATE),
    "The states, by name, in the order in which people think of them.",
    required=True,
)
_TRANSITIONS = Key(
    "transitions",
    ListOf(TRANSITION),
    "The table of transitions; of rows with one name the earlier is tried first.",
    required=True,
)
_TIMERS = Key("timers", ListOf(TIMER), "What happens by the clock.")
_FINAL = Key("final", ListOf(Name("state")), "The states in which a record ends.")

LIFECYCLE = Record(
    "lifecycle",
    "`<lifecycle>.yaml`: the life of one kind of record.",
    Key("lifecycle", Name(), "The name, like the file's.", required=True),
    Key("record", Name("record kind"), "The kind of record that lives it.", required=True),
    Key("title", Text(120), "What people read.", required=True),
    Key("about", Text(), "What it is."),
    Key(
        "parent",
        Name("lifecycle"),
        "The lifecycle of the record under which each stands; absent for the call.",
    ),
    Key("initial", Name("state"), "The state in which a record is created.", required=True),
    _FINAL,
    Key("creation", CREATION, "How a record comes to be."),
    Key("include", ListOf(INCLUDE), "Blocks that are merged in, after the file's own rows."),
    _STATES,
    _TRANSITIONS,
    _TIMERS,
)

BLOCK = Record(
    "block",
    "`workflows/blocks/<name>.yaml`: states, transitions and timers that several lifecycles have in common.",
    Key("block", Name(), "The name, like the file's.", required=True),
    Key("about", Text(), "What it is good for.", required=True),
    Key(
        "needs",
        Either(items=ListOf(Name()), pairs=TableOf(Text())),
        "Words, with what they mean, that the including lifecycle fills in. The block writes `<word>`; `<lifecycle>` is the including one's name.",
    ),
    _FINAL,
    Key("states", TableOf(STATE), "The states, by name."),
    _TRANSITIONS,
    _TIMERS,
)

FILES = (SCHEME, LIFECYCLE, BLOCK)
"""The kinds of workflow file, as `docs/workflows.md` describes them."""
