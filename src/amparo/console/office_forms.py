"""The forms about offices and about telling the police, bounded and checked before anything is asked of the core."""

from django import forms

from amparo.cases.sender import OfficeKind
from amparo.console import wording

LONGEST_NAME = 120
_LONGEST_PAGE = 300
_LONGEST_REASON = 1000
_LONGEST_NUMBER = 120


class ToldForm(forms.Form):
    """That the police were told: typed by the person who has told them, with the number that they were given."""

    number = forms.IntegerField(min_value=1, max_value=10**6, widget=forms.HiddenInput)
    authority = forms.CharField(
        max_length=LONGEST_NAME,
        label="Who was told",
        error_messages={"required": "Say which police or authority was told."},
    )
    told_at = forms.DateTimeField(
        label="When",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "Say when they were told.", "invalid": "Write the time as 2026-11-21 15:40."},
    )
    reference = forms.CharField(
        max_length=_LONGEST_NUMBER,
        label="The number or name that they gave for it",
        error_messages={"required": "Write down the number they gave. Without it nobody has been told."},
    )


class NotToldForm(forms.Form):
    """That the police are not told, and why."""

    number = forms.IntegerField(min_value=1, max_value=10**6, widget=forms.HiddenInput)
    reason = forms.CharField(
        max_length=_LONGEST_REASON,
        label="Why the police are not told",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why the police are not told."},
    )


class OfficeForm(forms.Form):
    """An authority to be put on file."""

    name = forms.CharField(
        max_length=LONGEST_NAME, label="Its name", error_messages={"required": "Give the name of the office."}
    )
    kind = forms.ChoiceField(choices=[(each.value, words) for each, words in wording.OFFICES.items()], label="It is")
    country = forms.RegexField(
        r"^[A-Z]{2}$",
        label="Country, as two capitals",
        error_messages={
            "required": "Give the country, such as PL.",
            "invalid": "A country is two capitals, such as PL.",
        },
    )
    domain = forms.CharField(
        max_length=LONGEST_NAME,
        label="Its own domain",
        error_messages={"required": "Give the office's own domain, such as police.example."},
    )

    def kind_chosen(self) -> OfficeKind:
        """Return what the office is, of a valid form."""
        return OfficeKind(self.cleaned_data["kind"])


class ContactForm(forms.Form):
    """A phone number or mail address that the office itself publishes."""

    value = forms.CharField(
        max_length=LONGEST_NAME,
        label="Phone with its country, or mail",
        error_messages={"required": "Give a phone number or a mail address."},
    )
    published_at = forms.CharField(
        max_length=_LONGEST_PAGE,
        label="The page of the office that names it",
        error_messages={"required": "Give the page on which the office names it."},
    )


class ContactChosenForm(forms.Form):
    """One contact on file. Whether it counts is for the core to say."""

    contact = forms.RegexField(
        r"^contact_[a-z2-7]{26}$",
        error_messages={"required": "Choose a contact on file.", "invalid": "Choose a contact on file."},
    )


class CallForm(ContactChosenForm):
    """That somebody called back, and that the office knew of its notice and named its own case number."""

    knew = forms.BooleanField(
        error_messages={"required": "Only where they knew of the notice and named its case number."}
    )
