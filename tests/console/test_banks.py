"""The page of banks: a lead makes and changes them, a second person lets items count, and each act is on record."""

import pytest

from amparo.cases.refs import CaseId
from amparo.records import bank_acts, banks, people
from amparo.records.bank_values import FOR_GOOD, May
from tests.console.desk import Desk

SHA256, MD5 = "ab" * 32, "cd" * 16
WRITTEN = {"source": "our own", "licence": "ours", "confirmed_by": "", "may": "hide"}


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    for name, role in (("lead", "lead"), ("reviewer", "reviewer"), ("colleague", "reviewer")):
        desk.enrol(name, role)
    return desk


@pytest.fixture
def item(staffed: Desk) -> int:
    """What the reviewer has entered into the bank `ours`."""
    banks.create("ours", source="our own", now=staffed.clock[0])
    return banks.add("ours", {"sha256": SHA256, "md5": MD5}, staffed.staff["reviewer"]).id


def test_a_lead_makes_a_bank_and_says_what_its_hits_may_do(staffed: Desk) -> None:
    browser = staffed.browser("lead")
    assert browser.send("/new-bank", {"name": "ours", **WRITTEN}).headers["Location"] == "/banks/ours"
    made = banks.bank("ours")
    assert (made.source, made.licence, made.may, made.made_by) == ("our own", "ours", May.HIDE, staffed.staff["lead"])
    changed = {**WRITTEN, "confirmed_by": "a hotline", "may": "remove", "is_on": "no"}
    assert browser.send("/banks/ours/change", changed).status_code == 302
    found = banks.bank("ours")
    assert (found.may, found.confirmed_by, found.is_enabled) == (May.REMOVE, "a hotline", False)
    page = browser.get("/banks/ours").content.decode()
    assert "off: nothing in it is found" in page
    assert "lead made it, may hide" in page
    assert "lead changed it, may remove, off" in page
    assert browser.send("/banks/ours/change", {**changed, "is_on": "yes"}).status_code == 302
    assert banks.bank("ours").counts(staffed.clock[0])


@pytest.mark.parametrize(
    ("form", "status", "says"),
    [
        pytest.param({"name": "ours", **WRITTEN}, 409, "There is a bank ours already.", id="taken"),
        pytest.param({"name": "a b", **WRITTEN}, 409, "1 to 60 letters", id="a-name-that-is-none"),
        pytest.param({"name": "removed", **WRITTEN}, 409, "filled by what people decide", id="of-cases"),
        pytest.param({**WRITTEN}, 422, "Give the bank a name.", id="no-name"),
        pytest.param(
            {"name": "x", **WRITTEN, "source": ""}, 422, "Say where what is in it comes from.", id="no-source"
        ),
        pytest.param({"name": "x", **WRITTEN, "source": "x" * 201}, 422, "200", id="too-long"),
        pytest.param({"name": "x", **WRITTEN, "may": "burn"}, 422, "not one of the", id="no-such-consequence"),
    ],
)
def test_a_bank_that_could_not_be_is_refused_with_a_sentence(
    staffed: Desk, item: int, form: dict[str, str], status: int, says: str
) -> None:
    answer = staffed.browser("lead").send("/new-bank", form)
    assert (answer.status_code, says in answer.content.decode()) == (status, True)
    assert [bank.name for bank in banks.every()] == ["ours"]


def test_an_item_counts_once_somebody_else_has_confirmed_it(staffed: Desk, item: int) -> None:
    own, second = staffed.browser("reviewer"), staffed.browser("colleague")
    address = f"/banks/ours/items/{item}/confirm"
    assert f'action="{address}"' not in own.get("/banks/ours").content.decode()
    refused = own.send(address)
    assert (refused.status_code, "somebody else" in refused.content.decode()) == (409, True)
    page = second.get("/banks/ours").content.decode()
    assert f'action="{address}"' in page
    assert SHA256 in page
    assert "Entered by reviewer" in page
    assert second.send(address).headers["Location"] == "/banks/ours?show=waiting"
    assert banks.item(item).confirmed_by == staffed.staff["colleague"]
    assert "Nothing waits for a second person." in second.get("/banks/ours").content.decode()
    assert [(act.act, act.by) for act in bank_acts.of("ours")] == [("confirmed", staffed.staff["colleague"])]


