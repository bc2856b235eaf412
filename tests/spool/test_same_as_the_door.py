"""What somebody says in an outage comes to the same in the books as if it had been said at any other time."""

import json
import re
import uuid
from collections.abc import Callable

import pytest
from django.db.models import QuerySet

from amparo.records import models
from tests.public.visitor import PLAZA, Visitor
from tests.spool.machine import Machine, Outage

Says = Callable[[Visitor, str], None]


def a_whole_form(age: str) -> Says:
    def say(visitor: Visitor, post: str) -> None:
        visitor.report(
            post, "words that are no link", relation="me", age=age, way="private_page", country="GB", send="yes"
        )

    return say


def question_by_question(visitor: Visitor, post: str) -> None:
    visitor.report(post)
    visitor.look("/report/who")
    visitor.send("/report/who", relation="me")
    visitor.send("/report/age", age="no")
    visitor.send("/report/how", way="private_page")
    visitor.send("/report/check")


def spam(visitor: Visitor, post: str) -> None:
    visitor.report(post, topic="spam")
    visitor.look("/report/check")
    visitor.send("/report/check")


def with_words_and_links_afterwards(visitor: Visitor, post: str) -> None:
    a_whole_form("yes")(visitor, post)
    visitor.look("/u/page")
    visitor.send("/u/words", key=uuid.uuid4(), words="One more thing.")
    visitor.look("/u/page")
    visitor.send("/u/links", key=uuid.uuid4(), links=f"{post}x")


@pytest.mark.parametrize(
    "say",
    [
        pytest.param(a_whole_form("yes"), id="a whole form about a child"),
        pytest.param(a_whole_form("no"), id="a whole form about an adult"),
        pytest.param(question_by_question, id="question by question"),
        pytest.param(spam, id="spam"),
        pytest.param(with_words_and_links_afterwards, id="words and links afterwards"),
    ],
)
def test_a_form_comes_to_the_same_events(
    machine: Machine, outage: Outage, new_visitor: Callable[[], Visitor], say: Says
) -> None:
    at_the_door, in_an_outage = (f"{PLAZA}/post/{uuid.uuid4().hex[:12]}" for _ in range(2))
    say(new_visitor(), at_the_door)
    last = models.Event.objects.order_by("id").last()
    assert last is not None
    with outage.away():
        say(new_visitor(), in_an_outage)
        assert machine.names()
    assert machine.taking_in.look() == 0
    said = _told(models.Event.objects.filter(id__lte=last.id), at_the_door)
    assert _told(models.Event.objects.filter(id__gt=last.id), in_an_outage) == said
    assert said


def _told(events: QuerySet[models.Event], post: str) -> list[tuple[str, str]]:
    """Return events in their order, without what is each report's own: ids, times, and when it came."""
    told = []
    for kind, body in events.order_by("id").values_list("type", "body"):
        text = json.dumps({name: value for name, value in body.items() if name != "received_at"}, sort_keys=True)
        text = text.replace(post.rpartition("/")[2], "POST")
        text = re.sub(r"\b(notice|case|vault)_[a-z2-7]{20,}", r"\1", text)
        told.append((kind, re.sub(r"\d{4}-\d\d-\d\dT[\d:.+Z]+", "TIME", text)))
    return told
