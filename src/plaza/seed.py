"""Fill an empty Plaza with people who do not exist, and with what they posted: shapes, noise and small talk."""

from datetime import timedelta

from plaza import accounts, drawing, subjects
from plaza.database import now
from plaza.installation import Installation
from plaza.media import Upload
from plaza.subjects import Draft, Subject

PEOPLE = {
    "harbour_light": "Boats, fog and the colour of water.",
    "north_window": "I draw what I see from one window.",
    "paper_kite": "Weekend builder of things that fly.",
    "slow_baker": "Bread takes the time it takes.",
    "green_tram": "Riding every line to its last stop.",
    "quiet_meadow": "Mostly grass. Sometimes sheep.",
}

# Author, words, tags, and what is drawn beside them.
POSTS = (
    ("harbour_light", "Fog this morning, then all the colours at once.", "harbour colours", "image"),
    ("north_window", "Study in blocks, number fourteen.", "drawing shapes", "image"),
    ("paper_kite", "First flight of the new frame. It held!", "kites", "video"),
    ("slow_baker", "A question for those who know: rye starter in winter, warm water or patience?", "bread", "none"),
    ("green_tram", "Line 6 to the end. The seats have this pattern and I love it.", "trams colours", "image"),
    ("quiet_meadow", "The meadow from above, more or less.", "meadow", "image"),
    ("harbour_light", "Buoys, slowly.", "harbour", "video"),
    ("north_window", "Fifteen. I let the circles win.", "drawing shapes", "image"),
    ("slow_baker", "Crumb of the week.", "bread", "image"),
    ("green_tram", "New timetable from Monday. Line 2 waits for nobody now.", "trams", "none"),
)
RESHARES = (("quiet_meadow", 0), ("north_window", 4), ("paper_kite", 8))
MESSAGES = (
    ("paper_kite", "harbour_light", "Do you still have some of that blue sailcloth?", "none"),
    ("harbour_light", "paper_kite", "I do! It looks like this.", "image"),
    ("paper_kite", "harbour_light", "Perfect. I can come by on Sunday.", "none"),
)
ROOMS = (("north_window", "Drawing together, bring a ruler"), ("slow_baker", "Watching dough rise"))


def seed(installation: Installation) -> None:
    """Create it all at the first start; a Plaza that has accounts is left as it is."""
    database = installation.database
    if database.execute("SELECT 1 FROM accounts").fetchone():
        return
    sealed = accounts.seal_password(installation.practice_password)
    for handle, about in PEOPLE.items():
        accounts.create(database, handle, sealed, about)
    posts = [
        _publish(
            installation, Draft("post", author, text, subjects.read_tags(tags), uploads=_drawn(media, number)), number
        )
        for number, (author, text, tags, media) in enumerate(POSTS)
    ]
    for handle, number in RESHARES:
        subjects.reshare(database, handle, posts[number].id)
    for number, (sender, recipient, text, media) in enumerate(MESSAGES):
        draft = Draft("message", sender, text, recipient=recipient, uploads=_drawn(media, 100 + number))
        _publish(installation, draft, number)
    for number, (host, title) in enumerate(ROOMS):
        _publish(installation, Draft("live", host, title, uploads=_drawn("image", 200 + number)), number)


def _drawn(media: str, number: int) -> tuple[Upload, ...]:
    draw = {"none": None, "image": drawing.picture, "video": drawing.video}[media]
    return (draw(number),) if draw else ()


def _publish(installation: Installation, draft: Draft, number: int) -> Subject:
    media_ids = [installation.shelf.keep(upload) for upload in draft.uploads]
    # Spread over the last day, the first of each list being the oldest.
    created_at = now() - timedelta(minutes=97 * (len(POSTS) - number))
    return subjects.insert(installation.database, draft, media_ids, created_at=created_at)