def test_somebody_whom_nobody_has_approved_is_no_second_person(staffed: Desk, item: int) -> None:
    staffed.enrol("newcomer", "lead", is_approved=False)
    refused = staffed.browser("newcomer").send(f"/banks/ours/items/{item}/confirm")
    assert (refused.status_code, "approved" in refused.content.decode()) == (409, True)
    assert banks.item(item).waits_for_a_second_person


def test_to_whom_nobody_has_approved_nothing_is_offered_and_a_lead_of_an_admins_own_changes_no_bank(
    staffed: Desk, item: int
) -> None:
    staffed.enrol("newcomer", "lead", is_approved=False)
    browser = staffed.browser("newcomer")
    sent = [
        browser.send("/new-bank", {"name": "mine", **WRITTEN}),
        browser.send("/banks/ours/change", {**WRITTEN, "may": "remove", "is_on": "no"}),
        browser.send(f"/banks/ours/items/{item}/disable"),
        browser.send(f"/banks/ours/items/{item}/enable"),
    ]
    assert [(answer.status_code, "approved" in answer.content.decode()) for answer in sent] == [(409, True)] * 4
    assert [(bank.name, bank.may, bank.is_enabled) for bank in banks.every()] == [("ours", May.REVIEW, True)]
    for address in ("/banks", "/banks/ours", "/banks/ours?show=all"):
        page = browser.get(address).content.decode()
        assert 'method="post" action="/banks' not in page, address
        assert 'action="/new-bank"' not in page, address
        assert "Once somebody has approved your enrolment" in page, address


def test_an_item_is_disabled_and_enabled_again(staffed: Desk, item: int) -> None:
    browser = staffed.browser("colleague")
    assert browser.send(f"/banks/ours/items/{item}/disable", {"show": "all"}).headers["Location"].endswith("show=all")
    assert banks.item(item).disabled_until == FOR_GOOD
    assert f"items/{item}/" not in browser.get("/banks/ours").content.decode()
    assert f"items/{item}/enable" in browser.get("/banks/ours?show=disabled").content.decode()
    browser.send(f"/banks/ours/items/{item}/enable")
    assert banks.item(item).disabled_until is None


def test_the_page_says_how_much_is_still_to_be_searched_for(staffed: Desk, item: int) -> None:
    browser = staffed.browser("colleague")
    assert "still to be searched for" not in browser.get("/banks/ours").content.decode()
    browser.send(f"/banks/ours/items/{item}/confirm")
    assert "1 item still to be searched for" in browser.get("/banks/ours").content.decode()


def test_how_much_waits_stands_beside_the_name_of_the_page(staffed: Desk, item: int) -> None:
    browser = staffed.browser("reviewer")
    assert 'Banks <span class="count">1</span>' in browser.get("/banks").content.decode()
    banks.confirm(item, "staff_x")
    assert 'Banks <span class="count">0</span>' in browser.get("/banks").content.decode()


def test_items_come_fifty_at_a_time(staffed: Desk, item: int) -> None:
    made = [item, *(banks.add("ours", {"md5": MD5}, staffed.staff["reviewer"]).id for _ in range(50))]
    browser = staffed.browser("colleague")
    first = browser.get("/banks/ours").content.decode()
    assert first.count(">Disable<") == 50
    assert f"after={made[49]}" in first
    rest = browser.get(f"/banks/ours?show=waiting&after={made[49]}").content.decode()
    assert (rest.count(">Disable<"), "Further items" in rest) == (1, False)


def test_of_a_bank_that_cases_fill_no_item_is_shown_and_nothing_can_be_changed(staffed: Desk) -> None:
    from amparo.records import case_items, models

    case_items.put_reported(CaseId("case_x"), [], counts=True, now=staffed.clock[0])
    held = models.BankItem.objects.create(
        bank=models.Bank.objects.get(name="reported"), signals={"md5": MD5}, md5=MD5, source="case", added_by="system:x"
    )
    browser = staffed.browser("lead")
    page = browser.get("/banks/reported?show=all").content.decode()
    assert "nobody changes it by hand" in page
    assert MD5 not in page
    assert "/banks/reported/" not in page
    assert browser.send("/banks/reported/change", {**WRITTEN, "is_on": "no"}).status_code == 409
    assert browser.send(f"/banks/reported/items/{held.id}/disable").status_code == 409
    assert banks.bank("reported").may is May.HIDE


