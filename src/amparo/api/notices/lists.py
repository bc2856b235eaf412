"""`POST /v1/notices/bulk` and `POST /v1/xarf`: lists of hotlines and trusted flaggers, with a result for each link."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, JsonResponse

from amparo.api.bodies import JSON
from amparo.api.callers import Caller
from amparo.api.errors import ApiError
from amparo.api.notices import bulk, shown, table, taking
from amparo.api.notices.idempotency import key_of
from amparo.api.notices.names import notice_name
from amparo.api.notices.typed import Fields, json_body, refuse_larger
from amparo.api.notices.xarf import read as read_xarf
from amparo.plugins import installation

CSV = "text/csv"


def take_list(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Take a list, as JSON or as CSV. 200, whatever became of its rows: each says so itself."""
    key = key_of(request)
    if request.content_type == CSV:
        refuse_larger(request, bulk.MOST_BYTES)
        rows = table.rows_in(_pieces(request), bulk.MOST_ROWS)
    else:
        fields = Fields(json_body(request, bulk.MOST_BYTES, types=(JSON,)))
        told = fields.value("notices")
        fields.refuse_others()
        if not isinstance(told, list) or not 1 <= len(told) <= bulk.MOST_ROWS:
            raise ApiError(422, "wrong_field", f"`notices` is a list of 1 to {bulk.MOST_ROWS}.", field="notices")
        rows = bulk.rows_in(told)
    results = list(bulk.take(rows, caller, key))
    told_of = {"object": "results", "counts": bulk.counts(results), "results": [bulk.as_json(each) for each in results]}
    return JsonResponse(told_of)


def take_xarf(request: HttpRequest, caller: Caller) -> HttpResponse:
    """Take one report in XARF. Its own id makes it safe to send again."""
    told = json_body(request)
    sent = read_xarf(told)
    intake = taking.intake_of(caller, "xarf", sent.reference, told)
    taken = taking.open_notice(sent, caller, intake, has_key=True)
    notice = installation().casebook.notice(taken.notice)
    assert notice is not None  # noqa: S101 - for the type checker: it was just taken
    answer = JsonResponse(shown.receipt(taken, notice.came_at), status=201)
    answer.headers["Location"] = f"/v1/notices/{notice_name(taken.notice)}"
    if taken.is_replay:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


def _pieces(request: HttpRequest) -> Iterator[bytes]:
    while piece := request.read(64 * 1024):
        yield piece
