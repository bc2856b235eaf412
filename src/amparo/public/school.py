"""The letter for the school: to read, print and copy from the private page, for whoever wants it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from amparo.cases.notice import Notice
from amparo.letters import school
from amparo.public.pages import notice_of, show
from amparo.public.tickets import PAGE

_look = require_http_methods(["GET", "HEAD"])


@_look
def page(request: HttpRequest) -> HttpResponse:
    """Show the letter."""
    notice = notice_of(request)
    context = {"paragraphs": school.letter(was_reported=_was_reported(notice))}
    return PAGE.give(show(request, "school", context), notice.id)


@_look
def download(request: HttpRequest) -> HttpResponse:
    """Give it as a file whose name says nothing."""
    letter = school.text_of(was_reported=_was_reported(notice_of(request)))
    answer = HttpResponse(letter.encode(), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="letter.txt"'
    return answer


def _was_reported(notice: Notice) -> bool:
    return any(link.case is not None for link in notice.links)
