"""The ids that an address may hold. Anything else is no address of ours, and no view sees it."""

from django.urls.converters import IntConverter, StringConverter


class CaseIdPath(StringConverter):
    regex = "case_[a-z2-7]{26}"


class NoticeIdPath(StringConverter):
    regex = "notice_[a-z2-7]{26}"


class StaffIdPath(StringConverter):
    regex = "staff_[a-z2-7]{26}"


class OfficeIdPath(StringConverter):
    regex = "office_[a-z2-7]{26}"


class ContactIdPath(StringConverter):
    regex = "contact_[a-z2-7]{26}"


class BankPath(StringConverter):
    regex = "[A-Za-z0-9_][A-Za-z0-9._-]{0,59}"


class NumberPath(IntConverter):
    """A small number: a longer one would not fit a column."""

    regex = "[0-9]{1,9}"
