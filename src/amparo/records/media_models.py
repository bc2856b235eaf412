"""The tables of what is known of files: their hashes, who shows them, which were looked at, and the banks of what is
to be found again.

Frames are packed into one value by `packed_frames`. A row with frames never changes them: other frames are another
row with another number, because an index has taken the old ones in. Which rows are new is asked by `added`, the
transaction that wrote them: see `shelves`.
"""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now


class TransactionId(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's `xid8`: the number of a transaction, which never wraps around."""

    def db_type(self, connection: Any) -> str:
        return "xid8"


class CurrentTransaction(models.Func):
    """The transaction that is running."""

    function = "pg_current_xact_id"
    arity = 0
    output_field = TransactionId()


class MediaFile(models.Model):
    """One file, by its digest: what it shows. `searchable`: how many of its frames say enough to be found again."""

    id = models.BigAutoField(primary_key=True)
    sha256 = models.CharField(max_length=64, unique=True)
    # An item of a bank may be known by nothing else.
    md5 = models.CharField(max_length=32, db_index=True)
    kind = models.CharField(max_length=10)
    duration_ms = models.BigIntegerField()
    every_ms = models.IntegerField()
    is_whole = models.BooleanField()
    pipeline = models.CharField(max_length=40)
    frames = models.BinaryField()
    searchable = models.IntegerField()
    kept_at = models.DateTimeField()
    added = TransactionId(db_default=CurrentTransaction())

    class Meta:
        indexes = (models.Index("added", name="files_by_transaction"),)


class Shown(models.Model):
    """Which subject of which account shows which file, since when."""

    id = models.BigAutoField(primary_key=True)
    platform = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=200)
    account = models.CharField(max_length=200, null=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    since = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint("platform", "kind", "subject_id", "sha256", name="a_subject_shows_a_file_once"),
        )


class LookedAt(models.Model):
    """Which listed file of which subject was looked at. `file`: its key, from the list alone (`Showing.file_key`).

    `listed_at`: since when it is known to stand in the platform's list. `why` it is not known, empty where it is. Where
    `next_at` is set, it could not be had `tries` times and is asked for again then, as it was `listed`.
    """

    id = models.BigAutoField(primary_key=True)
    platform = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=200)
    file = models.CharField(max_length=64)
    listed_at = models.DateTimeField()
    why = models.CharField(max_length=60, default="")
    tries = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    listed = models.JSONField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("platform", "kind", "subject_id", "file", name="a_listed_file_is_looked_at_once"),
        )
        indexes = (models.Index("next_at", condition=models.Q(next_at__isnull=False), name="files_to_look_at_again"),)


class WatchedPlatform(models.Model):
    """How far the watch over what a platform newly shows is.

    `looked_to`: when the last look began that came as far as the one before it. `round_cursor`: where the round over
    the whole list goes on. `failing_since`: since when it cannot be watched, and `rung_at`: when that last rang.
    """

    platform = models.CharField(max_length=60, primary_key=True)
    looked_to = models.DateTimeField(null=True)
    round_began_at = models.DateTimeField(null=True)
    round_ended_at = models.DateTimeField(null=True)
    round_cursor = models.TextField(null=True)
    failing_since = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)


class Bank(models.Model):
    """A list of what is to be found again. `confirmed_by`: who has looked at all of it; empty: each item is confirmed.

    `may` is the most that an equal file leads to; a likeness never leads to more than hiding.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=60, unique=True)
    source = models.CharField(max_length=200)
    licence = models.CharField(max_length=200)
    confirmed_by = models.CharField(max_length=200)
    may = models.CharField(max_length=10)
    is_enabled = models.BooleanField(default=True)
    disabled_until = models.DateTimeField(null=True)
    disabled_by = models.CharField(max_length=80, null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80, default="")


class BankItem(models.Model):
    """One item of a bank: its signals by type, and its frames in `turns` turns (0: it has none).

    Its digests stand among the signals and in columns, since each file that comes in is asked for by them.
    """

    id = models.BigAutoField(primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="items")
    signals = models.JSONField()
    sha256 = models.CharField(max_length=64, null=True, db_index=True)
    md5 = models.CharField(max_length=32, null=True, db_index=True)
    kind = models.CharField(max_length=10, null=True)
    duration_ms = models.BigIntegerField(default=0)
    every_ms = models.IntegerField(default=0)
    is_whole = models.BooleanField(default=True)
    pipeline = models.CharField(max_length=40, default="")
    turns = models.SmallIntegerField(default=0)
    frames = models.BinaryField(default=b"")
    searchable = models.IntegerField(default=0)
    source = models.CharField(max_length=10)
    added_by = models.CharField(max_length=80)
    # By the database's clock: it is for people to read, and no rule asks it.
    added_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.CharField(max_length=80, null=True)
    case = models.CharField(max_length=40, null=True)
    metadata = models.JSONField(default=dict)
    disabled_until = models.DateTimeField(null=True)
    disabled_by = models.CharField(max_length=80, null=True)
    added = TransactionId(db_default=CurrentTransaction())

    class Meta:
        indexes = (
            models.Index("added", name="items_by_transaction"),
            # Every page of the console says how many there are.
            models.Index("bank", name="items_that_wait", condition=models.Q(source="hand", confirmed_by__isnull=True)),
            # A list that came in at once would else lie unsorted for a while, and each question would read all of it.
            GinIndex(fields=["signals"], name="items_by_signal", opclasses=["jsonb_path_ops"], fastupdate=False),
        )


class BankSearch(models.Model):
    """Items of a bank, numbered above `after` up to `upto`, to be searched for among what was shown already.

    `due_at`: from when on, where they count later than this was asked; `asked_at` is by the database's clock.
    """

    id = models.BigAutoField(primary_key=True)
    bank = models.ForeignKey(Bank, on_delete=models.CASCADE, related_name="searches")
    after = models.BigIntegerField()
    upto = models.BigIntegerField()
    asked_at = models.DateTimeField(db_default=Now())
    due_at = models.DateTimeField(null=True)


class BankAct(models.Model):
    """What somebody did to a bank by hand, and what they said. `name`: what the bank was called then.

    No key joins it to the bank, which may be gone since; its number is never another's.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    bank_id = models.BigIntegerField(db_index=True)
    name = models.CharField(max_length=60)
    item = models.BigIntegerField(null=True)
    act = models.CharField(max_length=20)
    said = models.JSONField(default=dict)
