"""Every answer that Plaza gives: pages for people, JSON for programs, and the same refusal as either."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from plaza import accounts
from plaza.accounts import Account
from plaza.installation import Installation, installation_of
from plaza.refusals import Refusal
from plaza.reporting import TYPES

COOKIE = "plaza_session"
TITLES = {403: "Not allowed", 404: "Not available", 410: "Not available", 503: "Plaza is down"}


def page(request: Request, template: str, *, status: int = 200, **facts: object) -> Response:
    """Return the template as a page. Never stored by anyone: it holds fresh report keys and may be gone tomorrow."""
    installation = installation_of(request)
    html = installation.templates.get_template(template).render(
        facts, me=visitor(request), door=installation.door, site=installation, types=TYPES
    )
    return HTMLResponse(html, status, headers=_headers(installation))


def see(path: str) -> Response:
    """Return the redirect after a form was taken."""
    return RedirectResponse(path, 303, headers={"Cache-Control": "no-store"})


def refuse(request: Request, refusal: Refusal) -> Response:
    """Return the refusal: JSON below /moderation, a short page everywhere else."""
    if request.scope["path"].startswith("/moderation"):
        body = {"error": refusal.code, "message": refusal.sentence, **refusal.facts}
        headers = {"Cache-Control": "no-store"} | ({"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {})
        return JSONResponse(body, refusal.status, headers=headers)
    title = TITLES.get(refusal.status, "That did not work")
    return page(request, "notice.html", status=refusal.status, title=title, sentence=refusal.sentence)


def visitor(request: Request) -> Account | None:
    """Return who is signed in, or None for a visitor without an account."""
    token = request.cookies.get(COOKIE)
    return accounts.account_of_session(installation_of(request).database, token) if token else None


def member(request: Request) -> Account:
    """Return who is signed in, or refuse."""
    account = visitor(request)
    if account is None:
        raise Refusal(403, "sign_in_first", "Please sign in first.")
    return account


def _headers(installation: Installation) -> dict[str, str]:
    door = installation.door.origin
    return {
        "Cache-Control": "no-store",
        # The report button's script comes from the door, and it and the report forms post there. Nothing else does.
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; media-src 'self';"
        f" script-src {door}; form-action 'self' {door}; base-uri 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
    }
