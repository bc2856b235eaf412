"""How the console says the core's closed words: short, plain, and only what was seen."""

from datetime import datetime, timedelta

from amparo.cases.case import Case
from amparo.cases.refs import SubjectKind
from amparo.cases.sender import OfficeKind
from amparo.cases.words import Doubt, Relation, Seen, Suspend, Wanted, WhyRound
from amparo.connectors.connector import Capabilities
from amparo.policies.elements import Element
from amparo.policies.policy import Lane, Topic
from amparo.policies.signal import Signal

KINDS = {
    SubjectKind.POST: "1 post",
    SubjectKind.MESSAGE: "1 message",
    SubjectKind.LIVE: "1 live room",
    SubjectKind.ACCOUNT: "1 account",
}
LANES = {Lane.CHILD: "a child", Lane.ADULT: "an adult", Lane.ORDINARY: "ordinary rules"}
RELATIONS = {
    Relation.DEPICTED: "the person shown",
    Relation.GUARDIAN: "somebody who looks after the child",
    Relation.KNOWS: "somebody who knows the person",
    Relation.STRANGER: "somebody who does not know the person",
}
ROUNDS = {
    WhyRound.NOTICE: "a report",
    WhyRound.REPLY: "a reply to a refusal",
    WhyRound.APPEAL: "an appeal by the account's owner",
    WhyRound.MATCH: "its likeness to something known",
}
TOPICS = {
    Topic.SEXUAL_PICTURE: "A sexual picture",
    Topic.THREAT: "A threat to post one",
    Topic.ENTICEMENT: "Somebody asks a child for pictures",
    Topic.SPAM: "Spam",
}
SUSPENSIONS = {
    Suspend.NO: "Leave the account alone",
    Suspend.FOR_A_TIME: "Suspend the account for a time",
    Suspend.FOR_GOOD: "Suspend the account for good: needs a second person",
}
SUSPENSIONS_BY_WORD = {suspend.value: words for suspend, words in SUSPENSIONS.items()}
MAY = {
    "review": "a person judges it",
    "hide": "it is hidden",
    "remove": "the very same file is removed",
}
BANK_ACTS = {
    "made": "made it",
    "changed": "changed it",
    "renamed": "gave it the name",
    "deleted": "deleted",
    "confirmed": "confirmed",
    "disabled": "disabled",
    "enabled": "enabled",
    "noted": "changed what is noted of",
}
OWN_RELATIONS = {
    Relation.STRANGER: "I do not know them",
    Relation.KNOWS: "Somebody I know",
    Relation.GUARDIAN: "A child I look after",
    Relation.DEPICTED: "Me",
}
ALARMS = {
    "may_hurt_themself": "somebody who reported may hurt themself",
    "referral_due": "are the police told? Nobody has answered yet",
    "office_waits": "nobody has confirmed an office yet",
    "office_says_danger": "an office says that somebody is in danger",
    "claim_waits": "the code of a picture waits to be started",
    "not_hidden": "not hidden in time",
    "not_gone": "not gone in time",
    "not_restored": "not shown again in time",
    "came_back": "shown again by the platform",
    "platform_trouble": "the platform fails us",
    "forgets_keys": "the platform acts twice on one order",
    "over_budget": "a hide was withheld: too many this hour",
    "decision_due": "a decision is due",
    "look_due": "a look is due",
    "late": "a promise was missed",
    "lead_wanted": "a lead is wanted",
    "link_waits": "a link waits for a person",
    "spool_waits": "reports from an outage are not taken in",
    "spool_aside": "a report from an outage cannot be read and lies aside",
    "worker_silent": "no worker is running",
    "index_damaged": "a file of the index was damaged and is made anew",
    "webhook_undelivered": "a program could not be told of its notices: look at `amparo webhook list`",
    "index_disk": "the index cannot be written: make room on its disk",
    "index_row": "a kept hash cannot be read",
}
CLOCKS = {
    "look": "to first look",
    "decided": "to a decision",
    "hidden": "to seen hidden",
    "gone": "to seen gone",
    "restored": "to seen shown again",
    "answered": "to the reporter's answer",
    "placed": "to an answer about a link",
    "ordered": "to a decision, by a regulator's or court's notice",
    "referral": "to an answer: are the police told?",
    "sender": "to confirming an office",
    "starting": "to the start of a picture's code",
}
OUTCOMES = {
    "not_a_link": "not a link",
    "foreign": "another site",
    "unknown_place": "a page we do not know",
    "no_link": "a report without a link",
}
ELEMENTS = {
    Element.LOCATION: "location",
    Element.EXPLANATION: "explanation",
    Element.TRUTH: "statement that it is true",
    Element.STANDING: "that they are shown or may speak for who is",
    Element.GOOD_FAITH: "good faith",
    Element.NO_CONSENT: "that nobody consented",
    Element.SIGNATURE: "signature",
    Element.NAME: "name",
    Element.CONTACT: "contact",
    Element.EMAIL: "e-mail",
}
OFFICES = {OfficeKind.POLICE: "police", OfficeKind.REGULATOR: "a regulator", OfficeKind.COURT: "a court"}


