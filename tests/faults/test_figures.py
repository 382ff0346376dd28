"""support.fault_figures: the closing lines of the fault suite."""

import pytest
from fault_figures import fault_lines, saying


def test_each_kind_has_a_line_and_all_have_one() -> None:
    assert fault_lines([("disk full", 3, 3), ("kills", 1000, 1001), ("disk full", 2, 2)]) == [
        "faults: disk full   5 of 5 right",
        "faults: kills       1,000 of 1,001 right",
        "faults: 2 kinds, 1,005 of 1,006 right",
    ]
    assert fault_lines([]) == []


def test_a_fault_that_came_out_wrong_fails_its_test_and_so_does_trying_none() -> None:
    said: list[object] = []
    tried = saying(lambda _name, value: said.append(value))
    tried("fine", 2, 2)
    with pytest.raises(AssertionError, match="1 of 2 right"):
        tried("not all", 1, 2)
    with pytest.raises(AssertionError, match="nothing was tried"):
        tried("none", 0, 0)
    assert said == [("fine", 2, 2), ("not all", 1, 2), ("none", 0, 0)]
