"""What differs by who reports: the same screens, other words. Nobody is asked for more because of it."""

from django.utils.translation import gettext as _

from amparo.cases.words import Relation


def opening(relation: Relation | None) -> list[str]:
    """Return what stands small above a question. Who saw a stranger's picture is not consoled for their own."""
    match relation:
        case Relation.STRANGER:
            return [_("Thank you for telling us.")]
        case Relation.GUARDIAN:
            return [_("You and your child have done nothing wrong."), _("Your child need not read or sign anything.")]
        case Relation.KNOWS:
            return [_("Thank you for telling us."), _("They will not hear from us that it was you.")]
        case _:
            return [_("You have done nothing wrong.")]


def after_sending(relation: Relation | None) -> list[str]:
    """Return what is said to this reporter beside how the links stand."""
    match relation:
        case Relation.STRANGER:
            return [_("Thank you for telling us."), _("Please do not save or share the picture.")]
        case Relation.GUARDIAN:
            return [_("Your child need not read or sign anything.")]
        case Relation.KNOWS:
            return [_("They will not hear from us that it was you."), _("Please do not save or share the picture.")]
        case _:
            return []


def is_bystander(relation: Relation | None) -> bool:
    """Whether help lines stand last, and nothing speaks of the reporter's own picture."""
    return relation is Relation.STRANGER
