"""index.read.stated_dates: dates as exports write them."""

import pytest

from index.read.stated_dates import parse_date
from index.records import PartialDate


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("May 8, 2024", "2024-05-08"),
        ("8 May 2024", "2024-05-08"),
        ("Wed, 08 May 2024 10:00:00 +0800", "2024-05-08"),
        ("2024/5/8 10:00", "2024-05-08"),
        (1715126400, "2024-05-08"),  # midnight in Greenwich, eight in the morning in China
        (1715097600, "2024-05-08"),  # midnight in China
        (1715126400000, "2024-05-08"),
        ("1715126400", "2024-05-08"),
        (1715126400.0, "2024-05-08"),
        ("25/12/2024", "2024-12-25"),
        ("5/8/2024", None),  # May or August
        ("Feb 30, 2024", None),
        (99999999999, None),
        (float("nan"), None),
        (True, None),
    ],
)
def test_a_date_as_exports_write_it(value: object, date: str | None) -> None:
    assert parse_date(value) == (PartialDate(date) if date else None)
