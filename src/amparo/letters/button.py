"""The words of the report button that stands on a platform's own pages, in every language of the door.

The choices are the door's own first question, so that people read the same words on both sides.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language_info, override
from django.utils.translation import gettext_lazy as _

from amparo.letters import questions
from amparo.policies.policy import Topic

REPORT = _("Report")
WHAT: Mapping[str, Promise] = {
    "": _("What is wrong with it?"),
    "post": _("What is wrong with this post?"),
    "message": _("What is wrong with this message?"),
    "live": _("What is wrong with this live video?"),
    "profile": _("What is wrong with this account?"),
    "image": _("What is wrong with this picture?"),
}
"""The question over the choices, by what a platform says the button stands beside. "" where it does not say."""
NOTE = _("You need no account and no name.")
CLOSE = _("Close")
HELP = _("Get help")


def words(topics: Collection[Topic]) -> dict[str, dict[str, Any]]:
    """Return the button's words as plain texts, by language."""
    return {code: _words(code, topics) for code, _name in settings.LANGUAGES}


def _words(code: str, topics: Collection[Topic]) -> dict[str, Any]:
    with override(code):
        return {
            "dir": "rtl" if get_language_info(code)["bidi"] else "ltr",
            "report": str(REPORT),
            "what": {kind: str(question) for kind, question in WHAT.items()},
            "topics": {topic.value: str(questions.TOPICS[topic]) for topic in topics},
            "note": str(NOTE),
            "close": str(CLOSE),
            "help": str(HELP),
        }
