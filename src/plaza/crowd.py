"""Fill Plaza with thousands of small posts at once, for whoever practises on a large catalogue.

They are written straight into the database and onto the shelf: published one by one, ten thousand would take minutes.
"""

from datetime import timedelta

from plaza import accounts, drawing
from plaza.database import new_id, now, stamp, transaction
from plaza.installation import Installation

ACCOUNTS = 50
PICTURE_SIZE = (160, 120)
_FIRST_SEED = 1_000_000
_HANDLES = [f"crowd_{number:02}" for number in range(ACCOUNTS)]


def crowd(installation: Installation, posts: int, pictures: int) -> None:
    """See to it that the crowd has so many posts, each with one of so many drawn pictures. May be repeated."""
    database = installation.database
    _join(installation)
    (there,) = database.execute("SELECT count(*) FROM subjects WHERE account GLOB 'crowd_*'").fetchone()
    missing = range(there, posts)
    if not missing:
        return
    drawn = [drawing.picture(_FIRST_SEED + number, PICTURE_SIZE) for number in range(min(pictures, posts))]
    # Two minutes apart and all in the past, so that what is published from now on is newer.
    latest = now()
    subjects, media = [], []
    for number in missing:
        upload = drawn[number % len(drawn)]
        subject_id, media_id = new_id(), installation.shelf.keep(upload)
        at = stamp(latest - timedelta(minutes=2 * (number + 1)))
        subjects.append((subject_id, _HANDLES[number % ACCOUNTS], f"Number {number}.", at))
        media.append((media_id, subject_id, upload.content_type, upload.sha256, len(upload.content), at))
    with transaction(database):
        database.executemany(
            "INSERT INTO subjects (id, kind, account, text, created_at) VALUES (?, 'post', ?, ?, ?)", subjects
        )
        database.executemany("INSERT INTO media VALUES (?, ?, ?, ?, ?, ?)", media)


def _join(installation: Installation) -> None:
    known = {row["handle"] for row in installation.database.execute("SELECT handle FROM accounts")}
    if missing := [handle for handle in _HANDLES if handle not in known]:
        sealed = accounts.seal_password(installation.practice_password)
        for handle in missing:
            accounts.create(installation.database, handle, sealed, "One of many.")
