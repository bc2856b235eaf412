"""How a help line is said: its name with whom it is for, how to reach it, and when somebody is there."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amparo.letters.help_lines import Ages, HelpLine, Hours, Kind

_HOURS: dict[Hours, Promise] = {
    Hours.DAY_AND_NIGHT: _("day and night"),
    Hours.EVERY_DAY: _("every day, %(opens)s to %(closes)s"),
    Hours.MONDAY_TO_SATURDAY: _("Monday to Saturday, %(opens)s to %(closes)s"),
    Hours.WEEKDAYS_IN_THE_DAYTIME: _("weekdays, in the daytime"),
    Hours.FORM: _("a form"),
    Hours.UNKNOWN: _("we do not know the hours"),
}


def name(line: HelpLine) -> str:
    """Return the line's name and whom it is for."""
    if line.name is None:
        return gettext("In danger right now")
    if line.under is not None:
        return gettext("%(name)s, for anyone under %(age)s") % {"name": line.name, "age": line.under}
    if line.kind is Kind.REPORT:
        return gettext("%(name)s, to report a picture of a child") % {"name": line.name}
    if line.ages is Ages.CHILD:
        return gettext("%(name)s, for children") % {"name": line.name}
    if line.ages is Ages.ADULT:
        return gettext("%(name)s, for adults") % {"name": line.name}
    return line.name


def contact(line: HelpLine) -> str:
    """Return what to dial or to text; nothing where there is only a form."""
    if line.text is not None and line.call == (line.text,):
        return gettext("call or text %(number)s") % {"number": line.text}
    numbers = list(line.call[:1])
    numbers += [gettext("or %(number)s") % {"number": number} for number in line.call[1:]]
    if line.word is not None:
        numbers.append(gettext("text %(word)s to %(number)s") % {"word": line.word, "number": line.text})
    elif line.text is not None:
        numbers.append(gettext("text %(number)s") % {"number": line.text})
    return ", ".join(numbers)


def hours(line: HelpLine) -> str:
    """Return when somebody is there, on the clocks of that country; nothing for the emergency numbers."""
    if line.hours is None:
        return ""
    return str(_HOURS[line.hours]) % {"opens": line.opens, "closes": line.closes}
