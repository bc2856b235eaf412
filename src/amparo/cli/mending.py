"""What to mend on a site for each way in which it fails its connector: one sentence each."""

from amparo.connectors.connector import ConnectorError

MEND = {
    "key_refused": "Give both sides the same secret: it stands in keys/ of the home.",
    "timeout": "Every answer must come within 5 seconds: do slow work afterwards.",
    "unreachable": "Start the site, or correct url and endpoint in amparo.toml.",
    "strange_answer": "Answer as docs/reference/webhook-connector.md says.",
    "unknown_subject": "The site does not find the canary by its kind and id: compare [connector.pages] with its ids.",
    "unsupported": "Answer this message, or set its word under [connector.can] to false.",
    "status_404": "Nothing is at the endpoint: correct it. For an unknown subject answer error: unknown_subject.",
    "wrong_key_taken": "Verify the signature before anything else, or anybody can hide and remove on your site.",
    "old_taken": "Refuse a webhook-timestamp that is over five minutes off, or a caught message works for ever.",
}


def mend_of(error: ConnectorError) -> str:
    """Return what to mend so that this error ends."""
    return MEND.get(error.code, f"{error} Look at the site's log.")
