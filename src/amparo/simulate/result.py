"""A replay as figures: the published history, what was measured in Amparo's place, and what every figure assumes."""

from datetime import datetime, timedelta
from typing import Any

from amparo.policies.policy import ClockName
from amparo.simulate.founding_case import FoundingCase
from amparo.simulate.replay import Replay, Worlds
from amparo.simulate.systems import System


def assumptions(case: FoundingCase) -> dict[str, str]:
    """Return what each figure, or each kind of figure, assumes."""
    order, worker = (f"{length.total_seconds():g} s" for length in (case.order_takes, case.worker_takes_up))
    posted = f"{case.posted.day} {case.posted:%B}"
    return {
        "timeline": "Only days are published; every step stands at 12:00 UTC.",
        "post": "All views are taken as those of one post, and that as the reported account's. The second account's"
        " copy is not replayed: Amparo does not look for copies yet.",
        "minutes": f"Counted from the first notice. Amparo's are those of a simulated platform that carries an order"
        f" out after {order}, beside a worker that takes work up after {worker}. Hidden and gone mean seen so, logged"
        " out.",
        "minutes_to_hidden": "In history: until the removal of 30 January; nothing was hidden before it.",
        "minutes_to_decision": "In history: until the refusal of 28 January. In Amparo: until people decide on the"
        " post. Whoever looks is assumed to see what it is; how long it takes is what the staffing says.",
        "minutes_to_gone": "In history: until the removal of 30 January.",
        "minutes_victim_to_hidden": "From the boy's notice. In Amparo: a run in which nobody had reported before him.",
        "minutes_officer_to_hidden": "From the officer's demand. In history: the same day; no hour is published, so at"
        f" most {case.officer_waited_at_most / timedelta(minutes=1):,.0f}. In Amparo: a run in which nobody had"
        " reported before the officer, who writes as an office that nobody has confirmed.",
        "views": f"{case.views:,} on 30 January are published, the curve is not: uniform, or doubling every 2, 4 or 7"
        f" days, from {posted} (assumed; published is 2019). A view that has begun counts whole.",
        "views_after_first_notice": "The curve's views while the post could be seen, from the bystander's notice on.",
        "views_after_victims_notice": "The same from the boy's notice on; in Amparo in the run in which his is first.",
        "cases_for_the_item": "In history: the two case numbers of the mother; of others nothing is published.",
        "lone_refusal_refused": 'In a run in which nobody had decided before, one person presses "keep" on 28'
        " January. True where the core kept nothing up by it and the matter stayed open.",
        "not_replayed": "The mother's further mails (no date), the reshares (no dates), advertising.",
    }


def as_json(replay: Replay, systems: tuple[System, ...]) -> dict[str, Any]:
    """Return the whole result as JSON has it. Lengths are in minutes; None is for what never happened."""
    refusal = replay.lone_refusal
    nobody = replay.nobody.whole
    amparo = {**_lived(replay, replay.staffed), "lone_refusal_refused": refusal.was_refused}
    return {
        "history": _history(replay),
        "amparo": amparo,
        "zero_reviewers": {
            **_lived(replay, replay.nobody),
            "still_hidden": nobody.is_hidden(),
            "refusals": nobody.refusals(),
            "at_limit": {"rule": at_limit(replay), **nobody.at_limit()},
            **_beside(replay.nobody),
        },
        "with_this_staff": _beside(replay.staffed),
        "lone_refusal": {
            "answers": list(refusal.answers),
            "hidden_after": refusal.is_hidden_after,
            "void_after_reply": refusal.is_void_after_reply,
        },
        "policy": replay.policy.ref,
        "staffing": replay.staff.text,
        "assumptions": assumptions(replay.case),
        "systems": {
            str(each.number): {
                "name": each.name,
                "works": each.works,
                "shown_by": list(each.shown_by),
                "missing": each.missing,
            }
            for each in systems
        },
    }


def at_limit(replay: Replay) -> str | None:
    """Return what the policy says is to happen at the hard limit with nobody there."""
    rules = replay.policy.rules(ClockName.DECIDED, replay.case.regimes)
    return next((rule.at_limit.value for rule in rules if rule.at_limit is not None), None)


def _history(replay: Replay) -> dict[str, Any]:
    case, first = replay.case, replay.case.reports[0].at
    victim = case.step(case.victim).at
    return {
        "minutes_to_hidden": _minutes(case.removed - first),
        "minutes_to_decision": _minutes(case.refusal.at - first),
        "minutes_to_gone": _minutes(case.removed - first),
        "views_after_first_notice": _views_until_removed(replay, first),
        "views_after_victims_notice": _views_until_removed(replay, victim),
        "cases_for_the_item": case.case_numbers,
        "lone_refusal_refused": False,  # It stood: published.
        "minutes_victim_to_hidden": _minutes(case.removed - victim),
        "minutes_officer_to_hidden": _minutes(case.officer_waited_at_most),
    }


def _lived(replay: Replay, worlds: Worlds) -> dict[str, Any]:
    whole, victim_first = worlds.whole, worlds.victim_first
    return {
        "minutes_to_hidden": whole.minutes_to_hidden(),
        "minutes_to_decision": whole.minutes_to_decision(),
        "minutes_to_gone": whole.minutes_to_gone(),
        "views_after_first_notice": {curve.name: whole.views(curve) for curve in replay.curves},
        "views_after_victims_notice": {curve.name: victim_first.views(curve) for curve in replay.curves},
        "cases_for_the_item": len(whole.cases),
        "minutes_victim_to_hidden": victim_first.minutes_to_hidden(),
        "minutes_officer_to_hidden": worlds.officer_first.minutes_to_hidden(),
    }


def _beside(worlds: Worlds) -> dict[str, Any]:
    whole = worlds.whole
    return {
        "notices_of_the_item": whole.notices(),
        "decisions": whole.decisions(),
        "clock_breaches": whole.breaches(),
        "late_letters": whole.late_letters(),
        "alarms": whole.crew.calls,
    }


def _views_until_removed(replay: Replay, since: datetime) -> dict[str, int]:
    return {curve.name: curve.during([(since, replay.case.removed)]) for curve in replay.curves}


def _minutes(length: timedelta) -> float:
    return length / timedelta(minutes=1)


def reports_of_the_post(case: FoundingCase) -> int:
    """Return how many of the published reports name the post itself."""
    return sum(step.named is not None and not step.named.is_account for step in case.reports)
