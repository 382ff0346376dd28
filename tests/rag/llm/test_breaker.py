import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ChatModelError
from rag.llm.breaker import FAILURES_WITHIN_S, MAX_FAILURES, CircuitBreaker

DEAD = ChatModelError("unreachable", "nobody listens")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker(clock=clock)


def fail(breaker: CircuitBreaker, times: int) -> bool:
    """Whether the last of so many failures opened it."""
    opened = [breaker.failed(breaker.begin(), DEAD) for _ in range(times)]
    assert not any(opened[:-1])
    return opened[-1]


def test_it_opens_after_failures_in_a_row(breaker: CircuitBreaker) -> None:
    assert fail(breaker, MAX_FAILURES)
    assert breaker.outage
    assert breaker.outage.error is DEAD
    with pytest.raises(ChatModelError, match="nobody listens") as refused:
        breaker.begin()
    assert refused.value.reason == "unreachable"


def test_a_success_in_between_begins_the_count_anew(breaker: CircuitBreaker) -> None:
    for _ in range(3):
        fail(breaker, MAX_FAILURES - 1)
        breaker.succeeded(breaker.begin())
    assert breaker.outage is None


def test_failures_far_apart_are_no_outage(breaker: CircuitBreaker, clock: Clock) -> None:
    for _ in range(3 * MAX_FAILURES):
        assert not breaker.failed(breaker.begin(), DEAD)
        clock.now += FAILURES_WITHIN_S / (MAX_FAILURES - 1) + 0.1
    clock.now += FAILURES_WITHIN_S
    assert not fail(breaker, MAX_FAILURES - 1)
    assert fail(breaker, 1)


def test_an_answered_trial_closes_it_and_tells_how_long_it_was_open(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, MAX_FAILURES)
    clock.now += 30
    assert breaker.recovered() == 30
    assert breaker.outage is None
    assert not fail(breaker, MAX_FAILURES - 1)
    assert fail(breaker, 1)


def test_what_was_begun_before_it_opened_says_nothing_of_the_time_after(breaker: CircuitBreaker) -> None:
    waiting = [breaker.begin() for _ in range(3 * MAX_FAILURES)]
    fail(breaker, MAX_FAILURES)
    assert not breaker.failed(waiting.pop(), DEAD)
    breaker.succeeded(waiting.pop())
    assert breaker.outage
    breaker.recovered()
    assert not any(breaker.failed(period, DEAD) for period in waiting)
    fail(breaker, MAX_FAILURES - 1)
    breaker.succeeded(waiting[0])
    assert fail(breaker, 1)


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 30)), max_size=60))
def test_it_is_open_exactly_after_failures_in_a_row_within_the_window(outcomes: list[tuple[bool, float]]) -> None:
    clock = Clock()
    breaker, failures = CircuitBreaker(clock=clock), list[float]()
    for is_answered, pause_s in outcomes:
        clock.now += pause_s
        if is_answered:
            breaker.succeeded(breaker.begin())
            failures.clear()
            continue
        failures.append(clock.now)
        last = failures[-MAX_FAILURES:]
        expected = len(last) == MAX_FAILURES and last[-1] - last[0] <= FAILURES_WITHIN_S
        assert breaker.failed(breaker.begin(), DEAD) == expected
        assert (breaker.outage is not None) == expected
        if expected:
            breaker.recovered()
            failures.clear()
