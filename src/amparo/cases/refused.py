"""How a rule says no."""


class Refused(Exception):
    """A command that the rules do not allow. `code` is stable; the text is a sentence for people."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
