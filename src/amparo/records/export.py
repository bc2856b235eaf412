"""What an export holds: which tables, and of each which columns. Whatever is not named here stays where it is.

Left out on purpose: password hashes, hashes of codes, of API keys and of networks, sealed keys (nobody's but the
vault's), forms' keys, links to reported files, and what is only of the moment (claims, heartbeats, jobs, sign-ins).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model

from amparo.records import models

_AT_ONCE = 1000


@dataclass(frozen=True)
class Table:
    """One file of lines: the columns of a table in an order that stays, as they are stored."""

    model: type[Model]
    columns: tuple[str, ...]
    order: tuple[str, ...]

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield each row as JSON values, some at a time."""
        found = self.model._default_manager.order_by(*self.order).values(*self.columns)
        for row in found.iterator(chunk_size=_AT_ONCE):
            yield {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}

    def count(self) -> int:
        return self.model._default_manager.count()


TABLES = {
    "events": Table(models.Event, ("aggregate", "seq", "at", "actor", "policy", "type", "body"), ("aggregate", "seq")),
    "cases": Table(
        models.Case, ("id", "platform", "kind", "subject_id", "account", "is_open", "opened_at", "state"), ("id",)
    ),
    "notices": Table(models.Notice, ("id", "is_open", "opened_at", "state"), ("id",)),
    "notices_of_cases": Table(models.CaseNotice, ("case", "notice"), ("case", "notice")),
    "likenesses": Table(models.Likeness, ("case", "star", "work", "item", "is_exact", "distance"), ("id",)),
    "certificates": Table(models.Certificate, ("notice", "made_at", "taken_back_at", "gone", "text"), ("notice",)),
    "clocks": Table(models.Clock, ("aggregate", "key", "name", "due_at"), ("aggregate", "key")),
    "effects": Table(
        models.Effect, ("key", "name", "aggregate", "seq", "created_at", "tries", "done_at", "outcome"), ("key",)
    ),
    "alarms": Table(models.Alarm, ("at", "kind", "aggregate", "times", "last_at", "closed_at", "closed_by"), ("id",)),
    "staff": Table(
        models.Staff,
        ("id", "username", "role", "is_active", "enrolled_by", "enrolled_at", "approved_by", "approved_at"),
        ("id",),
    ),
    "staff_accounts": Table(models.StaffAccount, ("staff_id", "platform", "account"), ("id",)),
    "api_keys": Table(models.ApiKey, ("name", "sender", "may", "created_at", "last_used_at", "revoked_at"), ("id",)),
    "api_notices": Table(models.ApiNotice, ("notice", "sender", "reference", "at"), ("id",)),
    "webhook_endpoints": Table(
        models.WebhookEndpoint, ("id", "name", "sender", "url", "is_inside", "only", "made_at", "ended_at"), ("id",)
    ),
    "access": Table(models.Access, ("at", "object", "actor", "purpose", "channel"), ("id",)),
    "banks": Table(
        models.Bank,
        (
            "id",
            "name",
            "source",
            "licence",
            "confirmed_by",
            "may",
            "is_enabled",
            "disabled_until",
            "disabled_by",
            "made_at",
            "made_by",
        ),
        ("name",),
    ),
    "bank_items": Table(
        models.BankItem,
        (
            "id",
            "bank_id",
            "signals",
            "source",
            "added_by",
            "added_at",
            "confirmed_by",
            "case",
            "metadata",
            "disabled_until",
            "disabled_by",
        ),
        ("id",),
    ),
    "bank_acts": Table(models.BankAct, ("at", "by", "bank_id", "name", "item", "act", "said"), ("id",)),
    "offices": Table(models.Office, ("id", "name", "kind", "country", "domain", "added_by", "added_at"), ("id",)),
    "office_contacts": Table(
        models.OfficeContact,
        (
            "id",
            "office_id",
            "kind",
            "value",
            "published_at",
            "added_by",
            "added_at",
            "confirmed_by",
            "confirmed_at",
            "retired_by",
            "retired_at",
        ),
        ("id",),
    ),
    "sealed": Table(models.SealedObject, ("id", "kind", "owner", "sha256", "size_bytes", "at"), ("id",)),
}
# Each with the reason why nobody is shown it.
LEFT_OUT = {
    models.FileAddress: "links to reported files, for the worker that looks there",
    models.MediaFile: "hashes of what platforms show, made again by hashing it again",
    models.Shown: "which post shows which file, as the platform tells it again",
    models.PolicyVersion: "its texts are files of their own",
    models.Intake: "keys of forms, so that a repeated one changes nothing",
    models.NoticeCode: "hashes of secret codes",
    models.OfficeLink: "hashes of links that offices open",
    models.AutomaticHide: "hashes of networks, kept for a day",
    models.Claim: "who has a case open just now",
    models.PictureClaim: "codes that people made of their own pictures, for here and as long as they want",
    models.Heartbeat: "which process is alive just now",
    models.CatalogueRun: "how far a source is looked through",
    models.LookedAt: "which listed files were looked at, as the platform lists them again",
    models.BankSearch: "which items of banks are still to be searched for",
    models.WebhookMessage: "which messages went out, which the events say again",
    models.SeenSignature: "digests of signed requests, kept for two days",
    models.PracticeMark: "that a database is one for practice, which no real one is",
    models.WatchedPlatform: "how far the watch over a platform is",
}


def policy_texts() -> Iterator[tuple[str, str]]:
    """Yield the address and the text of every policy version that was ever in force."""
    yield from models.PolicyVersion.objects.order_by("ref").values_list("ref", "text").iterator(chunk_size=100)


def openable(kinds: frozenset[str]) -> list[tuple[str, str]]:
    """Return the id and kind of every sealed object of these kinds."""
    found = models.SealedObject.objects.filter(kind__in=kinds).order_by("id")
    return list(found.values_list("id", "kind"))
