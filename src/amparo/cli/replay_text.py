"""The result of a replay as text of at most 100 columns: the figures side by side, then what they rest on."""

import textwrap
from collections.abc import Mapping
from typing import Any

from amparo.simulate.replay import Replay
from amparo.simulate.result import reports_of_the_post

_WIDTH = 100
_ROW = "{:<42}{:>18}{:>18}{:>18}"
_DAY, _HOUR = 24 * 60, 60


def text_of(result: Mapping[str, Any], replay: Replay) -> str:
    """Return everything that a replay has to say; `result` are its figures as JSON has them."""
    parts = [
        "The founding case: history as published, and the same days with Amparo",
        f"policy {result['policy']}, the staff below\n",
        _table(result, replay),
        *_told(result, replay),
        "The staff (what they decide is assumed: whoever looks removes it)",
        textwrap.indent(result["staffing"].rstrip(), "  "),
        "",
        "What the figures assume",
        *(_wrapped(f"{name}: {words}") for name, words in result["assumptions"].items()),
        "",
        _systems(result["systems"]),
    ]
    return "\n".join(parts)


def _table(result: Mapping[str, Any], replay: Replay) -> str:
    columns = [result[name] for name in ("history", "amparo", "zero_reviewers")]
    rows = [_ROW.format("", "history", "Amparo", "zero reviewers"), "-" * 96]

    def row(title: str, *cells: object) -> None:
        rows.append(_ROW.format(title, *map(str, cells)))

    for title, name in (
        ("first notice → hidden", "minutes_to_hidden"),
        ("first notice → decided by people", "minutes_to_decision"),
        ("first notice → gone", "minutes_to_gone"),
        ("the boy's notice → hidden", "minutes_victim_to_hidden"),
    ):
        row(title, *(_length(column[name]) for column in columns))
    _, *lived = (_length(column["minutes_officer_to_hidden"]) for column in columns)
    row("the officer's demand → hidden", "the same day", *lived)
    for title, name in (("first", "views_after_first_notice"), ("boy's", "views_after_victims_notice")):
        rows.append(f"views after the {title} notice")
        for curve in replay.curves:
            row(f"  {curve.title}", *(f"{column[name][curve.name]:,}" for column in columns))
    staffed, nobody = result["with_this_staff"], result["zero_reviewers"]
    decided = sum(step.does == "refuses" for step in replay.case.steps)
    notices = (staffed["notices_of_the_item"], nobody["notices_of_the_item"])
    row("notices of the post", reports_of_the_post(replay.case), *notices)
    row("cases opened for it", *(column["cases_for_the_item"] for column in columns))
    row("decisions about it", decided, staffed["decisions"], nobody["decisions"])
    is_refused = result["amparo"]["lone_refusal_refused"]
    row("one person alone finds no violation", "it stands", "is refused" if is_refused else "it stands", "nobody")
    return "\n".join(rows) + "\n"


def _told(result: Mapping[str, Any], replay: Replay) -> list[str]:
    """Return the sentences below the table: on nobody being there, and on the refusal of 28 January."""
    nobody, staffed, alone = result["zero_reviewers"], result["with_this_staff"], result["lone_refusal"]
    limit = nobody["at_limit"]
    did = (
        f"it hid {limit['hid']} and removed {limit['removed']}"
        if limit["hid"] or limit["removed"]
        else "hidden already"
    )
    keep = replay.policy.keep
    lead = ", one of them a lead" if keep.one_of_lead else ""
    return [
        "With zero reviewers",
        _wrapped(f"{'still hidden' if nobody['still_hidden'] else 'SHOWN'} at the end; refusals: {nobody['refusals']}"),
        _wrapped(f"at the hard limit the policy says {limit['rule']}: {did}"),
        _wrapped(_beside(nobody)),
        "With the staff below",
        _wrapped(_beside(staffed)),
        "The lone refusal of 28 January, pressed by one person in a run of its own",
        _wrapped(f"the core answers: {alone['answers'][0]}; pressed again: {alone['answers'][1]}"),
        _wrapped(f"the policy asks for {keep.people} people who do not see each other's vote{lead}"),
        _wrapped(
            f"the post afterwards: {'hidden' if alone['hidden_after'] else 'SHOWN'}; the vote after the boy's reply: "
            f"{'void' if alone['void_after_reply'] else 'standing'}"
        ),
        "",
    ]


def _beside(worlds: Mapping[str, Any]) -> str:
    ran_out = ", ".join(f"{name} {count:,}" for name, count in worlds["clock_breaches"].items())
    return (
        f"promised clocks that ran out: {ran_out}; alarms rung: {worlds['alarms']:,}; "
        f"times a reporter was told that we are late: {worlds['late_letters']:,}"
    )


def _systems(systems: Mapping[str, Any]) -> str:
    works = [number for number, each in systems.items() if each["works"]]
    lines = [f"Of the {len(systems)} systems in the case, {len(works)} work (--json names the tests)"]
    for number, each in systems.items():
        lines.append(_wrapped(f"{number:>2} {each['name']}: {'works' if each['works'] else each['missing']}"))
    return "\n".join(lines)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, initial_indent="  ", subsequent_indent="     ")


def _length(minutes: float | None) -> str:
    """Return a length as people say it; "never" for what did not happen."""
    if minutes is None:
        return "never"
    if minutes < 1:
        return f"{minutes * 60:.0f} s"
    if minutes < 2 * _HOUR:
        return f"{minutes:.0f} min"
    return f"{minutes / _HOUR:.0f} h" if minutes < 2 * _DAY else f"{minutes / _DAY:.0f} days"
