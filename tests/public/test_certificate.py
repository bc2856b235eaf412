"""The certificate on the private page: offered while it is true, taken back when it is not, genuine as a file."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from amparo.cases.words import Seen, Told
from amparo.home import home
from amparo.plugins import certificate_keys, certificate_signer, installation
from amparo.records import effects, models
from amparo.records.effects import Work
from amparo.signed_note import open_note, read_keys
from amparo.workers import certificates
from tests.letters.pages import hard
from tests.public.staff import Staff
from tests.public.visitor import Visitor


@pytest.fixture
def gone(visitor: Visitor, staff: Staff, post: str) -> Visitor:
    """Somebody whose one link was seen gone, with their page open."""
    visitor.report_and_send(post)
    staff.sees(post, Seen.HIDDEN)
    staff.removes(post)
    staff.sees(post, Seen.GONE)
    _works()
    visitor.look("/u/page")
    return visitor


def _works() -> None:
    """Let the worker do everything about certificates, and nothing else."""
    here = installation()
    for aggregate in models.Effect.objects.filter(done_at=None).values_list("aggregate", flat=True).distinct():
        for work in effects.claim(aggregate, here.casebook.now()):
            if isinstance(work, Work) and work.name.value == "certify":
                effects.finish(work, certificates.ask(here, work) or "", here.casebook.now())
    certificates.make_due(here)


def _file(visitor: Visitor) -> str:
    answer = visitor.client.get("/u/certificate.txt")
    assert answer.status_code == 200
    return open_note(answer.content, read_keys(certificate_keys()))[0]


def test_there_is_nothing_of_it_before_anything_is_gone(visitor: Visitor, staff: Staff, post: str) -> None:
    visitor.report_and_send(post)
    staff.sees(post, Seen.HIDDEN)
    _works()
    visitor.look("/u/page")
    assert "Certificate" not in visitor.page
    for path in ("/u/certificate", "/u/certificate.txt"):
        answer = visitor.client.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/u/page#certificate")


def test_the_page_and_the_certificate_are_easy_to_read(gone: Visitor) -> None:
    assert "Read or print the certificate" in gone.page
    assert hard(gone.text_of(gone.last)) == []
    gone.look("/u/certificate")
    assert "Certified: it was seen gone" in gone.page
    assert hard(gone.text_of(gone.last)) == []


def test_the_page_offers_it_to_read_and_as_a_file(gone: Visitor, post: str) -> None:
    assert "Certificate 1 link was seen gone. The certificate says what we saw, and when." in gone.page
    text = _file(gone)
    assert f"{post}\nCertified" in text
    gone.look("/u/certificate")
    assert "Certified: it was seen gone" in gone.page
    assert "— 127.0.0.1:8001/certificate-key" in gone.page


def test_the_file_is_kept_nowhere_on_its_way_and_is_named_plainly(gone: Visitor) -> None:
    answer = gone.client.get("/u/certificate.txt")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="certificate.txt"'
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"


def test_it_is_withheld_from_the_moment_it_is_no_longer_true_also_before_a_worker_took_it_back(
    gone: Visitor, staff: Staff, post: str
) -> None:
    staff.sees(post, Seen.SHOWN)
    for _ in range(2):
        gone.look("/u/page")
        assert "We took the certificate back. What it said may no longer be so." in gone.page
        assert "seen gone" not in gone.page
        assert gone.client.get("/u/certificate.txt").status_code == 303
        _works()
    staff.tells(post, Told.CAME_BACK)
    gone.look("/u/page")
    assert "The post can be seen again, and it should not be." in gone.page
    staff.sees(post, Seen.GONE)
    _works()
    assert "it opened." in _file(gone)


def test_of_two_links_the_one_that_is_gone_is_certified_and_the_other_is_said_not_to_be(
    new_visitor: Callable[[], Visitor], staff: Staff, post: str
) -> None:
    visitor, other = new_visitor(), post + "0"
    visitor.report_and_send(post, other, "https://elsewhere.example/post/1")
    for seen in (Seen.HIDDEN, Seen.GONE):
        staff.sees(post, seen)
        if seen is Seen.HIDDEN:
            staff.removes(post)
    _works()
    text = _file(visitor)
    assert "1 of 3 links were seen gone." in text
    assert f"{other}\nNot certified" in text
    assert "elsewhere" not in text
    visitor.look("/u/page")
    assert "1 link was seen gone." in visitor.page


def test_of_a_site_whose_page_does_not_tell_gone_from_hidden_neither_page_nor_file_says_gone(
    visitor: Visitor, staff: Staff, post: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connector = installation().connectors["plaza"]
    monkeypatch.setattr(connector, "capabilities", replace(connector.capabilities, tells_gone=False))
    visitor.report_and_send(post)
    staff.sees(post, Seen.HIDDEN)
    staff.removes(post)
    staff.sees(post, Seen.HIDDEN, tells_gone=False)
    _works()
    visitor.look("/u/page")
    assert "Certificate 1 link did not open after we asked for removal." in visitor.page
    assert "seen gone" not in visitor.page
    text = _file(visitor)
    assert "Certified: after the site was asked to take it down, it did not open." in text
    assert "gone" not in text


def test_without_the_page_open_there_is_no_certificate(gone: Visitor) -> None:
    stranger = Client(HTTP_HOST="127.0.0.1")
    for path in ("/u/certificate", "/u/certificate.txt"):
        answer = stranger.get(path)
        assert answer.status_code == 403
        assert b"Certified" not in answer.content


def test_a_reporter_never_gets_the_certificate_of_another(
    gone: Visitor, new_visitor: Callable[[], Visitor], post: str
) -> None:
    other = new_visitor()
    other.report_and_send(post + "5")
    assert other.client.get("/u/certificate.txt").status_code == 303


def test_looking_at_it_changes_nothing(gone: Visitor) -> None:
    before = list(models.Certificate.objects.values())
    for path in ("/u/certificate", "/u/certificate.txt", "/certificate-key"):
        assert gone.client.get(path).status_code == 200
        assert gone.client.head(path).status_code == 200
        assert gone.client.post(path).status_code in (403, 405)
    assert list(models.Certificate.objects.values()) == before


def test_the_key_is_published_and_is_the_public_one_alone(at_the_door: None) -> None:
    answer = Client(HTTP_HOST="127.0.0.1").get("/certificate-key")
    assert answer.content.decode() == f"{certificate_signer().key}\n"
    assert b"PRIVATE" not in answer.content


def test_the_door_shows_what_was_signed_without_the_key_that_signs(
    gone: Visitor,
) -> None:
    key = home().keys / "certificate.key"
    kept = key.read_bytes()
    key.unlink()
    try:
        certificate_signer.cache_clear()
        assert "Certified" in _file(gone)
        assert gone.look("/u/certificate").status_code == 200
    finally:
        key.write_bytes(kept)
        key.chmod(0o600)
        certificate_signer.cache_clear()
