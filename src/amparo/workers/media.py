"""Says at the start how strong the sandbox is in which media is opened. Nothing is opened here."""

import logging

from amparo.home import BadSettings
from amparo.media.errors import SandboxFailed
from amparo.plugins import sandbox

log = logging.getLogger(__name__)


def report() -> None:
    """Write the level into the log: plainly where it is full, as a warning with what to do where it is less."""
    try:
        level = sandbox().level()
    except (BadSettings, SandboxFailed) as error:
        log.warning("no media is opened: %s", error)
        return
    if level.is_full:
        log.info("media is opened in a sandbox: %s", level)
    else:
        log.warning("the media sandbox is not full (%s): %s", level, level.mend)
