"""People whom somebody has approved, by ids that a test can read."""

from datetime import UTC, datetime

from amparo.records import models


def approved(*people: str, role: str = "lead") -> None:
    """Put people on the staff, each of them approved."""
    for person in people:
        models.Staff.objects.create(
            id=person,
            username=person,
            role=role,
            approved_by="staff_other",
            enrolled_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
