"""Where the service may be led to connect (SSRF): by a setting's address, and by whatever readers, documents and LLMs write."""

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from api_server import RIGHT, running
from fault_figures import Tried
from llm_server import MODEL, LLMServer, head, status, streamed

from rag.config import Settings, load_settings
from rag.errors import SettingsError

pytestmark = pytest.mark.fault

SETTINGS = ("OPENAI_BASE_URL", "WENJU_RERANKER_URL")
REFUSED = (
    # no web address
    "/", "//", "localhost", "10.0.0.5:8000", "ftp://a/v1", "file:///etc/passwd", "file://localhost/etc/passwd", "gopher://a:6379/_x",
    "dict://a:11211/", "ldap://a/", "data:text/plain,x", "javascript:alert(1)", "unix:///run/x.sock", "http:", "http:/", "http://", "http:///v1", "https://:443/",
    "http://[::1/v1", "http://::1/v1", "http://a:b/", "http://a:99999/", "http://a:0/", "http://a:-1/", "HTTP//a", "http;//a", "ws://a/", "jar:http://a!/",
    # two programs may read it as two hosts
    "http://a@169.254.169.254/", "http://user:password@10.0.0.5/v1", "http://10.0.0.5:80@evil.example/", "http://a\\@evil.example/", "http://a\\.evil.example/",
    "http://a /v1", "http://a\t/v1", "http://a\n/v1", "http://a\r\nHost: b/v1", "http://a\x00.b/", "http://a%2eb/", "http://a%00b/", "http://a#@b/", "http://a?@b/",
    "http://a/v1?x=1", "http://a/v1#x", "http://a/v1?", "http://ａ.example/", "http://例子.example/", "http://a。b/", "http://①②⑦.0.0.1/", "http://a..b/", "http://-a.b/",
    # an IPv4 address as inet_aton takes it
    "http://2130706433/", "http://0x7f000001/", "http://017700000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2852039166/",
    "http://0xA9FEA9FE/", "http://0251.0376.0251.0376/", "http://169.254.43518/", "http://0/", "http://1/", "http://00000127.0.0.1/", "http://127.0.0.1./", "http://256.256.256.256/", "http://0x7f.1/",
    # no server's, or a cloud's secrets
    "http://169.254.169.254/latest/meta-data", "http://169.254.170.2/", "http://[fe80::1]/", "http://[fe80::1%25eth0]/", "http://[::ffff:169.254.169.254]/", "http://[::ffff:a9fe:a9fe]/",
    "http://0.0.0.0/", "http://[::]/", "http://224.0.0.1/", "http://[ff02::1]/", "http://255.255.255.255/", "http://240.0.0.1/", "http://100.100.100.200/", "http://192.0.0.192/",
    "http://168.63.129.16/", "http://[fd00:ec2::254]/", "http://[::ffff:0.0.0.0]/", "http://[::ffff:100.100.100.200]/",
)  # fmt: skip
TAKEN = (
    "http://127.0.0.1:8000/v1", "http://localhost:11434/v1", "http://10.0.0.5/v1/", "https://192.168.1.7:443/v1", "http://172.16.3.4:9000", "https://llm.oa.example.gov.cn/v1",
    "http://[::1]:8000/v1", "http://[fd12:3456::1]/v1", "http://vllm_gpu-1:8000/v1", "HTTP://LLM.Example/v1", "https://xn--fsqu00a.xn--0zwm56d/v1", "http://llm.example.:8000/v1", "http://8.8.8.8/v1",
)  # fmt: skip


def refusal_of(setting: str, url: str) -> str | None:
    """What is said against an address; None where it is taken."""
    try:
        load_settings({setting: url, "OPENAI_MODEL": "m"}, None)
    except SettingsError as error:
        return str(error)
    return None


def test_an_address_is_taken_that_only_one_server_can_have_and_no_other(tried: Tried) -> None:
    refused = {(setting, url): refusal_of(setting, url) for setting in SETTINGS for url in REFUSED}
    taken = {(setting, url): refusal_of(setting, url) for setting in SETTINGS for url in TAKEN}
    wrong = [place for place, said in refused.items() if said is None or place[0] not in said or "user:" in said]
    wrong += [place for place, said in taken.items() if said is not None]
    assert wrong == []
    of = len(refused) + len(taken)
    tried("addresses in settings (SSRF)", of - len(wrong), of)


@contextmanager
def trap() -> Iterator[tuple[int, list[bytes]]]:
    """A port that nothing may connect to, and what did."""
    caught: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                try:
                    connection = listener.accept()[0]
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(1)
                    caught.append(connection.recv(1000))

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield listener.getsockname()[1], caught
        finally:
            done.set()
            thread.join()


@pytest.fixture
def own(base: Settings, tmp_path: Path) -> Settings:
    return replace(base, index_dir=Path(shutil.copytree(base.index_dir, tmp_path / "index")))


def test_nothing_that_is_sent_to_the_service_makes_it_connect_anywhere(own: Settings, tried: Tried) -> None:
    with trap() as (port, caught):
        url = f"http://127.0.0.1:{port}/x.png"
        sent = streamed(f"{RIGHT}![图]({url}) 详见{url}。<img src={url}>")
        redirected = (
            status(302, location=url),
            [head(307, location=url)],
            [head(301, "text/html", location=url, refresh=f"0;url={url}")],
        )
        with LLMServer(sent, *redirected, sent) as llm:
            settings = replace(own, openai_base_url=llm.base_url, openai_model=MODEL)
            with running(settings) as site:
                texts = [
                    url,
                    f"{url} 是什么？",
                    f"打开{url}并总结",
                    f"<img src={url}>",
                    f"![]({url})",
                    f"file:///etc/passwd {url}",
                ]
                history = [{"role": "user", "content": url}, {"role": "assistant", "content": f"[1]({url})"}]
                replies = [site.ask(text, history=history) for text in texts]
                replies += [site.post("/v1/search", {"query": text}) for text in texts]
                body = {
                    "model": url,
                    "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": url}}]}],
                }
                replies.append(site.post("/v1/chat/completions", body))
                named = {
                    "_id": "a",
                    "title": url,
                    "text": f"云汀桥昨日通车，详见{url}。",
                    "url": url,
                    "date": "2024-01-01",
                }
                documents = [
                    {"source": "a.html", "text": f"<html><head><base href={url}><link rel=stylesheet href={url}><script src={url}></script></head>"
                     f"<body><h1>云汀桥通车</h1><p>云汀桥昨日通车。<img src={url}><iframe src={url}></iframe></p></body></html>"},
                    {"source": "a.md", "text": f"---\nurl: {url}\n---\n# 通车\n\n云汀桥昨日通车。![图]({url})\n"},
                    {"source": "a.jsonl", "text": str(named).replace("'", '"')},
                    {"source": "http.txt", "text": f"{url}\n\n云汀桥昨日通车。\n"},
                ]  # fmt: skip
                replies.append(site.post("/v1/documents", {"documents": documents}))
                replies.append(site.ask("云汀桥什么时候通车？"))
                for header in ("Host", "Referer", "Origin", "X-Forwarded-For", "X-Forwarded-Host", "Forwarded"):
                    replies.append(site.post("/v1/search", {"query": "桥"}, **{header: f"127.0.0.1:{port}"}))
        assert not [reply.status for reply in replies if reply.status >= 500]
        tried("texts that name an address (SSRF)", len(replies) - len(caught), len(replies))
