"""Which connection goes when there are too many."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from rag.api.connections.register import ConnectionRegister, room_for_connections


@dataclass(eq=False)
class Held:
    """One connection, as the register sees it."""

    address: str
    waits_for_client: bool = True
    closed: list[str] = field(default_factory=list)

    def abort(self) -> None:
        self.closed.append("now")


def register_of(most: int, most_per_address: int, proxy: str = "") -> ConnectionRegister:
    return ConnectionRegister(most, most_per_address, lambda address: address == proxy)


def opened(register: ConnectionRegister, address: str, count: int) -> list[Held]:
    connections = [Held(address) for _ in range(count)]
    assert all(register.admit(connection) for connection in connections)
    return connections


def test_whoever_holds_too_many_loses_the_one_that_has_waited_longest() -> None:
    register = register_of(100, 3)
    first, second, third = opened(register, "10.0.0.1", 3)
    second.waits_for_client = False
    register.heard_of(first)
    fourth, fifth = opened(register, "10.0.0.1", 2)
    assert [bool(connection.closed) for connection in (first, second, third, fourth, fifth)] == [1, 0, 1, 0, 0]
    assert len(register) == 3


def test_where_there_is_no_room_at_all_the_one_with_most_makes_it() -> None:
    register = register_of(5, 4)
    crowd = opened(register, "10.0.0.1", 3)
    reader, _other = opened(register, "10.0.0.2", 1), opened(register, "10.0.0.3", 1)
    opened(register, "10.0.0.4", 2)
    assert [bool(connection.closed) for connection in crowd] == [1, 1, 0]
    assert not reader[0].closed


def test_a_connection_that_is_served_is_closed_for_nobody() -> None:
    register = register_of(2, 2)
    for connection in opened(register, "10.0.0.1", 2):
        connection.waits_for_client = False
    assert not register.admit(Held("10.0.0.1"))
    assert not register.admit(Held("10.0.0.2"))


def test_a_trusted_proxy_may_hold_all_that_there_are_and_its_own_go_last() -> None:
    register = register_of(6, 2, proxy="10.0.0.9")
    proxied = opened(register, "10.0.0.9", 5)
    direct = opened(register, "10.0.0.1", 1)
    opened(register, "10.0.0.2", 1)
    assert direct[0].closed
    assert not any(connection.closed for connection in proxied)
    opened(register, "10.0.0.9", 1)
    assert len(register) == 6


def test_one_ipv6_site_is_one_address() -> None:
    register = register_of(10, 2)
    first = opened(register, "fd00::1", 1)
    opened(register, "fd00::2", 2)
    assert first[0].closed


ADDRESSES = st.sampled_from(["10.0.0.1", "10.0.0.2", "fd00::1", "fd00:0:0:1::1"])
STEPS = st.lists(
    st.tuples(st.sampled_from(["open", "open", "open", "serve", "heard", "close"]), ADDRESSES), max_size=60
)


@given(STEPS, st.integers(1, 8), st.integers(1, 8))
def test_however_they_come_and_go_none_that_is_served_is_closed_and_never_are_there_too_many(
    steps: list[tuple[str, str]], most: int, most_per_address: int
) -> None:
    register = register_of(most, most_per_address)
    held: list[Held] = []
    for step, address in steps:
        mine = [connection for connection in held if connection.address == address]
        if step == "open":
            new = Held(address)
            spare = [other for other in held if other.waits_for_client]
            if register.admit(new):
                held.append(new)
            elif len(mine) < most_per_address:
                assert len(held) >= most
                assert not spare, "there was one that could be spared"
        elif mine and step == "serve":
            mine[0].waits_for_client = False
        elif mine and step == "heard":
            register.heard_of(mine[0])
        elif mine:
            register.remove(mine[0])
            held.remove(mine[0])
        assert all(connection.waits_for_client for connection in held if connection.closed)
        held = [connection for connection in held if not connection.closed]
        assert len(held) == len(register) <= most
        assert all(sum(other.address == one.address for other in held) <= most_per_address for one in held)


def test_half_of_the_descriptors_are_left_for_what_else_a_service_opens() -> None:
    import resource

    assert 1 <= room_for_connections() <= resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2
