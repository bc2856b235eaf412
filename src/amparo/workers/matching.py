"""Makes known what a case's files show: hashes them, finds their copies, and keeps the hashes of what was removed.

What is known stands in two banks of our own: `reported` while people decide, `removed` once one has. Matching goes
both ways: a new file is looked up in the banks, and what is reported is looked up in all that platforms have shown.
"""

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from amparo.cases.actor import Actor, Reviewer, System
from amparo.cases.case import Case
from amparo.cases.case_commands import RecordMatch, WithdrawMatches
from amparo.cases.case_events import ContentPart, Likeness, Range, RemovalDecided
from amparo.cases.effects import shows
from amparo.cases.refs import CaseId, Digest, StaffId, Subject
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Wanted
from amparo.matching.copies import Match
from amparo.matching.fingerprint import Fingerprint, MediaKind
from amparo.media.errors import NoSandbox, Refused
from amparo.media.fingerprint import fingerprint
from amparo.plugins import Installation, matcher, sandbox, vault
from amparo.policies.policy import Copies, Lane, Policy, Topic
from amparo.records import budgets, effects, queues
from amparo.records.effects import Work
from amparo.records.matcher import Copy, Known
from amparo.records.stars import cases_of_star
from amparo.workers import pager

log = logging.getLogger(__name__)

_ACTOR = "system:matching"
_SYSTEM = System("matching")


def hash_content(here: Installation, work: Work) -> str | None:
    """Hash every file of a subject that shows something; look it up in the banks; find its copies if it is hidden.

    Decoding may take longer than a lease, so only one worker at a time hashes for a case.
    """
    with effects.alone(f"{work.aggregate}:hashes") as is_ours:
        if not is_ours:
            return None
        case = _case(here, work)
        if case.content is None:
            return "nothing"
        now = here.casebook.now()
        prints = [_fingerprint(here, case, part) for part in _showing(case)]
        for each in prints:
            matcher().keep(each, now)
            matcher().show(case.subject, case.account, each.sha256, now)
            _look_up(here, case, each)
        _keep_reported(here, case, prints)
        _find_copies(here, case.id, prints, None, _SYSTEM)
        return "hashed" if all(each.is_hashable for each in prints) else "digests only"


def find_copies(here: Installation, work: Work) -> str | None:
    """Find the copies of what was hidden just now, where its files are hashed already; else hashing finds them."""
    case = _case(here, work)
    prints = matcher().kept_of(case.id)
    _find_copies(here, case.id, prints, None, _SYSTEM)
    return "looked" if prints else "not hashed yet"
