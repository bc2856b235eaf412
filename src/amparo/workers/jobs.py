"""The job queue. A job names a case or notice and says "look now"; what is to be done stands in the effects.

So a job that is lost, repeated or late does no harm: the sweeper looks again.
"""

from django.db import close_old_connections
from procrastinate.contrib.django import app

_BEHIND = -1


@app.task(name="look")  # type: ignore[untyped-decorator, unused-ignore]
def look(aggregate: str) -> None:
    """Carry out the effects that a case or notice has waiting."""
    from amparo.plugins import installation
    from amparo.workers.effects import carry_out

    close_old_connections()
    carry_out(installation(), aggregate)


def look_now(aggregate: str) -> None:
    """Have a worker look at a case or notice as soon as the running transaction commits."""
    look.defer(aggregate=aggregate)


def look_behind(aggregate: str) -> None:
    """Have a worker look as above, once nothing is left that was asked for by `look_now`."""
    look.configure(priority=_BEHIND).defer(aggregate=aggregate)
