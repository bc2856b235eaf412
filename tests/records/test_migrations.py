"""The tables are those of the models: a forgotten migration fails here, not on somebody's server."""

from pathlib import Path

from django.core.management import call_command


def test_every_change_of_the_models_has_its_migration(amparo_home: Path) -> None:
    call_command("makemigrations", "records", check=True, dry_run=True, verbosity=0)
