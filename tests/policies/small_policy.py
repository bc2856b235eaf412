"""A policy as short as the parser takes it, to be spoiled one thing at a time."""

SMALL = """\
name  = "small"
title = "As little as a policy can say"
harm  = 7

[applies]
lane   = "child"
topics = ["sexual_picture"]

[on_report]
hide        = "at_once"
who         = "anyone"
rehide_once = true
budget      = { per_network_per_hour = 50, in_all_per_hour = 2000 }

[decide]
remove  = { people = 1 }
keep    = { people = 2, blind = true, one_of = "lead" }
account = { suspend = 1, suspend_for_good = 2, suspend_for = "30d", hide_unreviewed_media = true }

[[reason]]
id   = "not_sexual"
text = "The picture is not sexual."

[[clock]]
name       = "hidden"
length     = "30s"
on_expiry  = ["alarm"]
source     = "house rule"
checked_on = 2026-11-21

[[clock]]
name       = "first_look"
length     = "15min"
page_at    = 0.5
on_expiry  = ["alarm", "tell:reporter:late"]
source     = "house rule"
checked_on = 2026-11-21

[[clock]]
name       = "decided"
length     = "24h"
renew      = "4h"
at_limit   = "stay_hidden"
on_expiry  = ["escalate:lead", "tell:reporter:late"]
source     = "house rule"
checked_on = 2026-11-21

[[clock]]
name       = "gone"
length     = "60s"
on_expiry  = ["alarm"]
source     = "house rule"
checked_on = 2026-11-21

[[clock]]
name       = "watch"
length     = "90d"
on_expiry  = ["close"]
source     = "house rule"
checked_on = 2026-11-21

[[clock]]
name       = "window"
length     = "183d"
on_expiry  = ["close"]
source     = "house rule"
checked_on = 2026-11-21
"""


def spoiled(old: str, new: str) -> str:
    """Return the small policy with the first `old` in it replaced. Raises ValueError where it is not in it."""
    if old not in SMALL:
        raise ValueError(f"{old!r} is not in the small policy.")
    return SMALL.replace(old, new, 1)


def line_with(text: str, words: str) -> int:
    """Return the number, from 1, of the first line that holds these words."""
    return next(number for number, line in enumerate(text.splitlines(), start=1) if words in line)
