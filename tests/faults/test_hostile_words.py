"""A thousand texts that would run if they became more than text: in question, answer, title, quote, source and article.

In a real browser under the strict policy, many at a time.
"""

from collections.abc import Iterator

import pytest
from fault_figures import Tried

pytest.importorskip("playwright", reason="playwright is not installed: pip install -e .[test]")
from hostile_words import FIRED, SHOWN, payloads, plain, play
from intranet_server import STRICT
from page_server import CHROMIUM, Open
from widget_server import WidgetService, widget_service

pytestmark = [
    pytest.mark.fault,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or google-chrome on the PATH: install one"),
]
AT_ONCE = 1_800
"""Characters: a question has 2,000 at most."""
MARKUP = '<wenju-ask></wenju-ask><script src="/widget.js" defer></script>'


@pytest.fixture
def service() -> Iterator[WidgetService]:
    with widget_service() as service:
        yield service


def test_there_are_as_many_texts_as_are_said() -> None:
    assert len(payloads()) >= 900
    assert len(set(payloads())) == len(payloads())


def test_a_thousand_hostile_texts_stay_text(open_page: Open, service: WidgetService, tried: Tried) -> None:
    page = open_page(service.origin)
    page.add_init_script(FIRED)
    page.goto(service.origin + service.page(MARKUP, STRICT.replace("{service}", "'self'")))
    page.wait_for_selector("wenju-ask .frame", state="attached")
    batches: list[list[str]] = [[]]
    for payload in payloads():
        if len("\n".join([*batches[-1], payload])) > AT_ONCE:
            batches.append([])
        batches[-1].append(payload)
    harmless = 0
    for number, batch in enumerate(batches):
        text = "\n".join(batch)
        shown = [page.evaluate(SHOWN, question) for question in play(service, number, text)]
        became = [found for each in shown for found in each["more"]]
        seen = plain(shown[0]["answer"][0])
        missing = [each for each in batch if plain(each) not in seen]
        assert (became, missing) == ([], []), text
        harmless += len(batch)
    assert page.evaluate("[window.hits, document.querySelectorAll('body > *').length]") == [0, 2]
    tried("hostile texts in the widget (XSS)", harmless, sum(map(len, batches)))
