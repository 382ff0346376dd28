"""GET /v1/offices: holders of an office with their reports, and what is wrong with a request."""

from urllib.parse import quote, urlencode

import pytest
from api_server import Reply, Service, assert_problem


def ask(site: Service, **query: str) -> Reply:
    return site.get(f"/v1/offices?{urlencode(query, quote_via=quote)}")


def test_the_holders_come_newest_first_with_quotes(site: Service) -> None:
    reply = ask(site, name="区长")
    assert reply.status == 200
    held = [(holder["person"], holder["first"], holder["last"]) for holder in reply.json["holders"]]
    assert [person for person, _first, _last in held] == ["江怀瑾", "沈若兰", "陆承安"]
    assert held[0][1] <= held[0][2]
    citation = reply.json["holders"][0]["citations"][-1]
    assert "江怀瑾" in citation["quote"]
    article = site.get(f"/v1/articles/{citation['article_id']}").json
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_a_time_picks_those_whom_a_report_of_it_names_or_the_nearest(site: Service) -> None:
    then = ask(site, name="区委书记", at="2021").json
    assert [holder["person"] for holder in then["holders"]] == ["顾砚舟"]
    assert then["before"] is then["after"] is None
    between = ask(site, name="区长", at="2020-08").json
    assert between["holders"] == []
    assert between["before"]["person"] == "陆承安"
    assert between["after"]["person"] == "陆承安"


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({"name": "会议"}, "name"),
        ({"name": "区长是谁"}, "name"),
        ({"name": "区长", "at": "昨天"}, "at"),
        ({"name": "区长" * 40}, "name"),
    ],
)
def test_what_cannot_be_taken_is_a_problem_that_names_the_parameter(
    site: Service, query: dict[str, str], param: str
) -> None:
    reply = ask(site, **query)
    assert reply.status == 422
    assert reply.json["error"]["param"] == param


def test_a_request_without_a_name_is_refused(site: Service) -> None:
    assert_problem(site.get("/v1/offices"), 422)


def test_an_office_that_nobody_holds_has_no_holders(site: Service) -> None:
    assert ask(site, name="区台办主任").json["holders"] == []
