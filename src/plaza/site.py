"""Wire Plaza together: which address goes to which function, and how its errors look."""

from pathlib import Path

import jinja2
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from plaza import answers, catalogue, controls, live, messages, moderation, pages, practice, signing, writing
from plaza.database import connect
from plaza.faults import FaultSwitch
from plaza.health import Health
from plaza.home import Home
from plaza.installation import Installation
from plaza.limits import Limits
from plaza.media import Shelf
from plaza.refusals import Refusal
from plaza.reporting import Door
from plaza.writes import once

HERE = Path(__file__).parent
SENTENCES = {404: "There is no such page on Plaza.", 405: "This address does not take that kind of request."}


def install(home: Home, url: str, door_url: str) -> Installation:
    """Return the Plaza of this home, ready to be served at `url`."""
    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return Installation(
        url=url,
        door=Door(door_url),
        database=connect(home.database),
        shelf=Shelf(home.media),
        faults=FaultSwitch(),
        templates=templates,
        moderation_key=home.moderation_key(),
        practice_password=home.practice_password(),
    )


def site(installation: Installation) -> Starlette:
    """Return the web application."""
    app = Starlette(
        routes=[
            *_people(),
            Mount("/moderation", routes=_moderation()),
            Mount("/static", StaticFiles(directory=HERE / "static")),
        ],
        middleware=[Middleware(Limits), Middleware(Health)],
        exception_handlers={Refusal: _refused, HTTPException: _refused_by_starlette},
    )
    app.state.installation = installation
    return app


def _people() -> list[BaseRoute]:
    return [
        Route("/", pages.home),
        Route("/search", pages.search),
        Route("/tag/{tag}", pages.tag),
        Route("/post/{id}", pages.post),
        Route("/post/{id}/edit", writing.edit_form),
        Route("/post/{id}/edit", writing.edit, methods=["POST"]),
        Route("/post/{id}/reshare", writing.reshare, methods=["POST"]),
        Route("/new", writing.compose),
        Route("/new", writing.publish, methods=["POST"]),
        Route("/user/{handle}", pages.profile),
        Route("/messages", messages.threads),
        Route("/messages/{handle}", messages.thread),
        Route("/messages/{handle}", messages.send, methods=["POST"]),
        Route("/message/{id}", messages.message),
        Route("/live", live.rooms),
        Route("/live", live.open_room, methods=["POST"]),
        Route("/live/{id}", live.room),
        Route("/media/{name}", pages.media),
        Route("/picture/{id}", pages.picture),
        Route("/report", pages.report),
        Route("/copyright", pages.copyright_page),
        Route("/.well-known/report-door", pages.well_known),
        Route("/sign-in", signing.sign_in_form),
        Route("/sign-in", signing.sign_in, methods=["POST"]),
        Route("/sign-out", signing.sign_out, methods=["POST"]),
        Route("/join", signing.join_form),
        Route("/join", signing.join, methods=["POST"]),
    ]


def _moderation() -> list[BaseRoute]:
    write = ["POST"]
    move = once(moderation.move_subject)
    return [
        Route("/catalogue", catalogue.catalogue),
        Route("/subjects/{kind}/{id}", moderation.subject),
        Route("/subjects/{kind}/{id}/changes", moderation.subject_changes),
        *(
            Route(f"/subjects/{{kind}}/{{id}}/{action}", move, methods=write)
            for action in ("hide", "remove", "restore")
        ),
        Route("/posts/{id}/demonetise", once(moderation.demonetise), methods=write),
        Route("/accounts/{handle}", moderation.account),
        Route("/accounts/{handle}/subjects", moderation.account_subjects),
        Route("/accounts/{handle}/changes", moderation.account_changes),
        Route("/accounts/{handle}/suspend", once(moderation.suspend), methods=write),
        Route("/accounts/{handle}/unsuspend", once(moderation.unsuspend), methods=write),
        Route("/media/{id}", moderation.media),
        Route("/faults", controls.get_faults),
        Route("/faults", controls.put_faults, methods=["PUT"]),
        Route("/settings", controls.get_settings),
        Route("/settings", controls.put_settings, methods=["PUT"]),
        Route("/practice/accounts", practice.new_account, methods=write),
        Route("/practice/posts", practice.new_post, methods=write),
        Route("/practice/posts/{id}/edit", practice.edit_post, methods=write),
        Route("/practice/messages", practice.new_message, methods=write),
        Route("/practice/live", practice.new_room, methods=write),
        Route("/practice/reshares", practice.new_reshare, methods=write),
    ]


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, Refusal):
        raise error
    return answers.refuse(request, error)


async def _refused_by_starlette(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    sentence = SENTENCES.get(error.status_code, "This request could not be read.")
    response = answers.refuse(request, Refusal(error.status_code, "refused", sentence))
    response.headers.update(error.headers or {})
    return response
