"""Each fault, alone: what goes wrong, what does not, and that it ends when it is switched off."""

import time

import httpx
import pytest

from tests.plaza.running_plaza import RunningPlaza

OFF = {"lies": False, "unhides_after_s": None, "times_out_after_work": None, "forgets_keys": False, "down": False}


def visible_changes(plaza: RunningPlaza, subject: dict[str, object]) -> list[tuple[str, str, str]]:
    return [(c["action"], c["from"], c["to"]) for c in plaza.changes(subject) if c["from"] != c["to"]]


@pytest.mark.parametrize("action", ["hide", "remove"])
def test_a_lying_plaza_answers_200_and_does_nothing(plaza: RunningPlaza, action: str):
    post = plaza.post(media="none")
    wanted = {"hide": "hidden", "remove": "removed"}[action]
    plaza.faults(lies=True)

    answer = plaza.write(f"/subjects/post/{post['id']}/{action}", key=f"lie-{action}")

    assert (answer.status_code, answer.json()) == (200, {"state": wanted, "changed": True, "replayed": False})
    assert plaza.stranger.get(f"/post/{post['id']}").status_code == 200
    assert visible_changes(plaza, post) == []
    plaza.faults()
    # A lie did no work under its key, so the key still works once Plaza is honest again.
    assert plaza.write(f"/subjects/post/{post['id']}/{action}", key=f"lie-{action}").json()["replayed"] is False
    assert plaza.read(post)["state"] == wanted


def test_a_drifting_plaza_hides_and_shows_again_later(plaza: RunningPlaza):
    post = plaza.post(media="none")
    plaza.faults(unhides_after_s=1)
    plaza.move(post, "hide")
    assert plaza.stranger.get(f"/post/{post['id']}").status_code == 404

    time.sleep(1.1)

    assert plaza.stranger.get(f"/post/{post['id']}").status_code == 200
    assert visible_changes(plaza, post) == [("hide", "shown", "hidden"), ("drift", "hidden", "shown")]
    assert plaza.changes(post)[-1]["key"] is None


def test_a_drift_does_not_touch_what_was_removed_meanwhile(plaza: RunningPlaza):
    post = plaza.post(media="none")
    plaza.faults(unhides_after_s=0.5)
    plaza.move(post, "hide")
    plaza.move(post, "remove")

    time.sleep(0.6)

    assert plaza.stranger.get(f"/post/{post['id']}").status_code == 410


def test_switching_the_drift_off_keeps_hidden_what_is_hidden(plaza: RunningPlaza):
    post = plaza.post(media="none")
    plaza.faults(unhides_after_s=0.5)
    plaza.move(post, "hide")
    plaza.faults()

    time.sleep(0.6)

    assert plaza.stranger.get(f"/post/{post['id']}").status_code == 404


def test_a_write_that_times_out_has_done_its_work_and_is_replayed_at_once(plaza: RunningPlaza):
    post = plaza.post(media="none")
    plaza.faults(times_out_after_work=30)
    hide = f"{plaza.base_url}/moderation/subjects/post/{post['id']}/hide"
    headers = {"Authorization": f"Bearer {plaza.key}", "Idempotency-Key": "slow"}

    with pytest.raises(httpx.ReadTimeout):
        httpx.post(hide, headers=headers, timeout=0.5, trust_env=False)

    assert plaza.stranger.get(f"/post/{post['id']}").status_code == 404
    assert httpx.post(hide, headers=headers, timeout=20, trust_env=False).json()["replayed"] is True
    assert visible_changes(plaza, post) == [("hide", "shown", "hidden")]


def test_a_forgetful_plaza_does_the_same_key_again(plaza: RunningPlaza):
    post = plaza.post(media="none")
    hide = f"/subjects/post/{post['id']}/hide"
    plaza.faults(forgets_keys=True)
    plaza.write(hide, key="forgotten")
    plaza.move(post, "restore")

    again = plaza.write(hide, key="forgotten").json()

    assert again == {"state": "hidden", "changed": True, "replayed": False}
    assert plaza.read(post)["state"] == "hidden"


def test_a_plaza_that_is_down_answers_503_everywhere_but_at_its_switch(plaza: RunningPlaza):
    post = plaza.post()
    plaza.faults(down=True)

    pages = [plaza.stranger.get(path) for path in ("/", f"/post/{post['id']}", post["media"][0]["url"], "/nothing")]
    api = plaza.moderator.get(f"/subjects/post/{post['id']}")
    write = plaza.write(f"/subjects/post/{post['id']}/hide")

    assert {answer.status_code for answer in [*pages, api, write]} == {503}
    assert api.json()["error"] == "down"
    assert plaza.moderator.get("/faults").json() == OFF | {"down": True}
    plaza.faults()
    assert plaza.stranger.get(f"/post/{post['id']}").status_code == 200


def test_putting_faults_replaces_all_of_them(plaza: RunningPlaza):
    plaza.faults(lies=True, unhides_after_s=2.5)

    assert plaza.moderator.put("/faults", json={"forgets_keys": True}).json() == OFF | {"forgets_keys": True}
    assert plaza.moderator.put("/faults", json={}).json() == OFF


@pytest.mark.parametrize(
    "body",
    [{"lies": "yes"}, {"unhides_after_s": -1}, {"unhides_after_s": True}, {"times_out_after_work": 1e9}, {"naps": 1}],
)
def test_a_fault_that_makes_no_sense_is_refused(plaza: RunningPlaza, body: dict[str, object]):
    assert plaza.moderator.put("/faults", json=body).status_code == 400
    assert plaza.moderator.get("/faults").json() == OFF
