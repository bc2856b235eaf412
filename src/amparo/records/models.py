"""The tables. Only this package reads or writes them; a case and a notice are written by `casebook` alone.

The state of a case or notice is kept folded in its row, so that a decision costs the same after ten thousand events;
`casebook.refold` checks it against the events.
"""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from amparo.records.api_models import ApiNotice as ApiNotice
from amparo.records.api_models import SeenSignature as SeenSignature
from amparo.records.api_models import WebhookEndpoint as WebhookEndpoint
from amparo.records.api_models import WebhookMessage as WebhookMessage
from amparo.records.media_models import Bank as Bank
from amparo.records.media_models import BankAct as BankAct
from amparo.records.media_models import BankItem as BankItem
from amparo.records.media_models import BankSearch as BankSearch
from amparo.records.media_models import LookedAt as LookedAt
from amparo.records.media_models import MediaFile as MediaFile
from amparo.records.media_models import Shown as Shown
from amparo.records.media_models import WatchedPlatform as WatchedPlatform
from amparo.records.office_models import Office as Office
from amparo.records.office_models import OfficeContact as OfficeContact
from amparo.records.office_models import OfficeLink as OfficeLink


class Event(models.Model):
    """One event in its place. `body` holds references and digests, never names, texts or bytes."""

    id = models.BigAutoField(primary_key=True)
    aggregate = models.CharField(max_length=40)
    seq = models.IntegerField()
    at = models.DateTimeField()
    actor = models.JSONField()
    policy = models.CharField(max_length=120, null=True)
    type = models.CharField(max_length=60)
    body = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint("aggregate", "seq", name="one_event_per_place"),)


class Case(models.Model):
    """A case's folded state, with the columns by which it is found. `queue_from` is when its open round began."""

    id = models.CharField(max_length=40, primary_key=True)
    platform = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=200)
    seq = models.IntegerField(default=0)
    state = models.JSONField(null=True)
    is_open = models.BooleanField(default=True)
    lane = models.SmallIntegerField(default=0)
    harm = models.IntegerField(default=0)
    round = models.IntegerField(null=True)
    look_by = models.DateTimeField(null=True)
    account = models.CharField(max_length=300, null=True)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint("platform", "kind", "subject_id", name="one_case_per_subject"),)
        indexes = (
            models.Index("look_by", condition=models.Q(round__isnull=False), name="cases_in_the_queue"),
            models.Index("account", name="cases_by_account"),
        )


class Notice(models.Model):
    """A notice's folded state. `waits_for_a_person`: one of its links could not be placed yet."""

    id = models.CharField(max_length=40, primary_key=True)
    seq = models.IntegerField(default=0)
    state = models.JSONField(null=True)
    is_open = models.BooleanField(default=True)
    waits_for_a_person = models.BooleanField(default=False)
    has_unread_words = models.BooleanField(default=False)
    opened_at = models.DateTimeField(null=True)


class CaseNotice(models.Model):
    """Which notices name which case."""

    case = models.CharField(max_length=40)
    notice = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint("case", "notice", name="a_notice_joins_a_case_once"),)
        indexes = (models.Index("notice", name="cases_of_a_notice"),)


class Likeness(models.Model):
    """Which cases stand in which star: a file of the case's subject (`item`) shows what the star's file (`work`) does.

    `star` is the case in its middle, the claim of a picture, or `bank:NAME`.
    """

    id = models.BigAutoField(primary_key=True)
    case = models.CharField(max_length=40)
    star = models.CharField(max_length=80)
    work = models.CharField(max_length=64)
    item = models.CharField(max_length=64)
    is_exact = models.BooleanField()
    distance = models.SmallIntegerField()

    class Meta:
        constraints = (models.UniqueConstraint("case", "star", "work", "item", name="a_likeness_once"),)
        indexes = (models.Index("star", name="cases_of_a_star"),)


class Clock(models.Model):
    """A running clock, so that a lost job can never lose a deadline: whoever asks what is due asks this table."""

    id = models.BigAutoField(primary_key=True)
    aggregate = models.CharField(max_length=40)
    key = models.CharField(max_length=160)
    name = models.CharField(max_length=30)
    due_at = models.DateTimeField()
    wakes_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint("aggregate", "key", name="one_clock_per_key"),)


class Effect(models.Model):
    """Something to do outside, until `done_at`. `next_try_at` is when a worker looks at it again."""

    key = models.CharField(max_length=120, primary_key=True)
    name = models.CharField(max_length=30)
    aggregate = models.CharField(max_length=40)
    seq = models.IntegerField()
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, default="")

    class Meta:
        indexes = (
            models.Index("next_try_at", condition=models.Q(done_at__isnull=True), name="effects_to_do"),
            models.Index("aggregate", name="effects_of_one"),
        )


class FileAddress(models.Model):
    """Where a platform said that a file of a subject stands: a stranger looks there, also once the platform forgot.

    An address may be a link to what was reported: it is in no log and no event. `sha256` is that of the address.
    """

    id = models.BigAutoField(primary_key=True)
    platform = models.CharField(max_length=60)
    kind = models.CharField(max_length=20)
    subject_id = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    address = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint("platform", "kind", "subject_id", "sha256", name="an_address_of_a_subject_once"),
        )