def test_the_case_of_an_item_is_named_to_nobody_whose_own_it_is(staffed: Desk, item: int) -> None:
    from tests.console.desk import UPLOADER

    case = staffed.report()
    banks.add("ours", {"md5": MD5}, staffed.staff["lead"], case)
    people.link_account(staffed.staff["colleague"], UPLOADER)
    assert f"/cases/{case}" in staffed.browser("reviewer").get("/banks/ours?show=all").content.decode()
    assert case not in staffed.browser("colleague").get("/banks/ours?show=all").content.decode()


@pytest.mark.parametrize("address", ["/banks/none", "/banks/ours/items/99/confirm", "/banks/other/items/1/disable"])
def test_what_is_not_there_is_not_here(staffed: Desk, item: int, address: str) -> None:
    banks.create("other", source="x", now=staffed.clock[0])
    browser = staffed.browser("lead")
    answer = browser.send(address) if "items" in address else browser.get(address)
    assert answer.status_code == 404


@pytest.mark.parametrize("after", ["-1", "x", "9" * 30, "²"])
def test_an_item_to_begin_behind_that_is_none_is_left_out(staffed: Desk, item: int, after: str) -> None:
    assert SHA256 in staffed.browser("colleague").get(f"/banks/ours?after={after}").content.decode()


def test_what_was_done_to_a_bank_is_shown_under_its_new_name_in_pages_and_when_it_is_gone(
    staffed: Desk, item: int
) -> None:
    browser, own = staffed.browser("lead"), staffed.staff["lead"]
    bank_acts.change("ours", new_name="mine", by=own, now=staffed.clock[0])
    page = browser.get("/banks/mine").content.decode()
    assert "lead gave it the name mine" in page
    number = banks.bank("mine").id
    assert f'href="/bank-acts?bank={number}"' in page
    for count in range(51):
        bank_acts.change("mine", source=f"source {count}", by=own, now=staffed.clock[0])
    bank_acts.make("other", source="another", by=own, now=staffed.clock[0])
    bank_acts.delete("mine", by=own, now=staffed.clock[0])
    assert 'href="/bank-acts"' in browser.get("/banks").content.decode()
    everything = browser.get("/bank-acts").content.decode()
    assert "lead deleted it" in everything
    assert f'href="/bank-acts?bank={number}"' in everything
    assert 'href="/banks/other"' in everything
    assert 'href="/banks/mine"' not in everything
    first = browser.get(f"/bank-acts?bank={number}").content.decode()
    assert (first.count("lead changed it"), "lead made it" in first) == (49, False)
    before = bank_acts.every(bank=number)[-1].id
    assert f"?bank={number}&amp;before={before}" in first
    rest = browser.get(f"/bank-acts?bank={number}&before={before}").content.decode()
    assert (rest.count("lead changed it"), "gave it the name mine" in rest, "Earlier" in rest) == (2, True, False)


@pytest.mark.parametrize("asked", ["bank=x", "bank=-1", "before=x", "bank=" + "9" * 30, "before=²", "bank=99"])
def test_acts_of_a_bank_that_never_was_are_none(staffed: Desk, item: int, asked: str) -> None:
    assert staffed.browser("reviewer").get(f"/bank-acts?{asked}").status_code == 200


def test_what_an_item_is_called_and_how_it_is_found_is_shown_to_whoever_confirms_it(staffed: Desk) -> None:
    banks.create("ours", source="our own", now=staffed.clock[0])
    entered = staffed.staff["reviewer"]
    banks.add("ours", {"md5": MD5}, entered, metadata={"file": "<b>a & b</b>.png"})
    banks.add("ours", {"pdq": "0f" * 32 + "@pdq-full-1"}, entered)
    page = staffed.browser("colleague").get("/banks/ours").content.decode()
    assert "File: &lt;b&gt;a &amp; b&lt;/b&gt;.png" in page
    assert "md5 · looks alike: no" in page
    assert "pdq · looks alike: yes" in page


def test_disabling_is_said_to_undo_nothing(staffed: Desk, item: int) -> None:
    page = staffed.browser("colleague").get("/banks/ours").content.decode()
    assert "What it has hidden or removed already stays so" in page
