"""A letter for a school, where a picture goes round: what to do and what not, with nobody's name in it.

It has no link, no picture and no code, and does not say who wrote it: whoever finds it learns of no report of ours.
"""

from django.utils.translation import gettext as _


def letter(*, was_reported: bool) -> list[list[str]]:
    """Return the letter by paragraphs. `was_reported`: it stood somewhere, and was reported there."""
    seen = [_("A sexual picture of a pupil may be going round at your school.")]
    if was_reported:
        seen.append(_("It was reported where it was seen."))
    return [
        [_("To the head of the school")],
        seen,
        [_("Please do this today:")],
        [_("Do not look for the picture."), _("Do not ask anybody to show it.")],
        [_("Tell everyone not to save it and not to send it on.")],
        [_("Do not blame or punish the pupil in it.")],
        [_("Ask that pupil what would help, and do nothing behind their back.")],
        [_("If someone makes threats, call the police.")],
        [_("If a pupil may hurt themself, get help at once.")],
        [_("This letter has no name on purpose."), _("Please do not try to find out who wrote it.")],
    ]


def text_of(*, was_reported: bool) -> str:
    """Return the letter as plain text."""
    return "\n\n".join(" ".join(paragraph) for paragraph in letter(was_reported=was_reported)) + "\n"
