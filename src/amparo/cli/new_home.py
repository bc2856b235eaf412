"""Writes a new home: folders, keys, policies and settings. Its database is made by others; nothing is overwritten."""

import os
import secrets
import shutil
from pathlib import Path

from amparo.cli.new_settings import Wanted, settings_text
from amparo.home import BadSettings, Home

_SHIPPED = Path(__file__).parent.parent / "policies" / "shipped"


def write_home(here: Home, wanted: Wanted) -> None:
    """Write everything of a home but its database. The settings file comes last: it says that the rest is there.

    Raises BadSettings, before it writes, for a recovery key that is none.
    """
    from amparo.vault.errors import BadSetup
    from amparo.vault.keys import make_keys, parse_recipients

    try:
        parse_recipients(wanted.recovery, "--recovery")
    except BadSetup as error:
        raise BadSettings(str(error)) from None
    here.path.mkdir(parents=True, exist_ok=True, mode=0o700)
    for folder in (here.keys, here.objects, here.spool, here.run):
        folder.mkdir(exist_ok=True, mode=0o700)
    make_keys(here.keys, wanted.recovery)
    make_certificate_key(here, wanted.door_url)
    _write_secret(here.keys / "django.key", secrets.token_urlsafe(48))
    _write_secret(here.keys / f"{wanted.connector}.key", wanted.secret)
    if not here.policies.exists():
        shutil.copytree(_SHIPPED, here.policies)
    here.settings_file.write_text(settings_text(wanted))


def make_certificate_key(here: Home, door_url: str) -> None:
    """Make the key that signs certificates, unless there is one. Its name is the address at which it is published."""
    from amparo.signed_note import Signer

    path = here.keys / "certificate.key"
    if not path.exists():
        name = "".join((door_url.partition("://")[2] or "amparo").split()).replace("+", "-").rstrip("/")
        _write_secret(path, Signer(f"{name}/certificate-key", os.urandom(32)).secret + "\n")
    own, public = str(Signer.read(here.secret(path.name)).key), here.keys / "certificate.pub"
    # Keys of before stay below, so that what was signed with them is still found genuine.
    before = public.read_text() if public.exists() else ""
    if own not in before.splitlines():
        public.write_text(f"{own}\n{before}")


def _write_secret(path: Path, secret: str) -> None:
    if path.exists():
        return
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret)
