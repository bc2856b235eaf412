"""Reports in XARF v4 (eXtended Abuse Reporting Format), of the two types that are about children: csam and csem.

The format's own rule is kept: no picture comes with one. A report that brings any is refused as a whole, and nothing
of it is kept. Who reported and what they found stand in the sealed words, for the person who looks.
"""

import re
from collections.abc import Mapping
from typing import Any

from amparo.api.errors import ApiError
from amparo.api.notices.sending import LONGEST_LINK, MOST_LETTERS, Sending
from amparo.api.notices.typed import Fields, readable
from amparo.cases.words import Age, Relation, Way
from amparo.policies.policy import Topic

CSAM, CSEM = "csam", "csem"
_VERSION = re.compile(r"4\.[0-9]{1,4}\.[0-9]{1,4}")
_REPORT = re.compile(r"[A-Za-z0-9._:-]{1,120}")
_TOPICS = {"sextortion": Topic.THREAT, "grooming": Topic.ENTICEMENT, "solicitation": Topic.ENTICEMENT}
_MOST_EVIDENCE = 50
_WORDS_AND_FILES = re.compile(r"(text|application|message)/[A-Za-z0-9.+-]+( ?;[ -~]{1,100})?")
"""What evidence may be: anything but a picture, a video or a sound."""
# Texts of a report that help whoever looks, in the order in which they stand in the words.
_SAID = (
    "type", "classification", "exploitation_type", "detection_method", "media_type", "victim_age_range", "platform",
    "source_identifier", "ncmec_report_id", "description",
)  # fmt: skip


def is_xarf(told: Mapping[str, Any]) -> bool:
    """Whether an object says that it is a report in this format."""
    return "xarf_version" in told


def read(told: Mapping[str, Any]) -> Sending:
    """Return the notice that a report is. Raises ApiError 422 with the field. Fields not read here are overlooked.

    A child is meant by both types, so the age is answered. The report's own id is its reference.
    """
    fields = Fields(told)
    if fields.text("xarf_version", 20, pattern=_VERSION) is None:
        raise fields.missing("xarf_version", "4.x.y; older versions are not read")
    kind = fields.text("type", 40)
    if fields.text("category", 40) != "content" or kind not in (CSAM, CSEM):
        raise fields.wrong("type", f"is {CSAM} or {CSEM}, of the category content; nothing else is taken here")
    _refuse_pictures(fields)
    report, url = fields.text("report_id", 120, pattern=_REPORT), (fields.text("url", LONGEST_LINK) or "").strip()
    if report is None:
        raise fields.missing("report_id", "the report's own id")
    if not url:
        raise fields.missing("url", "where it stands")
    exploited = fields.text("exploitation_type", 60) or ""
    topic = _TOPICS.get(exploited, Topic.SEXUAL_PICTURE)
    words = "\n".join(_words(told))[:MOST_LETTERS]
    return Sending(topic, (url,), Relation.STRANGER, Age.CHILD, None, Way.NOT_AT_ALL, words, report)


def _refuse_pictures(fields: Fields) -> None:
    evidence = fields.value("evidence")
    if evidence is None:
        return
    if not isinstance(evidence, list) or len(evidence) > _MOST_EVIDENCE:
        raise fields.wrong("evidence", f"is a list of at most {_MOST_EVIDENCE}")
    for each in evidence:
        kind = each.get("content_type") if isinstance(each, Mapping) else None
        if not isinstance(kind, str) or not _WORDS_AND_FILES.fullmatch(kind):
            sentence = "Send no picture or video: hashes and links are enough. Nothing of this report was kept."
            raise ApiError(422, "visual_evidence", sentence, field="evidence")


def _words(told: Mapping[str, Any]) -> list[str]:
    reporter = told.get("reporter")
    said = []
    if isinstance(reporter, Mapping):
        said += [f"reporter {name}: {_text(reporter.get(name))}" for name in ("org", "contact", "domain")]
    said += [f"{name}: {_text(told.get(name))}" for name in _SAID if told.get(name) is not None]
    for name in ("hash_values", "file_hash"):
        hashes = told.get(name)
        if isinstance(hashes, Mapping):
            said += [f"{_text(kind)}: {_text(value)}" for kind, value in list(hashes.items())[:8]]
    return [line for line in said if not line.endswith(": ")]


def _text(value: object) -> str:
    return readable(value)[:2000] if isinstance(value, str) else ""
