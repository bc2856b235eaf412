"""The switches of a practice site: its faults and its settings."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from plaza import faults, settings
from plaza.forms import read_object
from plaza.installation import installation_of
from plaza.writes import authorised


@authorised
async def get_faults(request: Request) -> Response:
    """Answer which faults are on. Works while Plaza is down."""
    return JSONResponse(installation_of(request).faults.as_json())


@authorised
async def put_faults(request: Request) -> Response:
    """Replace all faults: what the body does not name is off. Works while Plaza is down."""
    installation = installation_of(request)
    installation.faults.put(faults.parse(await read_object(request)))
    return JSONResponse(installation.faults.as_json())


@authorised
async def get_settings(request: Request) -> Response:
    """Answer the settings."""
    return JSONResponse(settings.as_json(installation_of(request).database))


@authorised
async def put_settings(request: Request) -> Response:
    """Replace the settings: what the body does not name is off."""
    settings.put(installation_of(request).database, await read_object(request))
    return await get_settings(request)
