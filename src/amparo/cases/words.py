"""The closed sets of words that commands and events are made of."""

from enum import Enum


class Relation(Enum):
    """Who the reporter says is in the picture."""

    DEPICTED = "me"
    GUARDIAN = "child_i_look_after"
    KNOWS = "someone_i_know"
    STRANGER = "i_dont_know_them"


class Age(Enum):
    """Whether the person shown was under 18. Anything but ADULT counts as a child."""

    CHILD = "yes"
    ADULT = "no"
    NOT_SURE = "not_sure"


class Wanted(Enum):
    """What the subject's state on the platform shall be. For an account HIDDEN is suspended for a time."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    REMOVED = "removed"


class Seen(Enum):
    """What the platform's logged-out page showed. UNKNOWN: it could not be looked at."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    GONE = "gone"
    UNKNOWN = "unknown"


class Suspend(Enum):
    """What shall become of the account behind a removed subject."""

    NO = "no"
    FOR_A_TIME = "for_a_time"
    FOR_GOOD = "for_good"


class GroundStatus(Enum):
    """WITHDRAWN: the only reporters who counted as child by silence have said that the person is an adult."""

    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class WhyRound(Enum):
    NOTICE = "notice"
    REPLY = "reply"
    APPEAL = "appeal"
    MATCH = "match"


class WhyHide(Enum):
    REPORT = "report"
    REPLY = "reply"
    ACCOUNT_REPORTED = "account_reported"
    LIMIT = "limit"
    CAME_BACK = "came_back"
    MATCH = "match"


class Alarm(Enum):
    """Why a person is called."""

    NOT_HIDDEN = "not_hidden"
    NOT_GONE = "not_gone"
    NOT_RESTORED = "not_restored"
    CAME_BACK = "came_back"
    PLATFORM_TROUBLE = "platform_trouble"
    FORGETS_KEYS = "forgets_keys"
    OVER_BUDGET = "over_budget"
    NOT_ENOUGH_PEOPLE = "not_enough_people"
    LOOK_DUE = "look_due"
    DECISION_DUE = "decision_due"
    LATE = "late"
    LINK_WAITS = "link_waits"
    MAY_HURT_THEMSELF = "may_hurt_themself"
    REFERRAL_DUE = "referral_due"
    OFFICE_WAITS = "office_waits"
    OFFICE_SAYS_DANGER = "office_says_danger"
    CLAIM_WAITS = "claim_waits"


class Doubt(Enum):
    """Why a person says that a report was made in bad faith."""

    MADE_UP = "made_up"
    CAMPAIGN = "campaign"
    REVENGE = "revenge"


class Told(Enum):
    """What a reporter is told on the private page. Each is sent only when it is true."""

    HIDDEN = "hidden"
    NOT_HIDDEN_YET = "not_hidden_yet"
    LOOKING = "looking"
    LATE = "late"
    REMOVED = "removed"
    GONE = "gone"
    CAME_BACK = "came_back"
    KEPT = "kept"
    REOPENED = "reopened"
    LINK_FOUND = "link_found"
    LINK_NOT_FOUND = "link_not_found"
    LINK_ELSEWHERE = "link_elsewhere"


class LinkProblem(Enum):
    """Why a link of a notice has no case yet. NO_LINK stands for a report that names none and waits for a person."""

    NOT_A_LINK = "not_a_link"
    FOREIGN = "foreign"
    UNKNOWN_PLACE = "unknown_place"
    NO_LINK = "no_link"


class WhyClaimEnded(Enum):
    """Why the code of a picture is not at work any more."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    PEOPLE = "people"


class Way(Enum):
    """How the reporter wants to hear from us."""

    PRIVATE_PAGE = "private_page"
    NOT_AT_ALL = "not_at_all"
