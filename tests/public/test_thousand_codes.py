"""A thousand wrong codes get one answer, to the byte, and slow nobody's right one down."""

import random
import re
from collections.abc import Callable

from amparo.records.codes import new_code
from tests.public.flood import calm_up_to
from tests.public.staff import Staff
from tests.public.visitor import Visitor

_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')


def _codes(foreign: str) -> list[str]:
    """Codes of the right shape, codes one letter from a right one, and what is no code at all."""
    draw = random.Random(1000)
    shaped = [new_code(draw.randbytes) for _ in range(600)]
    near = [f"{foreign[:-1]}{letter}" for letter in "0123456789ABCDEFGHJKMNPQRSTVWXYZ" if letter != foreign[-1]]
    shapeless = [f"{number} {draw.randbytes(draw.randrange(40)).hex()}" for number in range(400 - len(near))]
    return [*shaped, *near, *shapeless]


def _answer(visitor: Visitor, code: str, token: str) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    answer = visitor.client.post("/u/", {"code": code, "csrfmiddlewaretoken": token})
    # The form's own token is masked anew for each answer, and tells nothing.
    body = _TOKEN.sub(b"", answer.content)
    headers = tuple(sorted((name, value) for name, value in answer.headers.items() if name != "Date"))
    return answer.status_code, body, headers


def test_a_thousand_wrong_codes_get_one_identical_answer(
    visitor: Visitor, new_visitor: Callable[[], Visitor], staff: Staff, post: str
) -> None:
    visitor.report_and_send(post)
    right, expired = visitor.code, new_visitor()
    expired.report_and_send(f"{post}0")
    guesser = new_visitor()
    guesser.look("/u/")
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', guesser.text_of(guesser.last))
    assert found is not None
    codes = _codes(right)
    assert len(codes) == len(set(codes)) == 1000
    with calm_up_to(1, per_network=1):
        answers = {_answer(guesser, code, found[1]) for code in codes}
        assert len(answers) == 1
        # Nothing was locked or slowed by it: the same browser opens the right one at once.
        assert guesser.open(right).redirect_chain[-1][0] == "/u/page"
    staff.passes(days=184)
    later = new_visitor()
    later.look("/u/")
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', later.text_of(later.last))
    assert found is not None
    ((status, body, _),) = answers
    assert _answer(later, expired.code, found[1])[:2] == (status, body)
