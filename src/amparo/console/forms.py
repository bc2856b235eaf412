"""The console's forms: what a person sends, bounded and checked before it becomes a command."""

from collections.abc import Collection
from typing import Any

from django import forms

from amparo.cases.words import Age, Relation
from amparo.console import wording
from amparo.policies.policy import Topic
from amparo.records.bank_values import May
from amparo.records.banks import LONGEST_TEXT

LONGEST_LETTER = 4000
_LONGEST_LINK = 2000
_LONGEST_REFERENCE = 120
_AGES = ((Age.CHILD.value, "Yes"), (Age.NOT_SURE.value, "Not sure"), (Age.ADULT.value, "No"))


class SeenForm(forms.Form):
    """What a decision was made on: the round, and the digest of what was shown."""

    round = forms.IntegerField(min_value=1, max_value=10**6, widget=forms.HiddenInput)
    digest = forms.RegexField(r"^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)


class RemoveForm(SeenForm):
    """Which rule it breaks, and what becomes of the account. The choices are checked against the case by the view."""

    policy = forms.CharField(max_length=120, error_messages={"required": "Choose the rule that it breaks."})
    suspend = forms.ChoiceField(
        choices=list(wording.SUSPENSIONS_BY_WORD.items()),
        error_messages={"required": "Say what becomes of the account."},
    )


class _References(forms.MultipleChoiceField):
    """Any references of policies: the core knows which of them are open grounds, and says so where one is not."""

    def valid_value(self, value: str) -> bool:
        return len(value) <= _LONGEST_REFERENCE


class KeepForm(SeenForm):
    """Which grounds it does not break, and the rule cited to the reporter. The core checks both against the case."""

    policies = _References(error_messages={"required": "Name at least one ground."})
    reason = forms.CharField(
        max_length=60, error_messages={"required": "Choose the rule that you cite. The reporter will read it."}
    )


class LetterForm(forms.Form):
    """A letter to a reporter. `key` makes sending it twice harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        max_length=LONGEST_LETTER,
        widget=forms.Textarea(attrs={"rows": 7}),
        label="Your letter",
        error_messages={"required": "Write something first."},
    )


class PlaceForm(forms.Form):
    """The right link of something on the platform."""

    link = forms.CharField(
        max_length=_LONGEST_LINK, label="The right link", error_messages={"required": "Paste the right link."}
    )


class AnswerForm(forms.Form):
    """What a person found of a link that names nothing here."""

    answer = forms.ChoiceField(
        choices=[("link_not_found", "Not found here"), ("link_elsewhere", "On another site")],
        error_messages={"required": "Say what you found."},
    )


class AccountForm(forms.Form):
    """The profile of an account on the platform."""

    link = forms.CharField(
        max_length=_LONGEST_LINK,
        label="Link to your own profile",
        error_messages={"required": "Paste the link to your profile."},
    )


class ReportForm(forms.Form):
    """A report by staff. `key` makes sending it twice harmless."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    link = forms.CharField(
        max_length=_LONGEST_LINK, label="Link", error_messages={"required": "Paste the link of what you report."}
    )
    topic = forms.ChoiceField(label="What is it?")
    relation = forms.ChoiceField(
        choices=[(each.value, words) for each, words in wording.OWN_RELATIONS.items()],
        label="Who is in it?",
        initial=Relation.STRANGER.value,
    )
    age = forms.ChoiceField(choices=_AGES, label="Under 18 when it was taken?", initial=Age.NOT_SURE.value)

    def __init__(self, topics: Collection[Topic], data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        field = self.fields["topic"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = [(topic.value, words) for topic, words in wording.TOPICS.items() if topic in topics]

    def topic_chosen(self) -> Topic:
        """Return the topic of a valid form."""
        return Topic(self.cleaned_data["topic"])


class EnrolForm(forms.Form):
    """A new member of staff. The first password is made by us and shown once."""

    username = forms.RegexField(
        r"^[A-Za-z0-9._-]{2,60}$",
        label="Name to sign in with",
        error_messages={
            "required": "Give the name to sign in with.",
            "invalid": "A name has 2 to 60 letters, digits, dots, dashes or underscores.",
        },
    )
    role = forms.ChoiceField(choices=[("reviewer", "Reviewer"), ("lead", "Lead"), ("admin", "Admin")], label="Role")


class BankForm(forms.Form):
    """What is said of a bank. The longest texts are those that a bank keeps."""

    source = forms.CharField(
        max_length=LONGEST_TEXT,
        label="Where what is in it comes from",
        error_messages={"required": "Say where what is in it comes from."},
    )
    licence = forms.CharField(max_length=LONGEST_TEXT, required=False, label="Under which terms you may use it")
    confirmed_by = forms.CharField(
        max_length=LONGEST_TEXT, required=False, label="Who answers for all that came as a list"
    )
    may = forms.ChoiceField(choices=list(wording.MAY.items()), label="What an equal file leads to, at most")

    def may_chosen(self) -> May:
        """Return the most that a hit leads to, of a valid form."""
        return May(self.cleaned_data["may"])


class NewBankForm(BankForm):
    """A new bank. Whether its name can be one is for the banks to say."""

    name = forms.CharField(max_length=60, label="Name", error_messages={"required": "Give the bank a name."})
    field_order = ("name", "source", "licence", "confirmed_by", "may")


class ChangeBankForm(BankForm):
    """What changes of a bank. `is_on` stands for its being found at all."""

    is_on = forms.ChoiceField(choices=[("yes", "On"), ("no", "Off: nothing in it is found")], label="Is it on?")


def errors_of(form: forms.Form) -> list[str]:
    """Return what is wrong with a form, as sentences for its summary."""
    return [str(sentence) for sentences in form.errors.values() for sentence in sentences]
