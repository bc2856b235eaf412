"""What becomes of orders that a site cannot carry out: a person is called, and nothing is said that is not so."""

import json
from collections.abc import Callable

from amparo.cases.actor import Reporter
from amparo.cases.case_commands import DecideRemoval, VoteToKeep
from amparo.cases.notice_commands import AnswerAge, AnswerRelation, OpenNotice, PlacedLink, ReceiveWords, SendNotice
from amparo.cases.refs import CaseId, SealedRef, Subject
from amparo.cases.transaction import UNKNOWN_YET
from amparo.cases.words import Age, Relation, Suspend, Told
from amparo.policies.policy import Topic
from amparo.records import models
from amparo.records.casebook import Enclosed
from tests.connectors.running_site import RunningSite
from tests.workers.world import LEAD, REVIEWER, World


def test_a_site_that_cannot_hide_calls_a_person_and_nobody_says_hidden(
    example_world: Callable[..., World],
) -> None:
    world = example_world(can={"hides": False})
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    world.run(59)
    assert {"platform_trouble", "not_hidden"} <= world.alarms()
    assert world.case(case_id).hidden_at is None
    assert Told.NOT_HIDDEN_YET in world.told(notice)
    assert Told.HIDDEN not in world.told(notice)
    assert world.case(case_id).clocks
    assert world.site.changes(made) == []


def test_what_a_person_hid_by_hand_on_a_site_that_cannot_is_seen_and_then_said(
    example_world: Callable[..., World], example: RunningSite
) -> None:
    world = example_world(can={"hides": False})
    made = world.site.post()
    notice, case_id = world.report(made)
    world.work()
    world.run(59)
    example.set_state("post", made["id"], "hidden")
    world.run(300)
    assert world.case(case_id).hidden_at is not None
    assert world.told(notice)[-1] is Told.HIDDEN


def test_a_removal_on_a_site_that_only_hides_hides_for_good_and_is_over(example_world: Callable[..., World]) -> None:
    world = example_world(can={"removes": False, "tells_gone": True})
    made = world.site.post()
    _, case_id = world.report(made)
    world.work()
    world.remove(case_id)
    world.work()
    assert world.case(case_id).gone_at is not None
    assert world.site.stranger.get(f"/post/{made['id']}").status_code == 404
    assert "not_gone" not in world.alarms()


def test_a_reported_account_on_a_site_that_lists_no_media_calls_a_person(example_world: Callable[..., World]) -> None:
    world = example_world(can={})
    account = world.site.account()
    made = world.site.post(account)
    _, case_id = world.report({"url": f"{world.site.base_url}/user/{account}"})
    world.work()
    assert "platform_trouble" in world.alarms()
    assert world.site.stranger.get(f"/post/{made['id']}").status_code == 200
    assert world.case(case_id).clocks


def test_an_account_on_a_site_that_locks_none_is_never_said_to_be_locked(example_world: Callable[..., World]) -> None:
    world = example_world(can={})
    made = world.site.post()
    _, case_id = world.report(made)
    world.work()
    world.remove(case_id, Suspend.FOR_A_TIME)
    world.work()
    world.run(120)
    account = world.case(CaseId(models.Case.objects.get(kind="account").id))
    assert account.gone_at is None
    assert account.hidden_at is None
    assert world.site.stranger.get(f"/user/{made['account']}").status_code == 200
    assert "platform_trouble" in world.alarms()


def test_nothing_leaves_for_the_site_but_what_to_do_with_which_subject(
    example_world: Callable[..., World], example: RunningSite
) -> None:
    world = example_world()
    made = world.site.post()
    before = len(example.messages())
    subject = world.here.place(made["url"])
    assert isinstance(subject, Subject)
    notice = world.here.casebook.new_notice_id()
    policy = world.here.policies.for_notice(Topic.SEXUAL_PICTURE, is_adult=False)
    reporter = Reporter(notice)
    words = world.here.sealer.seal(b"canary words of a reporter", kind="words", owner=notice)
    code = Enclosed(sealed=(words,))
    links = (PlacedLink(subject, UNKNOWN_YET),)
    for command, enclosed in (
        (OpenNotice(notice, Topic.SEXUAL_PICTURE, policy.ref, "GB", links, frozenset({"GB"}), True, reporter), None),
        (AnswerRelation(notice, Relation.DEPICTED, frozenset(), True, reporter), None),
        (AnswerAge(notice, Age.CHILD, frozenset(), True, reporter), None),
        (SendNotice(notice, frozenset(), True, reporter), None),
        (ReceiveWords(notice, SealedRef(words.id), False, False, reporter), code),
    ):
        world.here.casebook.execute(command, enclosed=enclosed)
    world.work()
    state = world.here.casebook.notice(notice)
    assert state is not None
    case_id = state.cases[0]
    content = world.case(case_id).content
    assert content is not None
    for person in (REVIEWER, LEAD):
        policies = tuple(ground.policy for ground in world.case(case_id).open_grounds)
        world.here.casebook.execute(VoteToKeep(case_id, 1, policies, "not_sexual", content.digest, person))
    world.work()
    world.here.casebook.execute(ReceiveWords(notice, SealedRef(words.id), True, True, reporter), enclosed=None)
    world.work()
    ground = world.case(case_id).open_grounds[0].policy
    world.here.casebook.execute(DecideRemoval(case_id, 2, ground, content.digest, Suspend.FOR_A_TIME, REVIEWER))
    world.work()
    world.report({"url": f"{world.site.base_url}/user/{world.site.post()['account']}"})
    world.work()
    world.run(70)
    sent = example.messages()[before:]
    kinds = {json.loads(each["body"])["type"] for each in sent}
    assert kinds >= {
        "subject.fetch", "media.fetch", "subject.hide", "subject.restore", "subject.remove", "subject.suspend",
        "account.media",
    }  # fmt: skip
    for each in sent:
        body = json.loads(each["body"])
        assert set(body) == {"type", "timestamp", "data"}
        assert set(body["data"]) <= {"kind", "id", "until", "cursor", "media"}
        assert set(each["headers"]) <= {
            "Host", "Accept", "Accept-Encoding", "Connection", "User-Agent", "Content-Type", "Content-Length",
            "webhook-id", "webhook-timestamp", "webhook-signature",
        }  # fmt: skip
        assert each["headers"]["webhook-id"].startswith(("case_", "ask_"))
    bytes_sent = json.dumps(sent)
    canaries = (
        "canary", notice, policy.name, "not_sexual", "sexual", content.digest, REVIEWER.id, LEAD.id, words.id,
        *(part.digest for part in content.parts),
    )  # fmt: skip
    assert [canary for canary in canaries if canary in bytes_sent] == []
