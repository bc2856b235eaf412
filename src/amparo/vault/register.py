"""What the vault asks of the records: where the rows are, who may see a case, and the access record.

The wiring passes one in; the vault knows nothing of tables. Every implementation runs the contract in
`tests/vault/register_contract.py`. Called from many threads at once, each of which lives as long as the vault.
Any exception means "cannot say": the vault then opens nothing.
"""

from typing import Protocol

from amparo.vault.sealed import SealedObject


class Register(Protocol):
    def find(self, object_id: str) -> SealedObject | None:
        """Return the committed row. None: there is nothing under this id that can be opened, or no longer."""
        ...

    def staff_may_open(self, actor_id: str, owner: str) -> bool:
        """Say whether this is an active member of staff with the right to see this notice or case, now."""
        ...

    def record_access(self, object_id: str, actor: str, purpose: str, channel: str) -> None:
        """Write down who opens what, why and through which door; committed and durable when it returns."""
        ...

    def erase_key(self, object_id: str) -> None:
        """Delete the sealed key for good, committed when it returns; `find` answers None from then on.

        May be repeated; an unknown id is no error.
        """
        ...
