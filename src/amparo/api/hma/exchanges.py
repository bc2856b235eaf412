"""`/c/exchange…`: Amparo takes no hashes from elsewhere yet, and says so."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from amparo.api.callers import Caller
from amparo.api.errors import ApiError

_NOT_YET = "Amparo fetches no hashes from exchanges yet. Put them into a bank yourself: POST /c/bank/NAME/signal."


def nothing(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Answer which exchanges there are, or kinds of them: none."""
    return JsonResponse([], safe=False)


def create(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Refuse to make one."""
    raise ApiError(501, "no_exchanges", _NOT_YET)


def show(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Say that there is none of that name."""
    raise ApiError(404, "no_such_exchange", f"Exchange '{name:.60}' not found. {_NOT_YET}")


def show_api(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Say that there is no such kind of exchange, with the status that HMA gives."""
    raise ApiError(400, "no_such_api", f"no such Exchange API '{name:.60}'. {_NOT_YET}")


def show_schema(request: HttpRequest, caller: Caller, name: str) -> HttpResponse:
    """Say that there is no such kind of exchange."""
    raise ApiError(404, "no_such_api", f"Exchange API '{name:.60}' not found. {_NOT_YET}")
