"""The way from any subject to the door of the people who answer reports: the door's button, and our own forms in it.

The forms stand where scripts are off or the door's script does not come. They are forms and not links: a report begins
with a POST, so that no crawler, prefetcher or preview can start one.
"""

import uuid
from dataclasses import dataclass

# The gravest choice is the first, because the person who needs it has the least strength to look for it.
TOPICS = (
    ("sexual_picture", "A sexual picture of me or a child"),
    ("threat", "Someone threatens to post a sexual picture"),
    ("enticement", "Someone asks a child for sexual pictures, or offers them"),
    ("spam", "Spam"),
)

# What the door's button calls each of our kinds.
TYPES = {"post": "post", "message": "message", "live": "live", "user": "profile", "picture": "image"}


@dataclass(frozen=True)
class ReportForm:
    """One choice: a button that posts these hidden fields to `action`."""

    action: str
    label: str
    fields: dict[str, str]


class Door:
    """Know where reports go."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")

    @property
    def help_url(self) -> str:
        return f"{self.url}/help-me"

    @property
    def script_url(self) -> str:
        return f"{self.url}/report-door.js"

    @property
    def origin(self) -> str:
        """The door as a security policy names it."""
        return "/".join(self.url.split("/")[:3])

    def forms(self, link: str) -> list[ReportForm]:
        """Return the choices for the subject at `link`, an absolute URL.

        Each has a fresh key: sending the same form twice is one report, opening the page again is another.
        """
        return [
            ReportForm(f"{self.url}/report", label, {"link": link, "topic": topic, "key": str(uuid.uuid4())})
            for topic, label in TOPICS
        ]