SIGNALS = {
    Signal.SELF_HARM: "may hurt themself",
    Signal.THREAT: "a threat",
    Signal.SPREADING: "it is being passed on",
    Signal.MINOR: "a child",
    Signal.POLICE: "police were told",
    Signal.OTHER_PLATFORM: "another site or app, too",
    Signal.NO_CONSENT: "without permission",
    Signal.SELF_DEPICTED: "it shows who writes",
    Signal.TRUSTED_FLAGGER: "reported by a trusted flagger",
}
"""What raises a report, gravest first. All but the last are said by reporters' own words."""


def said_by(case: Case) -> str:
    """Return who says it: the relations that reporters named, those closest to the person first."""
    if case.notices == 0:
        return "nobody: no report of it came"
    named = [words for relation, words in RELATIONS.items() if relation in case.relations]
    return ", ".join(named) if named else "nobody who named a relation"


def on_the_platform(case: Case, card: Capabilities) -> str:
    """Return what is known to be seen on the platform, and what is only wanted."""
    match case.wanted, case.seen if case.is_confirmed else None:
        case Wanted.SHOWN, _ if case.subject.is_account:
            return "not suspended"
        case Wanted.SHOWN, _:
            return "NOT hidden" if case.open_grounds and case.lane is not Lane.ORDINARY else "shown"
        case Wanted.HIDDEN, Seen.HIDDEN | Seen.GONE:
            return "suspended for a time" if case.subject.is_account else "hidden"
        case Wanted.REMOVED, Seen.HIDDEN | Seen.GONE:
            if case.subject.is_account:
                return "suspended for good"
            return "gone" if card.shows_removal else "taken down; its page does not tell gone from hidden"
        case _ if not card.reaches(case.wanted, is_account=case.subject.is_account):
            return "NOT suspended: the site cannot" if case.subject.is_account else "NOT hidden: the site cannot"
        case Wanted.HIDDEN, _:
            return "NOT hidden yet"
        case _:
            return "NOT gone yet"


def left(due_at: datetime, now: datetime) -> str:
    """Return the time to a moment as `mm:ss`, `3:10 h` or `2 d`, with a minus where it has passed."""
    seconds = int((due_at - now).total_seconds())
    sign, seconds = ("−" if seconds < 0 else ""), abs(seconds)
    if seconds < 3600:
        return f"{sign}{seconds // 60:02}:{seconds % 60:02}"
    if seconds < 48 * 3600:
        return f"{sign}{seconds // 3600}:{seconds % 3600 // 60:02} h"
    return f"{sign}{seconds // 86400} d"


def urgency(due_at: datetime, now: datetime) -> str:
    """Return the name by which the style sheet colours a time."""
    if due_at <= now:
        return "breach"
    return "soon" if due_at - now <= timedelta(minutes=10) else "calm"


def size(size_bytes: int) -> str:
    """Return a size for people."""
    if size_bytes < 1024:
        return f"{size_bytes} bytes"
    return f"{size_bytes / 1024:.0f} kB" if size_bytes < 1024 * 1024 else f"{size_bytes / 1024 / 1024:.1f} MB"


def count(number: int, one: str, many: str | None = None) -> str:
    """Return `1 report`, `2 reports`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


DOUBTS = {
    Doubt.MADE_UP: "What it says is made up, and whoever wrote it knew",
    Doubt.CAMPAIGN: "One of many reports that were arranged to have something hidden",
    Doubt.REVENGE: "Written to harm whoever posted it, and not about the picture",
}
