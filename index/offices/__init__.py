"""Who holds which office by an article's word: exact patterns only; what they leave open is left out.

    article ─ holdings ─► title: words in front of an office ─ units ─► unit in one form ─► OfficeHolding
                 │                                               ↑
                 └─ names: the person behind it, or in front of a verb
                                                    places: what a bare 党工委 or 区委 can be of

holdings composes the others · titles says what an office is called · names tells where a name ends · units where a unit begins · places which territories and
streets an article names.
"""

from index.offices.holdings import OFFICES_VERSION, find_holdings

__all__ = ["OFFICES_VERSION", "find_holdings"]
