"""What a reviewer sees of the words that sorted a case to the front."""

import pytest

from amparo.console.passages import Passage, passages


def test_the_words_that_say_it_stand_apart_with_what_they_say() -> None:
    assert passages("Help. He threatens me. Soon.") == (
        Passage("Help. He "),
        Passage("threatens", "a threat"),
        Passage(" me. Soon."),
    )


@pytest.mark.parametrize(
    "text", ["", "a", "\n", "I am 14 and he says he will send it to everyone", "jeg er 13, han truer"]
)
def test_the_pieces_make_up_the_text_again(text: str) -> None:
    assert "".join(piece.text for piece in passages(text)) == text


def test_what_is_said_in_one_place_stands_in_one_piece() -> None:
    first, *_ = passages("I am 14 and he says he will send it to everyone")
    assert first == Passage("I am 14", "a child, it shows who writes")
