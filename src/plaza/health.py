"""Let the switched-on faults act before each request: Plaza drifts, or is down."""

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from plaza import answers
from plaza.database import now
from plaza.installation import installation_of
from plaza.refusals import Refusal

# The one address that answers while Plaza is down: otherwise nobody could switch it on again.
SWITCH = "/moderation/faults"


class Health:
    """Answer 503 to everything while the fault "down" is on, and undo the hides whose time has come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            request = Request(scope)
            installation = installation_of(request)
            installation.faults.drift(installation.database, now())
            if installation.faults.now.down and scope["path"] != SWITCH:
                response = answers.refuse(request, Refusal(503, "down", "Plaza is down. Please try again later."))
                return await response(scope, receive, send)
        await self._app(scope, receive, send)
