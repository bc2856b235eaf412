"""What every type of signals promises. A package with a type of its own runs this class over it.

class TestOurType(SignalContract):
    signal = OurType()
"""

import re

import pytest

from amparo.matching.signal import BadSignal, Signal


class SignalContract:
    signal: Signal

    def test_its_name_is_one_that_banks_and_addresses_can_carry(self) -> None:
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,39}", self.signal.name)

    def test_its_examples_hold_both_ways(self) -> None:
        assert {example.matches for example in self.signal.examples} == {True, False}
        for example in self.signal.examples:
            one, other = self.signal.normal(example.one), self.signal.normal(example.other)
            assert self.signal.compare(one, other, 31) is example.matches
            assert self.signal.compare(other, one, 31) is example.matches

    def test_a_normal_form_stays_as_it_is(self) -> None:
        for example in self.signal.examples:
            for text in (example.one, example.other):
                normal = self.signal.normal(text)
                assert self.signal.normal(normal) == normal
                assert self.signal.normal(f"  {text}\n") == normal

    def test_what_is_no_such_signal_is_refused_with_a_sentence_that_does_not_repeat_it(self) -> None:
        assert self.signal.wrong
        for text in self.signal.wrong:
            with pytest.raises(BadSignal) as refusal:
                self.signal.normal(text)
            sentence = str(refusal.value)
            assert self.signal.name in sentence
            assert sentence.endswith(".")
            assert len(text) < 3 or text not in sentence

    def test_an_opaque_type_asks_for_no_distance(self) -> None:
        if self.signal.is_opaque:
            for example in self.signal.examples:
                one, other = self.signal.normal(example.one), self.signal.normal(example.other)
                assert self.signal.compare(one, other, 256) is (one == other)
