"""The languages of the door in a page: a link at its top, and below it a button for each, by its own name."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from amparo.public.language_shown import BACK, shown

register = template.Library()


@register.simple_tag
def shown_language() -> str:
    return shown()


@register.simple_tag
def other_languages() -> SafeString:
    """Lead to the buttons. They stand last, so that Enter in a form never presses one of them."""
    names = [(code, name) for code, name in settings.LANGUAGES if code != shown()]
    inner = format_html_join(" · ", '<span lang="{}">{}</span>', names)
    return format_html('<a class="small languages-link" href="#languages">{}</a>', inner)


@register.inclusion_tag("public/_languages.html", takes_context=True)
def languages(context: Mapping[str, Any], posts_to: str = "") -> dict[str, Any]:
    """Show the buttons. `posts_to`: the address that gives back what the form `typed` holds; else nothing is typed."""
    request = context.get("request")
    match = request.resolver_match if isinstance(request, HttpRequest) else None
    name = "" if match is None else str(match.url_name)
    return {
        "languages": settings.LANGUAGES,
        "shown": shown(),
        "action": reverse(posts_to) if posts_to else "",
        "back": name if name in BACK else "start",
    }
