"""The questions of the door and the names of their answers, as the reporter reads them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.cases.words import Age, Relation, Way
from amparo.policies.policy import Topic

# The same words as on every "Report" form of a platform, so that people find the door again.
TOPICS: Mapping[Topic, Promise] = {
    Topic.SEXUAL_PICTURE: _("A sexual picture of me or a child"),
    Topic.THREAT: _("Someone threatens to post a sexual picture"),
    Topic.ENTICEMENT: _("Someone asks a child for sexual pictures, or offers them"),
    Topic.SPAM: _("Spam"),
}
RELATIONS: Mapping[Relation, Promise] = {
    Relation.DEPICTED: _("It is me"),
    Relation.GUARDIAN: _("A child I look after"),
    Relation.KNOWS: _("Someone I know"),
    Relation.STRANGER: _("I don’t know them"),
}
AGES: Mapping[Age, Promise] = {
    Age.CHILD: _("Yes"),
    Age.ADULT: _("No"),
    Age.NOT_SURE: _("Not sure"),
}
WAYS: Mapping[Way, Promise] = {
    Way.PRIVATE_PAGE: _("A private page"),
    Way.NOT_AT_ALL: _("Don’t tell me"),
}
COUNTRIES: Mapping[str, Promise] = {
    "AT": _("Austria"),
    "AU": _("Australia"),
    "BE": _("Belgium"),
    "BR": _("Brazil"),
    "CA": _("Canada"),
    "CH": _("Switzerland"),
    "DE": _("Germany"),
    "DK": _("Denmark"),
    "ES": _("Spain"),
    "FI": _("Finland"),
    "FR": _("France"),
    "GB": _("United Kingdom"),
    "IE": _("Ireland"),
    "IN": _("India"),
    "IT": _("Italy"),
    "JP": _("Japan"),
    "MX": _("Mexico"),
    "NG": _("Nigeria"),
    "NL": _("Netherlands"),
    "NO": _("Norway"),
    "NZ": _("New Zealand"),
    "PH": _("Philippines"),
    "PL": _("Poland"),
    "PT": _("Portugal"),
    "SE": _("Sweden"),
    "US": _("United States"),
    "ZA": _("South Africa"),
}


def who_question(topic: Topic, *, is_account: bool = False) -> str:
    """Return the question of who is shown: in one picture, or in those of a whole account."""
    if topic is Topic.SEXUAL_PICTURE and is_account:
        return gettext("Who is in the pictures on this account?")
    if topic is Topic.SEXUAL_PICTURE:
        return gettext("Who is in the picture?")
    return gettext("Who is it about?")


def age_question(topic: Topic, relation: Relation | None, *, is_account: bool = False) -> str:
    """Return the question of age. For a picture it is the age when it was taken that counts."""
    if topic is Topic.SEXUAL_PICTURE and is_account:
        is_own = relation is Relation.DEPICTED
        return gettext("Were you under 18 in them?") if is_own else gettext("Were they under 18 in them?")
    if topic is Topic.SEXUAL_PICTURE and relation is Relation.DEPICTED:
        return gettext("Were you under 18 when it was taken?")
    if topic is Topic.SEXUAL_PICTURE:
        return gettext("Were they under 18 when it was taken?")
    return gettext("Are you under 18?") if relation is Relation.DEPICTED else gettext("Are they under 18?")


def country_name(country: str) -> str:
    """Return a country's name, or its code where we have no name for it."""
    return str(COUNTRIES.get(country, country))
