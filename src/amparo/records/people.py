"""The staff: who may judge, who approved whom, which platform accounts are theirs, and who has a case open."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from amparo.cases.actor import Staffing, Voter
from amparo.cases.refs import StaffId, Subject, SubjectKind, new_id
from amparo.cases.refused import Refused
from amparo.records import models
from amparo.records.statements import ask

CLAIM_FOR = timedelta(minutes=5)
_CALLS_FOR_A_PERSON = ("look_due", "late", "lead_wanted", "decision_due")


_VOTERS = """
SELECT staff.id, staff.role = 'lead', staff.approved_by IS NOT NULL,
  array_remove(array_agg(own.platform ORDER BY own.id), NULL),
  array_remove(array_agg(own.account ORDER BY own.id), NULL)
FROM records_staff staff LEFT JOIN records_staffaccount own ON own.staff_id = staff.id
WHERE staff.is_active AND staff.role <> 'admin'
GROUP BY staff.id ORDER BY staff.id
"""


def staffing() -> Staffing:
    """Return everyone who may judge now: active reviewers and leads. Admins decide nothing about content."""
    return Staffing(
        tuple(
            Voter(StaffId(person), is_lead, is_approved, _accounts(zip(platforms, accounts, strict=True)))
            for person, is_lead, is_approved, platforms, accounts in ask(_VOTERS, [])
        )
    )


def enrol(
    username: str, password: str, role: str, *, enrolled_by: str | None, now: datetime, draw: bytes
) -> models.Staff:
    """Add a member of staff. A reviewer or lead may vote to keep only once somebody else has approved this."""
    if models.Staff.objects.filter(username=username).exists():
        raise Refused("name_taken", "Somebody signs in with that name already. Choose another one.")
    person = models.Staff(
        id=new_id("staff", draw), username=username, role=role, enrolled_by=enrolled_by, enrolled_at=now
    )
    person.set_password(password)
    person.save()
    return person


def found(staff: Sequence[tuple[str, str, str]], *, now: datetime, draw: Callable[[int], bytes]) -> None:
    """Enrol the first people of an installation, each approved by the next: they stand at one shell together.

    `staff` holds name, role and password of at least two. Raises Refused where somebody is enrolled already.
    """
    if len(staff) < 2:
        raise Refused("two_people", "An installation begins with two people, or nobody could approve anybody.")
    if models.Staff.objects.exists():
        raise Refused("staff_exists", "There are staff already. Enrol further people on the console.")
    people = [enrol(name, password, role, enrolled_by=None, now=now, draw=draw(16)) for name, role, password in staff]
    for person, beside in zip(people, [*people[1:], people[0]], strict=True):
        models.Staff.objects.filter(id=person.id).update(approved_by=beside.id, approved_at=now)


def approve(staff: str, *, by: str, now: datetime) -> None:
    """Approve an enrolment. Raises Refused where it would not be a second person's doing."""
    person = models.Staff.objects.filter(id=staff, is_active=True).first()
    approver = models.Staff.objects.filter(id=by, is_active=True).first()
    if person is None or approver is None:
        raise Refused("no_such_person", "There is nobody with that id on the staff.")
    if by in (person.id, person.enrolled_by):
        raise Refused("second_person_must_differ", "Somebody other than the person and whoever enrolled them approves.")
    if approver.role == models.Staff.REVIEWER:
        raise Refused("not_yours_to_approve", "A lead or an admin approves enrolments.")
    if approver.approved_by is None:
        # Or one admin could enrol two leads, sign in as both, and let each approve the other.
        raise Refused("not_approved_yourself", "Nobody has approved your own enrolment yet. Somebody else approves.")
    models.Staff.objects.filter(id=staff, approved_by__isnull=True).update(approved_by=by, approved_at=now)


def link_account(staff: str, account: Subject) -> None:
    """Note that a platform account belongs to a member of staff, who then never judges it."""
    models.StaffAccount.objects.get_or_create(
        platform=account.platform, account=account.id, defaults={"staff_id": staff}
    )


@dataclass(frozen=True)
class Person:
    """A member of staff as the staff page shows one. `has_own_password`: not the one somebody else gave them."""

    id: StaffId
    username: str
    role: str
    is_active: bool
    has_own_password: bool
    enrolled_by: str | None
    approved_by: str | None
    accounts: tuple[Subject, ...]


def everybody() -> list[Person]:
    """Return everyone who is or was on the staff, by name."""
    rows = models.Staff.objects.order_by("-is_active", "username").prefetch_related("accounts")
    return [_person(row) for row in rows]


def find(staff: str) -> Person | None:
    """Return a member of staff, or None for an id that is nobody's."""
    row = models.Staff.objects.filter(id=staff).prefetch_related("accounts").first()
    return None if row is None else _person(row)


def deactivate(staff: str, *, by: str) -> None:
    """Take somebody off the staff, at once. Raises Refused for oneself."""
    if staff == by:
        raise Refused("not_yourself", "Somebody else has to take you off the staff.")
    models.Staff.objects.filter(id=staff).update(is_active=False)


def note_own_password(staff: str, now: datetime) -> None:
    """Note that a person has set a password that nobody gave them. Until then they can do nothing else."""
    models.Staff.objects.filter(id=staff).update(last_login=now)


def owner_of(account: Subject) -> str | None:
    """Return which member of staff has named a platform account as theirs."""
    named = models.StaffAccount.objects.filter(platform=account.platform, account=account.id)
    return named.values_list("staff_id", flat=True).first()


def has_claimed(case: str, staff: str, now: datetime) -> bool:
    """Whether this person has the case in hand now."""
    return models.Claim.objects.filter(case_id=case, staff=staff, until__gt=now).exists()


def answer_calls(case: str, staff: str, now: datetime, *, are_enough: bool) -> None:
    """Close the calls for somebody to look at a case: this person has come, and `are_enough` people could refuse it."""
    kinds = [*_CALLS_FOR_A_PERSON, *(["not_enough_people"] if are_enough else [])]
    calls = models.Alarm.objects.filter(aggregate=case, kind__in=kinds, closed_at__isnull=True)
    calls.update(closed_at=now, closed_by=staff)


def claim(case: str, staff: str, now: datetime) -> bool:
    """Take a case in hand for a few minutes; return False where somebody else has it. May be repeated."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO records_claim (case_id, staff, until) VALUES (%s, %s, %s)"
            " ON CONFLICT (case_id) DO UPDATE SET staff = EXCLUDED.staff, until = EXCLUDED.until"
            " WHERE records_claim.staff = EXCLUDED.staff OR records_claim.until < %s",
            [case, staff, now + CLAIM_FOR, now],
        )
        return bool(cursor.rowcount == 1)


def release(case: str, staff: str) -> None:
    """Put a case down again."""
    models.Claim.objects.filter(case_id=case, staff=staff).delete()


def _person(row: models.Staff) -> Person:
    return Person(
        id=StaffId(row.id),
        username=row.username,
        role=row.role,
        is_active=row.is_active,
        # The first people made theirs at the shell, when nobody was there to enrol them.
        has_own_password=row.enrolled_by is None or row.last_login is not None,
        enrolled_by=row.enrolled_by,
        approved_by=row.approved_by,
        accounts=tuple(Subject(each.platform, SubjectKind.ACCOUNT, each.account) for each in row.accounts.all()),
    )


def _accounts(named: Iterable[tuple[str, str]]) -> frozenset[Subject]:
    return frozenset(Subject(platform, SubjectKind.ACCOUNT, account) for platform, account in named)
