"""The browser without scripts that the checks use: which form a button belongs to, and where it sends it."""

from amparo.cli.visitor import _Reader

PAGE = """
<button form="typed" formaction="/u/again" name="new_facts" value="no">Look again</button>
<textarea form="typed" name="more">a reason</textarea>
<form id="typed" method="post" action="/u/words"><input type="hidden" name="key" value="k"><button>Send</button></form>
<button form="nothing">Nowhere</button>
"""


def test_a_button_outside_its_form_sends_the_fields_of_that_form_to_its_own_address() -> None:
    words, again = _Reader(PAGE).forms
    assert (again.action, again.method, again.buttons) == ("/u/again", "post", [("Look again", "new_facts", "no")])
    assert sorted(again.fields) == [("key", "k"), ("more", "a reason")]
    assert (words.action, words.buttons) == ("/u/words", [("Send", None, "")])
