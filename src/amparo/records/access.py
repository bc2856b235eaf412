"""The vault's register: where sealed objects are found and each opening is written down before the first byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from amparo.records import models
from amparo.records.statements import ask
from amparo.vault.errors import VaultRefused
from amparo.vault.sealed import SealedObject

_IS_HELD = """
SELECT 1 FROM records_sealedobject o JOIN records_case c ON c.id = o.owner,
       jsonb_array_elements(coalesce(c.state -> 'holds', '[]'::jsonb)) hold
 WHERE o.id = %s AND (hold ->> 'until')::timestamptz > %s
"""


class Register:
    """Keeps the vault's rows in PostgreSQL. Each method commits before it returns.

    The vault's threads live as long as it does, so each question looks first whether its connection still does, and
    gives up one over which it failed: one that died with the database, or leads to a standby, would do so for good.
    """

    def find(self, object_id: str) -> SealedObject | None:
        """Return the row of a sealed object, or None where it was destroyed or never was."""
        with _over_a_living_connection():
            row = models.SealedObject.objects.filter(id=object_id).first()
            if row is None:
                return None
            return SealedObject(row.id, row.kind, row.owner, bytes(row.sealed_key), row.sha256, row.size_bytes)

    def record_access(self, object_id: str, actor: str, purpose: str, channel: str) -> None:
        """Write down who opens what and why. Committed when this returns."""
        with _over_a_living_connection():
            models.Access.objects.create(
                at=datetime.now(UTC), object=object_id, actor=actor, purpose=purpose, channel=channel
            )

    def erase_key(self, object_id: str) -> None:
        """Delete the row: nobody can ever read the object again. Raises VaultRefused while an office has it kept."""
        with _over_a_living_connection():
            if ask(_IS_HELD, [object_id, datetime.now(UTC)]):
                raise VaultRefused("An office has this kept. It can be erased once the hold is over.", "held")
            models.SealedObject.objects.filter(id=object_id).delete()

    def staff_may_open(self, actor_id: str, owner: str) -> bool:
        """Whether that person, an active reviewer or lead, may see what belongs to this case or notice."""
        with _over_a_living_connection():
            judges = models.Staff.objects.filter(id=actor_id, is_active=True).exclude(role=models.Staff.ADMIN)
            if not judges.exists():
                return False
            if owner.startswith("case_"):
                return models.Case.objects.filter(id=owner, state__isnull=False).exists()
            return models.Notice.objects.filter(id=owner).exists()


@contextmanager
def _over_a_living_connection() -> Iterator[None]:
    close_old_connections()
    try:
        yield
    except (DatabaseError, InterfaceError):
        connection.close()
        raise
