"""Signed requests of other servers that were taken, so that nobody sends one a second time."""

from datetime import datetime, timedelta

from amparo.records import models

# Longer than a signature's own date lets it be used.
_KEPT_FOR = timedelta(days=2)


def is_used(sha256: str) -> bool:
    """Whether that signature was taken before."""
    return models.SeenSignature.objects.filter(sha256=sha256).exists()


def use_up(sha256: str, now: datetime) -> None:
    """Note that a signature was taken. Two at once are told apart by nothing, and change what one changes."""
    models.SeenSignature.objects.bulk_create([models.SeenSignature(sha256=sha256, at=now)], ignore_conflicts=True)


def forget_old(now: datetime) -> int:
    """Delete those that their own date makes worthless; return how many."""
    deleted, _ = models.SeenSignature.objects.filter(at__lt=now - _KEPT_FOR).delete()
    return deleted
