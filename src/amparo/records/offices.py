"""Offices on file and how they are called back. What is put here confirms nobody before it has ripened.

One approved person puts a contact on file, another confirms that the office itself publishes it, and then the days of
the policy have to pass (`cases.decide_office`). Nothing here says who sent a notice.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from amparo.cases.refs import ContactId, NoticeId, OfficeId, StaffId, new_id
from amparo.cases.refused import Refused
from amparo.cases.sender import ContactOnFile, OfficeKind
from amparo.records import codes, models

PHONE, MAIL = "phone", "mail"
_DOMAIN = re.compile(r"(?=.{4,120}$)([a-z0-9](-?[a-z0-9])*\.)+[a-z]{2,}")
_NUMBER = re.compile(r"\+[0-9]{6,15}")
_MAIL = re.compile(r"[^\s@<>\"',;]{1,64}@([a-z0-9.-]+)")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Contact:
    """One way to reach an office, with who answers for it."""

    on_file: ContactOnFile
    kind: str
    value: str
    published_at: str
    is_retired: bool


@dataclass(frozen=True)
class Office:
    id: OfficeId
    name: str
    kind: OfficeKind
    country: str
    domain: str
    contacts: tuple[Contact, ...]


def every() -> list[Office]:
    """Return all offices by country and name, each with its contacts, oldest first."""
    rows = models.Office.objects.order_by("country", "name").prefetch_related("contacts")
    return [_office(row) for row in rows]


def find(office: str) -> Office | None:
    """Return an office, or None for an id that is nobody's."""
    row = models.Office.objects.filter(id=office).prefetch_related("contacts").first()
    return None if row is None else _office(row)


def contact_on_file(contact: str) -> ContactOnFile | None:
    """Return a contact that is still on file, or None."""
    row = models.OfficeContact.objects.filter(id=contact, retired_at__isnull=True).first()
    return None if row is None else _on_file(row)


def add(
    name: str, kind: OfficeKind, country: str, domain: str, *, by: str, now: datetime, draw: Callable[[int], bytes]
) -> Office:
    """Put an office on file. Raises Refused."""
    _must_be_approved(by)
    domain = domain.strip().lower()
    if not _DOMAIN.fullmatch(domain):
        raise Refused("no_domain", "Give the office's own domain, such as police.example.")
    office = models.Office(
        id=new_id("office", draw(16)), name=name, kind=kind.value, country=country, domain=domain, added_by=by
    )
    office.added_at = now
    try:
        with transaction.atomic():
            office.save(force_insert=True)
    except IntegrityError:
        raise Refused("office_exists", "This office is on file already.") from None
    return _office(office)


def add_contact(
    office: str, value: str, published_at: str, *, by: str, now: datetime, draw: Callable[[int], bytes]
) -> Contact:
    """Put a contact of an office on file. Raises Refused for what the office's own domain does not publish."""
    _must_be_approved(by)
    row = models.Office.objects.filter(id=office).first()
    if row is None:
        raise Refused("no_such_office", "There is no office with that id on file.")
    kind, value = _read(value, row.domain)
    page = urlsplit(published_at.strip())
    if page.scheme != "https" or not _is_of(page.hostname or "", row.domain):
        raise Refused("not_published_there", f"Give the https address of the page of {row.domain} that names it.")
    contact = models.OfficeContact(
        id=new_id("contact", draw(16)), office=row, kind=kind, value=value, published_at=published_at.strip()
    )
    contact.added_by, contact.added_at = by, now
    try:
        with transaction.atomic():
            contact.save(force_insert=True)
    except IntegrityError:
        raise Refused("contact_exists", "This contact is on file already.") from None
    return _contact(contact)