class PolicyVersion(models.Model):
    """The text of a policy version that was in force, by its address `name@digest`."""

    ref = models.CharField(max_length=120, primary_key=True)
    text = models.TextField()


class Intake(models.Model):
    """An idempotency key and what came under it, so that a repeated form is answered alike and changes nothing."""

    key = models.CharField(max_length=255, primary_key=True)
    body_sha256 = models.CharField(max_length=64)
    notice = models.CharField(max_length=40)
    at = models.DateTimeField()


class NoticeCode(models.Model):
    """The hash of a secret code that opens a notice's private page. The code itself is kept nowhere."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    notice = models.CharField(max_length=40, db_index=True)
    expires_at = models.DateTimeField()


class PictureClaim(models.Model):
    """The code of a picture that somebody made on their own device, as long as the claim lasts. `notice`: of which.

    `works`: copies are looked for; else a person has to start it. The row ends with the claim, and the code with it.
    """

    id = models.CharField(max_length=40, primary_key=True)
    notice = models.CharField(max_length=40)
    pdq = models.CharField(max_length=64)
    quality = models.SmallIntegerField()
    pipeline = models.CharField(max_length=40)
    radius = models.SmallIntegerField()
    works = models.BooleanField()
    made_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes = (models.Index("works", name="claims_that_wait"),)


class AutomaticHide(models.Model):
    """One automatic hide, or one claim of a picture, for the hourly budgets.

    `network` is a keyed hash, and rows are deleted after a day.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    network = models.CharField(max_length=64)
    policy = models.CharField(max_length=60)

    class Meta:
        indexes = (models.Index("policy", "network", "at", name="hides_of_a_network"),)


class SealedObject(models.Model):
    """One object in the vault: the sealed key that opens it. Deleting the row is destroying the object."""

    id = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=20)
    owner = models.CharField(max_length=40, db_index=True)
    sealed_key = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    at = models.DateTimeField()


class Access(models.Model):
    """Somebody opened a sealed object. Written and committed before the first byte leaves the vault."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    object = models.CharField(max_length=60, db_index=True)
    actor = models.CharField(max_length=80)
    purpose = models.CharField(max_length=30)
    channel = models.CharField(max_length=20)


class Certificate(models.Model):
    """What was signed for a notice, once something it names was seen gone; to be made anew when `due_at` is set.

    `gone`: the cases that the text certifies. `taken_back_at`: when the last one stopped being true, with no text.
    """

    notice = models.CharField(max_length=40, primary_key=True)
    text = models.TextField(default="")
    gone = models.JSONField(default=list)
    made_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index("due_at", condition=models.Q(due_at__isnull=False), name="certificates_to_make"),)


class Alarm(models.Model):
    """A call for a person. One is open per matter; it is closed by the person who takes it up, or by its cure."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    kind = models.CharField(max_length=60)
    aggregate = models.CharField(max_length=40)
    times = models.IntegerField(default=1)
    last_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=40, null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("aggregate", "kind"), condition=models.Q(closed_at__isnull=True), name="one_open_alarm"
            ),
        )


class Claim(models.Model):
    """Who has a case open right now, so that no two people look at one picture at once. It lapses by itself."""

    case_id = models.CharField(max_length=40, primary_key=True)
    staff = models.CharField(max_length=40)
    until = models.DateTimeField()


class ApiKey(models.Model):
    """A key of a program that asks us. Only its hash is kept; the key itself was shown once, to whoever made it.

    `may`: the words of `api_keys.Scope`. `sender`: in whose name it sends notices.
    A revoked row stays, so that it can be told later who could do what when.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40)
    sender = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, unique=True)
    may = models.JSONField()
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("name",), condition=models.Q(revoked_at__isnull=True), name="one_living_key_of_a_name"
            ),
        )


class Heartbeat(models.Model):
    """When each kind of process last said that it is alive."""

    process = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()


class StaffManager(BaseUserManager["Staff"]):
    """Looks staff up by the name they sign in with."""


class Staff(AbstractBaseUser):
    """A member of staff. Voting to keep begins when `approved_by`, somebody else, has approved the enrolment."""

    REVIEWER, LEAD, ADMIN = "reviewer", "lead", "admin"

    id = models.CharField(max_length=40, primary_key=True)
    username = models.CharField(max_length=60, unique=True)
    role = models.CharField(max_length=10, choices=((REVIEWER, "reviewer"), (LEAD, "lead"), (ADMIN, "admin")))
    is_active = models.BooleanField(default=True)
    enrolled_by = models.CharField(max_length=40, null=True)
    enrolled_at = models.DateTimeField()
    approved_by = models.CharField(max_length=40, null=True)
    approved_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    objects = StaffManager()


class StaffAccount(models.Model):
    """A platform account that belongs to a member of staff, so that nobody judges their own."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="accounts")
    platform = models.CharField(max_length=60)
    account = models.CharField(max_length=200)

    class Meta:
        constraints = (models.UniqueConstraint("platform", "account", name="one_owner_per_account"),)


class PracticeMark(models.Model):
    """One row in a database that was made for practice, and none in any other. Written before anything else is."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(id=1), name="one_mark"),)


class CatalogueRun(models.Model):
    """How far the looking through of one source is: its place in the source's list, and its counts so far."""

    source = models.TextField(primary_key=True)
    began_at = models.DateTimeField()
    noted_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    cursor = models.TextField(null=True)
    tally = models.JSONField()
