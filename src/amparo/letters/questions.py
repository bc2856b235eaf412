"""The questions of the door and the names of their answers, as the reporter reads them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from amparo.cases.words import Age, Relation, Way
from amparo.policies.policy import Topic

# The same words as on every "Report" form of a platform, so that people find the door again.
TOPICS: Mapping[Topic, Promise] = {
    Topic.SEXUAL_PICTURE: later("A sexual picture of me or a child"),
    Topic.THREAT: later("Someone threatens to post a sexual picture"),
    Topic.ENTICEMENT: later("Someone asks a child for sexual pictures, or offers them"),
    Topic.SPAM: later("Spam"),
}
RELATIONS: Mapping[Relation, Promise] = {
    Relation.DEPICTED: later("It is me"),
    Relation.GUARDIAN: later("A child I look after"),
    Relation.KNOWS: later("Someone I know"),
    Relation.STRANGER: later("I don’t know them"),
}
AGES: Mapping[Age, Promise] = {
    Age.CHILD: later("Yes"),
    Age.ADULT: later("No"),
    Age.NOT_SURE: later("Not sure"),
}
WAYS: Mapping[Way, Promise] = {
    Way.PRIVATE_PAGE: later("A private page"),
    Way.NOT_AT_ALL: later("Don’t tell me"),
}
COUNTRIES: Mapping[str, Promise] = {
    "GB": later("United Kingdom"),
    "IN": later("India"),
    "US": later("United States"),
}


def who_question(topic: Topic) -> str:
    """Return the question of who is shown."""
    if topic is Topic.SEXUAL_PICTURE:
        return _("Who is in the picture?")
    return _("Who is it about?")


def age_question(topic: Topic, relation: Relation | None) -> str:
    """Return the question of age. For a picture it is the age when it was taken that counts."""
    if topic is Topic.SEXUAL_PICTURE and relation is Relation.DEPICTED:
        return _("Were you under 18 when it was taken?")
    if topic is Topic.SEXUAL_PICTURE:
        return _("Were they under 18 when it was taken?")
    return _("Are you under 18?") if relation is Relation.DEPICTED else _("Are they under 18?")


def country_name(country: str) -> str:
    """Return a country's name, or its code where we have no name for it."""
    return str(COUNTRIES.get(country, country))
