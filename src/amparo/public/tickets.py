"""The two signed cookies: one for a report being written, one for a private page being read.

Besides them only the word of a language that was chosen is kept. Each names one notice, is short-lived, and cannot be
read by scripts or sent by another site's form.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from amparo.cases.refs import NoticeId


class NoTicket(Exception):
    """The request names no notice, or did so too long ago. `ticket` says which cookie was looked for."""

    def __init__(self, ticket: "Ticket") -> None:
        super().__init__(f"there is no {ticket.name}")
        self.ticket = ticket


@dataclass(frozen=True)
class Ticket:
    """One kind of cookie. `seconds` is how long it lasts after it was given."""

    name: str
    seconds: int

    @property
    def cookie(self) -> str:
        # Only over https does a browser take this prefix, which keeps sister hosts from planting a cookie.
        return f"__Host-{self.name}" if settings.SESSION_COOKIE_SECURE else self.name

    def give(self, response: HttpResponse, notice: NoticeId) -> HttpResponse:
        """Let the holder of this response come back to a notice."""
        response.set_cookie(
            self.cookie,
            self._signer.sign(notice),
            max_age=self.seconds,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response

    def read(self, request: HttpRequest) -> NoticeId:
        """Return the notice of this request. Raises NoTicket, whatever is wrong with the cookie."""
        try:
            notice = self._signer.unsign(request.COOKIES.get(self.cookie, ""), max_age=self.seconds)
        except BadSignature:
            raise NoTicket(self) from None
        return NoticeId(notice)

    def take_back(self, response: HttpResponse) -> None:
        """Make the browser forget."""
        response.delete_cookie(self.cookie, samesite="Lax")

    @property
    def _signer(self) -> TimestampSigner:
        return TimestampSigner(salt=f"amparo.public.{self.name}")


DRAFT = Ticket("amparo_draft", 60 * 60)
PAGE = Ticket("amparo_page", 30 * 60)
