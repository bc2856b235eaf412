"""The books as PostgreSQL keeps them, inside one running transaction: found, reserved and locked here."""

import json
from collections.abc import Callable, Collection, Mapping

from amparo.cases.case import Case
from amparo.cases.notice import Notice
from amparo.cases.refs import CaseId, NoticeId, Subject, SubjectKind, new_id
from amparo.records import codec
from amparo.records.statements import ask

_RESERVE = """
INSERT INTO records_case (id, platform, kind, subject_id, seq, is_open, lane, harm)
SELECT id, platform, kind, subject_id, 0, true, 0, 0
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) AS t (id, platform, kind, subject_id)
ON CONFLICT DO NOTHING
RETURNING platform, kind, subject_id, id
"""
_FIND = """
SELECT c.platform, c.kind, c.subject_id, c.id
FROM records_case c
JOIN unnest(%s::text[], %s::text[], %s::text[]) AS t (platform, kind, subject_id)
ON c.platform = t.platform AND c.kind = t.kind AND c.subject_id = t.subject_id
"""
_LOCK_NOTICES = "SELECT id, state FROM records_notice WHERE id = ANY(%s) ORDER BY id FOR UPDATE"
_LOCK_CASES = "SELECT id, state FROM records_case WHERE id = ANY(%s) ORDER BY id FOR UPDATE"


class Rows:
    """What a decision loads. `new` holds the ids that came into being in this transaction: nobody else knows them."""

    def __init__(self, draw: Callable[[int], bytes]) -> None:
        self._draw = draw
        self.new: set[str] = set()

    def reserve_notice(self, notice: NoticeId) -> None:
        """Say that a notice begins in this transaction. Its row is written at the end, and fails if there is one."""
        self.new.add(notice)

    def case_ids(self, subjects: Collection[Subject]) -> Mapping[Subject, CaseId]:
        """Return the case of each subject, reserving a new one where there is none; two at once agree on one.

        Subjects are taken in one order by everybody, since whoever reserves one makes the others wait for it.
        """
        missing = sorted(subjects, key=str)
        found = _cases(ask(_FIND, _columns(missing)) if missing else [])
        if missing := [each for each in missing if each not in found]:
            ids = [new_id("case", self._draw(16)) for _ in missing]
            reserved = _cases(ask(_RESERVE, [ids, *_columns(missing)]))
            self.new.update(reserved.values())
            found.update(reserved)
        if missing := [each for each in missing if each not in found]:
            # Somebody else reserved them in between, and has committed: else we would still wait.
            found.update(_cases(ask(_FIND, _columns(missing))))
        return found

    def load(self, ids: Collection[str]) -> Mapping[str, Case | Notice | None]:
        """Lock these, in the order of their ids, and return their states; None for what has no event yet."""
        found: dict[str, Case | Notice | None] = dict.fromkeys(ids)
        known = [each for each in ids if each not in self.new]
        if notices := [each for each in known if each.startswith("notice_")]:
            for each, state in ask(_LOCK_NOTICES, [notices]):
                found[each] = None if state is None else codec.from_json(Notice, json.loads(state))
        if cases := [each for each in known if not each.startswith("notice_")]:
            for each, state in ask(_LOCK_CASES, [cases]):
                found[each] = None if state is None else codec.from_json(Case, json.loads(state))
        return found


def _columns(subjects: Collection[Subject]) -> list[list[str]]:
    return [
        [each.platform for each in subjects],
        [each.kind.value for each in subjects],
        [each.id for each in subjects],
    ]


def _cases(rows: list[tuple[str, str, str, str]]) -> dict[Subject, CaseId]:
    return {Subject(platform, SubjectKind(kind), own): CaseId(case) for platform, kind, own, case in rows}
