"""How things are called in the API: ids that carry their kind, and cursors that say nothing."""

import re

from amparo.cases.refs import NoticeId

NOTICE = re.compile(r"ntc_[a-z2-7]{26}")
CURSOR = re.compile(r"cur_[0-9a-f]{1,15}")
MESSAGE = re.compile(r"msg_[0-9a-f]{32}")


def notice_name(notice: NoticeId) -> str:
    """Return the name of a notice, `ntc_…`."""
    return f"ntc_{notice.removeprefix('notice_')}"


def notice_of(name: str) -> NoticeId | None:
    """Return the notice with that name, or None for what is no such name."""
    return NoticeId(f"notice_{name.removeprefix('ntc_')}") if NOTICE.fullmatch(name) else None


def cursor_name(number: int) -> str:
    """Return the cursor behind that row of a list."""
    return f"cur_{number:x}"


def cursor_of(name: str) -> int | None:
    """Return the row behind which a list goes on, or None for what is no cursor."""
    return int(name.removeprefix("cur_"), 16) if CURSOR.fullmatch(name) else None
