"""The tables of offices: police, regulators and courts that may be called back, and how they are reached."""

from django.db import models


class Office(models.Model):
    """An authority that has been put on file. `domain`: its own, on which it publishes how to reach it."""

    id = models.CharField(max_length=40, primary_key=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10)
    country = models.CharField(max_length=2)
    domain = models.CharField(max_length=120)
    added_by = models.CharField(max_length=40)
    added_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint("domain", "name", name="one_office_of_a_name_and_domain"),)


class OfficeContact(models.Model):
    """A phone number or mail address of an office. A row never changes what it names: another one is another row.

    `published_at`: the page of the office's own domain that names it. A retired row stays, so that it can be told
    later by what an office was confirmed.
    """

    id = models.CharField(max_length=40, primary_key=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="contacts")
    kind = models.CharField(max_length=5)
    value = models.CharField(max_length=120)
    published_at = models.CharField(max_length=300)
    added_by = models.CharField(max_length=40)
    added_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=40, null=True)
    confirmed_at = models.DateTimeField(null=True)
    retired_by = models.CharField(max_length=40, null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("office", "value"),
                condition=models.Q(retired_at__isnull=True),
                name="one_living_contact_of_a_value",
            ),
        )


class OfficeLink(models.Model):
    """Which notice a signed link is about, by the digest of its code. The code itself is kept nowhere."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    notice = models.CharField(max_length=40)
    expires_at = models.DateTimeField()
