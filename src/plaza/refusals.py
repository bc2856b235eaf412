"""One error for everything Plaza will not do, so that every refusal has a status, a stable code and a sentence.

`site.py` turns a Refusal into JSON for the moderation API and into a page for people.
"""


class Refusal(Exception):
    """Say no: `status` for machines, `code` for programs, `sentence` for people."""

    def __init__(self, status: int, code: str, sentence: str, **facts: object) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.facts = facts


def unknown(what: str) -> Refusal:
    """Return the answer for something that does not exist here, or that this visitor may not know of."""
    return Refusal(404, "unknown", f"There is no such {what} on Plaza.")


def unavailable(what: str, *, is_removed: bool) -> Refusal:
    """Return the neutral answer for hidden (404) and removed (410) content: the same for author and stranger."""
    return Refusal(410 if is_removed else 404, "not_available", f"This {what} is not available.")
