"""What the receipt and the private page offer beside how the links stand, by who reports and what it is about."""

from typing import Any

from django.http import HttpRequest

from amparo.cases.notice import Notice
from amparo.letters import variants
from amparo.policies.policy import Topic
from amparo.public.facts import choices_of
from amparo.public.forms import kept
from amparo.public.progress import rules_for


def further(request: HttpRequest, notice: Notice) -> dict[str, Any]:
    """Return what the templates of both pages need for it; with what was typed where it comes back."""
    number = kept(request.POST.get("police_number", ""))
    return {
        "said": variants.after_sending(notice.relation) if notice.topic is not Topic.SPAM else [],
        "is_bystander": variants.is_bystander(notice.relation),
        "is_threat": notice.topic is Topic.THREAT,
        "facts": choices_of(request, notice),
        "facts_told": bool(notice.facts_told),
        "facts_typed": bool(number or request.POST.getlist("fact")),
        "police_number": number,
        "asks_law": bool(rules_for(notice)),
    }
