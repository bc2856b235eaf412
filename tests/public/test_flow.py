"""From the platform's "Report" button to the receipt, and what stands at each step."""

from itertools import count

import pytest

from tests.public.visitor import PLAZA, Visitor

_posts = count(1000)


@pytest.fixture
def post() -> str:
    return f"{PLAZA}/post/{next(_posts)}"


def test_six_presses_lead_from_the_post_to_the_receipt(visitor: Visitor, post: str) -> None:
    assert "Who is in the picture?" in visitor.report(post).content.decode()
    visitor.send("/report/who", relation="me")
    assert "Were you under 18" in visitor.page
    visitor.send("/report/age", age="yes")
    assert "How can we tell you" in visitor.page
    visitor.send("/report/how", way="private_page")
    assert "As far as I know" in visitor.page
    visitor.send("/report/check")
    assert "We have your report." in visitor.page
    assert visitor.code
    visitor.look("/u/page")
