"""Direct messages: a thread between two accounts, which nobody else can read."""

from starlette.requests import Request
from starlette.responses import Response

from plaza import accounts, answers, publishing, subjects
from plaza.forms import field, read_form
from plaza.installation import installation_of
from plaza.pages import readable
from plaza.refusals import Refusal
from plaza.subjects import Draft
from plaza.writing import LONGEST_TEXT, uploads

THREAD_LENGTH = 100


async def threads(request: Request) -> Response:
    """List the people one has messages with, the latest first."""
    me = answers.member(request)
    rows = installation_of(request).database.execute(
        "SELECT CASE account WHEN :me THEN recipient ELSE account END AS other, max(created_at) AS at FROM subjects"
        " WHERE kind = 'message' AND :me IN (account, recipient) GROUP BY other ORDER BY at DESC LIMIT 100",
        {"me": me.handle},
    )
    return answers.page(request, "threads.html", others=[row["other"] for row in rows])


async def thread(request: Request) -> Response:
    """Show the messages between the visitor and one other account, oldest first."""
    me = answers.member(request)
    database = installation_of(request).database
    other = accounts.find(database, request.path_params["handle"])
    rows = database.execute(
        "SELECT * FROM subjects WHERE kind = 'message' AND ((account = :me AND recipient = :other)"
        " OR (account = :other AND recipient = :me)) ORDER BY created_at DESC LIMIT :length",
        {"me": me.handle, "other": other.handle, "length": THREAD_LENGTH},
    ).fetchall()
    messages = [subjects.from_row(database, row) for row in reversed(rows)]
    return answers.page(request, "thread.html", other=other, messages=messages)


async def send(request: Request) -> Response:
    """Send a message, with a picture or video if there is one."""
    me = answers.member(request)
    installation = installation_of(request)
    other = accounts.find(installation.database, request.path_params["handle"])
    form = await read_form(request)
    if other.handle == me.handle:
        raise Refusal(400, "to_oneself", "A message goes to somebody else.")
    text = field(form, "text", at_most=LONGEST_TEXT)
    draft = Draft("message", me.handle, text, recipient=other.handle, uploads=await uploads(form))
    await publishing.publish(installation, draft)
    return answers.see(f"/messages/{other.handle}")


async def message(request: Request) -> Response:
    """Show one message on its own page, to its two people only."""
    found = readable(request, "message", request.path_params["id"])
    return answers.page(request, "message.html", message=found)
