import threading

from index.language.memo import MAX_TEXT_CHARACTERS, TEXTS, Memo, memoise_text
from index.language.sentences import find_content_sentences


def test_a_text_is_read_once() -> None:
    read: list[str] = []

    @memoise_text
    def length(text: str) -> int:
        read.append(text)
        return len(text)

    assert [length("望津渡"), length("望津渡"), length("澜江")] == [3, 3, 2]
    assert read == ["望津渡", "澜江"]


def test_what_else_is_given_tells_results_apart() -> None:
    @memoise_text
    def marked(text: str, mark: str, *, times: int = 1) -> str:
        return text + mark * times

    assert [marked("甲", "！"), marked("甲", "？"), marked("甲", "？", times=2)] == ["甲！", "甲？", "甲？？"]


def test_the_least_lately_used_leaves_first() -> None:
    read: list[str] = []

    def itself(text: str) -> str:
        read.append(text)
        return text

    kept = Memo().of_text(itself, 2)
    for text in ("甲", "乙", "甲", "丙", "甲", "乙"):
        kept(text)
    assert read == ["甲", "乙", "丙", "乙"]


def test_a_text_longer_than_a_passage_is_not_kept() -> None:
    read: list[int] = []

    @memoise_text
    def length(text: str) -> int:
        read.append(len(text))
        return len(text)

    for count in (MAX_TEXT_CHARACTERS, MAX_TEXT_CHARACTERS, MAX_TEXT_CHARACTERS + 1, MAX_TEXT_CHARACTERS + 1):
        length("字" * count)
    assert read == [MAX_TEXT_CHARACTERS, MAX_TEXT_CHARACTERS + 1, MAX_TEXT_CHARACTERS + 1]


def test_threads_that_ask_at_once_get_what_each_asked_for() -> None:
    kept = Memo().of_text(doubled, 8)
    wrong: list[str] = []

    def ask() -> None:
        for number in range(2000):
            text = str(number % 23)
            if kept(text) != text * 2:
                wrong.append(text)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def doubled(text: str) -> str:
    return text * 2


def test_an_owner_tells_how_much_it_keeps_of_each_function_and_forgets_it() -> None:
    memo = Memo()
    for text in ("甲", "乙", "甲"):
        assert memo.of(doubled, 8)(text) == text * 2
    assert memo.cache_sizes() == {"test_memo.doubled": 2}
    memo.clear()
    assert memo.cache_sizes() == {"test_memo.doubled": 0}


def test_owners_keep_apart_what_they_keep() -> None:
    first, second = Memo(), Memo()
    assert first.of_text(doubled)("甲") == "甲甲"
    assert (first.cache_sizes(), second.cache_sizes()) == ({"test_memo.doubled": 1}, {})


def test_what_depends_on_a_text_alone_is_kept_under_the_function_s_name() -> None:
    TEXTS.clear()
    find_content_sentences("望津桥今年启动重建。市民可以免费入园。")
    sizes = TEXTS.cache_sizes()
    assert (sizes["sentences.statements"], sizes["sentences.split"], sizes["normalise.normalise"]) == (1, 1, 0)
