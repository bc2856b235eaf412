"""Sentences that a reporter may read and that stand elsewhere: refusals of the rules, reasons of shipped policies.

The rules know no language, so their sentences are listed here for the catalogues, and a test finds one that is missing.
"""

from django.utils.translation import gettext_noop as _

REFUSALS = (
    _("There is no report for this code. Check the code and try again."),
    _("This report is closed. Please send a new one."),
    _("This report is open already."),
    _("Paste at least one link, or say where the post is."),
    _("One report takes 50 links. Please send the rest in a second one."),
    _("This report is handled as one about a child. Write to us if that is wrong."),
    _("We do not need a name for this report."),
    _("This form was sent before with other answers. Go back, reload the page and send again."),
    _("This form was sent before. Look at it and send it once more."),
    _("This picture is too plain. A code made from it would find other pictures, too."),
    _("One report takes 20 codes. Send more in a second report."),
    _("This code is not at work any more. Make a new one from the picture."),
)
REASONS = (
    _("The post is not spam."),
    _("The picture is not intimate."),
    _("The person in it chose to show it to everybody."),
    _("The picture is not sexual."),
    _("The person in it is an adult who chose to show it."),
    _("The words do not ask for or offer anything sexual."),
    _("Nobody is threatened or asked for pictures here."),
)
