from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from hypothesis import given
from hypothesis import strategies as st

from rag.llm.retries import BACKOFF_S, REQUESTS_PER_RETRY, RETRY_EVERY_S, RetryBudget, retry_after_s, retry_pause_s


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_one_request_in_ten_is_tried_again_and_the_first_at_once() -> None:
    budget, taken = RetryBudget(Clock()), []
    for number in range(3 * REQUESTS_PER_RETRY):
        budget.request_began()
        if budget.take():
            taken.append(number)
    assert taken == [0, REQUESTS_PER_RETRY, 2 * REQUESTS_PER_RETRY]


def test_a_calm_time_saves_up_no_burst_of_retries() -> None:
    budget = RetryBudget(Clock())
    for _ in range(100 * REQUESTS_PER_RETRY):
        budget.request_began()
    assert [budget.take() for _ in range(3)] == [True, False, False]


def test_what_is_asked_rarely_may_be_tried_again_after_a_minute() -> None:
    clock = Clock()
    budget = RetryBudget(clock)
    budget.request_began()
    assert budget.take()
    budget.request_began()
    assert not budget.take()
    clock.now += RETRY_EVERY_S
    assert budget.take()
    assert not budget.take()


@given(st.lists(st.booleans(), min_size=REQUESTS_PER_RETRY, max_size=300))
def test_retries_are_never_more_than_a_tenth_of_the_requests(failures: list[bool]) -> None:
    budget, taken = RetryBudget(Clock()), 0
    for number, is_failed in enumerate(failures, 1):
        budget.request_began()
        taken += is_failed and budget.take()
        assert taken <= -(-number // REQUESTS_PER_RETRY)


def test_retry_after_is_read_as_seconds_and_as_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert [retry_after_s(header) for header in ("0", " 7 ", "1.5", None, "", "soon", "-3", "1e9", "inf")] == [
        *(0.0, 7.0, 1.5),
        *(None,) * 6,
    ]
    assert 28 < (retry_after_s(date) or 0) <= 30
    assert retry_after_s("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert retry_after_s("Wed, 21 Oct 2015 07:28:00 -0000") == 0.0


def test_a_pause_is_never_shorter_than_asked_and_short_without_being_asked() -> None:
    for _ in range(50):
        assert 2.0 <= retry_pause_s(2.0) <= 2.5
        assert 0.0 <= retry_pause_s(0.0) <= BACKOFF_S / 4
        assert 0.75 <= retry_pause_s(None) / BACKOFF_S <= 1.0