def confirm_contact(contact: str, *, by: str, now: datetime) -> None:
    """Answer for a contact as its second person. Raises Refused."""
    _must_be_approved(by)
    row = models.OfficeContact.objects.filter(id=contact, retired_at__isnull=True).first()
    if row is None:
        raise Refused("no_such_contact", "This contact is not on file any more.")
    if by == row.added_by:
        raise Refused("second_person_must_differ", "You put this contact on file. Somebody else has to confirm it.")
    models.OfficeContact.objects.filter(id=contact, confirmed_by__isnull=True).update(confirmed_by=by, confirmed_at=now)


def retire_contact(contact: str, *, by: str, now: datetime) -> None:
    """Take a contact off file at once: it confirms nobody any more. Raises Refused."""
    _must_be_approved(by)
    models.OfficeContact.objects.filter(id=contact, retired_at__isnull=True).update(retired_by=by, retired_at=now)


def new_link(notice: NoticeId, contact: ContactId, expires_at: datetime, nonce: bytes, secret: str) -> str:
    """Return a signed link's code, to be handed out once: whoever lacks the installation's secret can make none."""
    about = f"{notice}\n{contact}\n{expires_at.isoformat()}\n{nonce.hex()}".encode()
    signed = hmac.new(f"amparo.office:{secret}".encode(), about, hashlib.sha256).digest()
    letters = "".join(_ALPHABET[byte & 31] for byte in signed[:26])
    return "-".join(letters[start : start + 4] for start in range(0, 26, 4))


def keep_link(code: str, notice: NoticeId, expires_at: datetime) -> str:
    """Keep which notice a code is about, and return its digest."""
    sha256 = codes.hash_of(code)
    if sha256 is None:
        raise ValueError("That is not a code.")
    models.OfficeLink.objects.create(sha256=sha256, notice=notice, expires_at=expires_at)
    return sha256


def notice_of_link(code: str, now: datetime) -> tuple[NoticeId, str] | None:
    """Return the notice that a code is about and the code's digest, or None, whatever is wrong with the code."""
    sha256 = codes.hash_of(code) or codes.hash_of("0" * 26) or ""
    found = models.OfficeLink.objects.filter(sha256=sha256, expires_at__gt=now).values_list("notice", flat=True).first()
    return None if found is None else (NoticeId(found), sha256)


def _must_be_approved(staff: str) -> None:
    if not models.Staff.objects.filter(id=staff, is_active=True, approved_by__isnull=False).exists():
        raise Refused("not_approved_yourself", "Nobody has approved your own enrolment yet. Somebody else does this.")


def _read(value: str, domain: str) -> tuple[str, str]:
    """Return whether it is a phone or a mail, and it in its one form. Raises Refused for what is neither."""
    mail = value.strip().lower()
    if found := _MAIL.fullmatch(mail):
        if not _is_of(found[1], domain):
            raise Refused("not_their_domain", f"A mail address of this office ends with {domain}.")
        return MAIL, mail
    number = re.sub(r"[\s()/.-]", "", value)
    if not _NUMBER.fullmatch(number):
        raise Refused(
            "no_contact", "Give a phone number with its country, such as +48 22 000 00 00, or a mail address."
        )
    return PHONE, number


def _is_of(host: str, domain: str) -> bool:
    return host.lower() == domain or host.lower().endswith(f".{domain}")


def _office(row: models.Office) -> Office:
    contacts = sorted(row.contacts.all(), key=lambda each: (each.added_at, each.id))
    kind = OfficeKind(row.kind)
    return Office(OfficeId(row.id), row.name, kind, row.country, row.domain, tuple(_contact(each) for each in contacts))


def _contact(row: models.OfficeContact) -> Contact:
    return Contact(_on_file(row), row.kind, row.value, row.published_at, row.retired_at is not None)


def _on_file(row: models.OfficeContact) -> ContactOnFile:
    confirmed = None if row.confirmed_by is None else StaffId(row.confirmed_by)
    return ContactOnFile(ContactId(row.id), OfficeId(row.office_id), StaffId(row.added_by), confirmed, row.added_at)
