"""The text for another site, made from what is typed here: to copy, or to download. It works without scripts.

The names typed are sealed with the report, so that a person here sees which accounts belong together. The text itself
is kept nowhere; it is made anew from the form.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amparo.cases.notice import Notice
from amparo.letters import packet
from amparo.letters.elsewhere import OTHER, Site
from amparo.letters.packet import Typed
from amparo.plugins import other_sites
from amparo.policies.policy import Topic
from amparo.policies.signal import Signal
from amparo.public import acts
from amparo.public.forms import BadForm, digest, kept, line
from amparo.public.language import remembering
from amparo.public.network import network_of
from amparo.public.pages import notice_of, show
from amparo.public.tickets import PAGE
from amparo.records.casebook import Intake

_FIELDS = ("site", "site_name", "account", "own_account", "link")
_only_post = require_http_methods(["POST"])


@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest) -> HttpResponse:
    """Ask for the other site and the accounts there, or show the text made of them."""
    notice = notice_of(request)
    if request.method != "POST":
        return PAGE.give(form_page(request), notice.id)
    typed, site = read_typed(request)
    if notice.is_open:
        words = _for_staff(typed)
        body = digest(words)
        # The same names again are the same message: a text made twice tells nobody anything new.
        intake = Intake(f"{notice.id}:packet:{body}", body)
        acts.tell_facts(notice, frozenset({Signal.OTHER_PLATFORM}), words, intake, network_of(request))
    context = {
        "text": _text(notice, typed),
        "other_site": site,
        "site_typed": typed.site,
        "fields": [(field, kept(request.POST.get(field, ""))) for field in _FIELDS],
    }
    return PAGE.give(show(request, "packet", context), notice.id)


@_only_post
def download(request: HttpRequest) -> HttpResponse:
    """Give the text as a file whose name says nothing."""
    notice = notice_of(request)
    typed, _site = read_typed(request)
    answer = HttpResponse(_text(notice, typed).encode(), content_type="text/plain; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="text.txt"'
    return answer


def read_typed(request: HttpRequest) -> tuple[Typed, Site | None]:
    """Return what was typed, and the site where we know it. Raises BadForm where no site was named."""
    site = other_sites().get(request.POST.get("site", ""))
    name = site.name if site is not None else line(request, "site_name")
    if not name:
        raise BadForm(_("Choose the other site, or write its name."))
    return Typed(name, line(request, "account"), line(request, "own_account"), line(request, "link")), site


def form_page(request: HttpRequest) -> HttpResponse:
    """Show the form, with what was typed where it comes back in another language."""
    notice = notice_of(request)
    known = {link.site for link in notice.links}
    chosen = request.POST.get("site") or next((each for each in other_sites() if each in known), "")
    context = {
        "sites": [(site.id, site.name) for site in sorted(other_sites().values(), key=lambda each: each.name.lower())],
        "chosen": chosen,
        "other": OTHER,
        "typed": {field: kept(request.POST.get(field, "")) for field in _FIELDS},
    }
    return show(request, "packet_form", context)


of_form = _only_post(remembering(form_page))


def _text(notice: Notice, typed: Typed) -> str:
    is_threat = notice.topic is Topic.THREAT or Signal.THREAT in notice.signals
    return packet.text_of(typed, notice.relation, notice.age, is_threat=is_threat)


def _for_staff(typed: Typed) -> str:
    lines = (
        ("On another site", typed.site),
        ("The account that does it", typed.account),
        ("The account it is done to", typed.own_account),
        ("Link there", typed.link),
    )
    return "\n".join(f"{what}: {said}" for what, said in lines if said)
