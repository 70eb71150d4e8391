"""Invented names, of no real person, and rare enough to be searched for in what is published."""

from __future__ import annotations

_FIRST = (
    "Avelin Bramor Cindral Dorvan Elsirra Fenwick Galora Hestin Ilvara Jorund Kessaly Lorvin Mirelka "
    "Nuvian Orsolin Pellara Quorin Rasmira Sylvaro Tamsind Ulvera Vaskin Wendola Xanthor Yoralis "
    "Zebrina"
)
_LAST = (
    "Ashgrovel Birkenthal Caldervane Dunmorrow Eldersky Farrowind Grimsdotter Hollowbrook Ironmeade "
    "Jaspercroft Kettlebarn Larkspurrow Millstrand Northgander Oakenshaw Pellwater Quillandar "
    "Ravensmoor Silverthistle Thornquist Umberfield Vexmoor Wintershade Yarrowsby Zephyrine"
)
FIRST_NAMES = _FIRST.split()
LAST_NAMES = _LAST.split()


def name_of(number: int) -> str:
    """The name of the person with a number; names repeat after some hundred, as names do."""
    # 7 and the number of names have no common factor, so first and last names do not move in step.
    last = LAST_NAMES[(number * 7 + number // len(FIRST_NAMES)) % len(LAST_NAMES)]
    return f"{FIRST_NAMES[number % len(FIRST_NAMES)]} {last}"


def email_of(number: int) -> str:
    """The address of the person with a number, in a domain that is reserved for examples."""
    return f"{name_of(number).lower().replace(' ', '.')}{number}@example.org"


def phone_of(number: int) -> str:
    """The telephone number of the person with a number, in a range that is reserved for fiction."""
    return f"+1-555-01{number % 100:02d}-{number:05d}"
