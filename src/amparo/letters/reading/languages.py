"""What has to be known of each language to find its sentences and dates: abbreviations and the names of months."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """`abbreviations` stand before a full stop that ends no sentence.

    Those in `may_end` do end one where the next word begins large, those in `before_facts` where no fact follows.
    `elisions` are written together with the next word by an apostrophe and add no letters to it.
    """

    code: str
    months: str
    abbreviations: frozenset[str]
    may_end: frozenset[str] = frozenset()
    before_facts: frozenset[str] = frozenset()
    elisions: frozenset[str] = frozenset()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ENGLISH = Language(
    "en",
    "January February March April May June July August September October November December",
    _set("e.g i.e mr mrs ms dr vs approx"),
    _set("a.m p.m etc"),
    _set("no"),
)
POLISH = Language(
    "pl",
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    _set("np tzn tzw m.in ul al nr godz tel dr mgr pkt art ok por św woj"),
    _set("itd itp r w.s"),
)
FRENCH = Language(
    "fr",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    _set("m mm p ex p.ex c.-à-d tél av bd env"),
    _set("etc"),
    elisions=_set("l d j m t s n c qu jusqu lorsqu puisqu quelqu presqu"),
)
NORWEGIAN = Language(
    "nb",
    "januar februar mars april mai juni juli august september oktober november desember",
    _set("f.eks bl.a dvs ca kl nr tlf jf pga ev evt st dr hr fr"),
    _set("osv m.m mv"),
)
LANGUAGES = {each.code: each for each in (ENGLISH, POLISH, FRENCH, NORWEGIAN)}


def language(code: str) -> Language:
    """Return what is known of a language; `en-gb` is English. Raises KeyError for one that has no measure here."""
    return LANGUAGES[code.partition("-")[0].lower()]
