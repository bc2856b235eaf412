"""Help lines in a page: a country's own ones, then the directory, then those whose check is too old."""

from datetime import UTC, datetime
from typing import Any

from django import template

from amparo.letters import help_lines as table
from amparo.letters.questions import country_name

register = template.Library()


@register.inclusion_tag("public/_help_lines.html")
def help_lines(country: str | None) -> dict[str, Any]:
    """Show where to talk to a person; without a known country, those of every country, folded."""
    known = [country] if country in table.COUNTRIES else list(table.COUNTRIES)
    today = datetime.now(UTC).date()
    countries = [(country_name(each), *table.lines_for(each, today)) for each in known if each is not None]
    return {"countries": countries, "is_known": country in table.COUNTRIES, "directory": table.DIRECTORY}
