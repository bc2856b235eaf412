"""Joining Plaza, signing in and signing out."""

import asyncio

from starlette.requests import Request
from starlette.responses import Response

from plaza import accounts, answers
from plaza.accounts import open_session, password_fits, seal_password, sealed_password_of
from plaza.forms import field, read_form
from plaza.installation import installation_of
from plaza.refusals import Refusal


async def sign_in_form(request: Request) -> Response:
    """Show the form."""
    return answers.page(request, "sign_in.html", failed=False)


async def sign_in(request: Request) -> Response:
    """Open a session when handle and password fit; a wrong handle and a wrong password answer alike."""
    form = await read_form(request)
    handle = field(form, "handle", at_most=30, is_required=False).lower()
    password = field(form, "password", at_most=200, is_required=False)
    sealed = sealed_password_of(installation_of(request).database, handle)
    if sealed is None:
        # The same work as for a known handle, so that the time does not tell which handles exist.
        await asyncio.to_thread(seal_password, password)
    elif await asyncio.to_thread(password_fits, password, sealed):
        return _signed_in(request, handle)
    return answers.page(request, "sign_in.html", status=403, failed=True)


async def join_form(request: Request) -> Response:
    """Show the form for a new account."""
    return answers.page(request, "join.html")


async def join(request: Request) -> Response:
    """Create an account and sign it in."""
    form = await read_form(request)
    handle = field(form, "handle", at_most=30).lower()
    password = field(form, "password", at_most=200)
    if len(password) < 10:
        raise Refusal(400, "short_password", "A password has at least 10 characters.")
    about = field(form, "about", at_most=300, is_required=False)
    sealed = await asyncio.to_thread(seal_password, password)
    accounts.create(installation_of(request).database, handle, sealed, about)
    return _signed_in(request, handle)


async def sign_out(request: Request) -> Response:
    """End the session."""
    await read_form(request)
    if token := request.cookies.get(answers.COOKIE):
        accounts.close_session(installation_of(request).database, token)
    response = answers.see("/")
    response.delete_cookie(answers.COOKIE)
    return response


def _signed_in(request: Request, handle: str) -> Response:
    response = answers.see("/")
    token = open_session(installation_of(request).database, handle)
    # Not `secure`: Plaza speaks plain HTTP on the loopback network only.
    response.set_cookie(answers.COOKIE, token, httponly=True, samesite="strict")
    return response
