"""The tables of programs that report: who sent which notice, whom we tell of it, and which signatures were used up.

`models` takes them in with the rest; nothing else imports this file.
"""

from django.db import models


class ApiNotice(models.Model):
    """Which sender sent a notice by the API, and the sender's own name for it. `id` is the order of the list."""

    id = models.BigAutoField(primary_key=True)
    notice = models.CharField(max_length=40, unique=True)
    sender = models.CharField(max_length=40)
    reference = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("sender", "-id"), name="notices_of_a_sender"),)


class WebhookEndpoint(models.Model):
    """Where a sender is told what became of its notices. Its secret stands in the home's keys, never here.

    `is_inside`: the operator said that it may be an address of the own network. `ended_at`: when it was removed, or
    said itself that it is gone. `only`: the types it wants; empty for all.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=40)
    sender = models.CharField(max_length=40, db_index=True)
    url = models.TextField()
    is_inside = models.BooleanField(default=False)
    only = models.JSONField(default=list)
    made_at = models.DateTimeField()
    slow_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("name",), condition=models.Q(ended_at__isnull=True), name="one_living_endpoint_of_a_name"
            ),
        )


class WebhookMessage(models.Model):
    """One message to one endpoint, until `delivered_at` or `given_up_at`. It holds ids, a type and times, no more."""

    number = models.BigAutoField(primary_key=True)
    id = models.CharField(max_length=40, unique=True)
    endpoint = models.BigIntegerField()
    type = models.CharField(max_length=40)
    notice = models.CharField(max_length=40)
    link = models.IntegerField(null=True)
    at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=40, default="")
    delivered_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index("next_try_at", condition=models.Q(next_try_at__isnull=False), name="messages_to_send"),
            models.Index(fields=("endpoint", "-number"), name="messages_of_an_endpoint"),
        )


class SeenSignature(models.Model):
    """The digest of a signed request that was taken, so that nobody sends it a second time. Kept for two days."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(db_index=True)
