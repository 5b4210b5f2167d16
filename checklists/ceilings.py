"""Whether what a waiver accepts is a bound of what an item expects; pure."""

from checklists.expectations import Comparison, Expectation, Membership, Presence, compare

_UP, _DOWN = frozenset({"<", "<="}), frozenset({">", ">="})


def bounds(accepted: Expectation, expected: Expectation) -> bool:
    """Whether it speaks of the same, and says how far that may be missed.

    An ordered ceiling goes the way of the expectation. Without an order only what is found can be named
    (`= degraded`, `~ "the footer"`, `absent`), not all that it is not.
    """
    if isinstance(accepted, Membership) or isinstance(expected, Membership):
        return _same_part(accepted, expected)
    if accepted.subject != expected.subject:
        return False
    if isinstance(accepted, Presence):
        return not accepted.present
    if accepted.operator in ("=", "~"):
        return True
    return isinstance(expected, Comparison) and _same_way(accepted, expected)


def _same_part(accepted: Expectation, expected: Expectation) -> bool:
    if not (isinstance(accepted, Membership) and isinstance(expected, Membership)):
        return False
    return (accepted.set_name, accepted.member) == (expected.set_name, expected.member)


def _same_way(accepted: Comparison, expected: Comparison) -> bool:
    way = next((way for way in (_UP, _DOWN) if accepted.operator in way), frozenset())
    if not way or expected.operator != "=":
        return expected.operator in way
    if way is _DOWN and expected.literal.value == 0:
        return False  # a floor under what is to be nothing leaves everything in
    return compare(expected.literal.value, accepted.operator, accepted.literal)
