"""Bodies of the OpenAI-compatible routes, as the official clients send and read them."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from rag.api.schemas import First, Last, Text, TopK
from rag.records import Answer, Citation

MODEL = "wenju"
"""The one model there is; a request may name any, and gets that name back."""
MODEL_CREATED = 1_795_219_200
"""2026-11-21: the same number every time, for clients that compare lists of models."""

Position = Annotated[
    int, Meta(ge=0, description="Unicode code points from the beginning of the content.", examples=[41])
]


class ContentPart(Struct):
    """A part of a message's content; only text can be read."""

    type: Annotated[str, Meta(description="`text`; a user's image, sound or file is refused.", examples=["text"])]
    text: Annotated[Text | None, Meta(description="The words of a part of type `text`.")] = None


class ChatMessage(Struct):
    """A message of the conversation."""

    role: Annotated[
        Literal["system", "developer", "user", "assistant", "tool", "function"],
        Meta(description="Only what user and assistant said is read: instructions to this service are its own."),
    ]
    content: Annotated[
        Text | list[ContentPart] | None,
        Meta(description="Text, or parts of it, which are read as lines.", examples=["2021年的区委书记是谁？"]),
    ] = None


class StreamOptions(Struct):
    """How a stream ends."""

    include_usage: Annotated[bool | None, Meta(description="One more chunk with the usage, before the end.")] = None


class WenjuOptions(Struct, forbid_unknown_fields=True):
    """What POST /v1/ask takes besides the question; `extra_body={"wenju": {…}}` of the official client."""

    first: First = field(name="from", default=None)
    last: Last = field(name="to", default=None)
    top_k: TopK = None


class ChatRequest(Struct):
    """Body of POST /v1/chat/completions; fields that are not named here (temperature, tools …) are not read."""

    messages: Annotated[
        list[ChatMessage],
        Meta(
            min_length=1,
            max_length=1000,
            description="The last message of the user is the question, those before it its history.",
            examples=[[{"role": "user", "content": "2021年的区委书记是谁？"}]],
        ),
    ]
    model: Annotated[
        Annotated[str, Meta(max_length=200)] | None, Meta(description="Any; it is given back.", examples=[MODEL])
    ] = None
    stream: Annotated[bool | None, Meta(description="Chunks as server-sent events instead of one object.")] = None
    stream_options: Annotated[StreamOptions | None, Meta(description="Read where `stream` is true.")] = None
    n: Annotated[int | None, Meta(description="1: there is one answer.", examples=[1])] = None
    wenju: Annotated[
        WenjuOptions | None,
        Meta(description="This service's own options.", examples=[{"from": "2021", "to": "2021-12-31", "top_k": 8}]),
    ] = None


class UrlCitation(Struct):
    """Where a marker of the content stands, and what it points to."""

    start_index: Position
    end_index: Annotated[int, Meta(ge=0, description="The same, after the marker's last character.", examples=[44])]
    title: Annotated[
        str, Meta(description="The article's title, or its file's name.", examples=["去年全区空气质量再提升"])
    ]
    url: Annotated[
        str,
        Meta(
            description="The article's own address, or the one at which this service shows the quote.",
            examples=["http://127.0.0.1:8000/#article=5f0c&start=12&end=61"],
        ),
    ]


class Annotation(Struct):
    """One marker of the content."""

    url_citation: UrlCitation
    type: Literal["url_citation"] = "url_citation"


class Cites(Struct):
    """Citations, whole."""

    citations: Annotated[tuple[Citation, ...], Meta(description="As in the Answer; in a first chunk the candidates.")]


class CompletionUsage(Struct):
    """Tokens, as the LLM's server counted them; without an LLM those of the messages and of the answer."""

    prompt_tokens: Annotated[int, Meta(ge=0, examples=[1873])]
    completion_tokens: Annotated[int, Meta(ge=0, examples=[61])]
    total_tokens: Annotated[int, Meta(ge=0, examples=[1934])]


class ReplyMessage(Struct):
    """The answer."""

    content: Annotated[
        str, Meta(description="The answer with its markers; of a refusal what it says, with related reports.")
    ]
    annotations: Annotated[list[Annotation], Meta(description="One for every marker, in their order.")]
    wenju: Annotated[Cites, Meta(description="The citations that the markers point to.")]
    role: Literal["assistant"] = "assistant"
    refusal: Annotated[None, Meta(description="Always null: what the archive does not know is content.")] = None


class Choice(Struct):
    """The one choice."""

    message: ReplyMessage
    index: int = 0
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class ChatCompletion(Struct):
    """The answer in the form of OpenAI's chat completions."""

    id: Annotated[str, Meta(description="`chatcmpl-` and the Answer's id.", examples=["chatcmpl-0c5d1e"])]
    created: Annotated[int, Meta(description="Seconds since 1970.", examples=[MODEL_CREATED])]
    model: Annotated[str, Meta(description="As the request named it.", examples=[MODEL])]
    choices: Annotated[list[Choice], Meta(description="One.")]
    usage: CompletionUsage
    wenju: Annotated[Answer, Meta(description="The whole Answer, as POST /v1/ask gives it.")]
    system_fingerprint: Annotated[str | None, Meta(description="The generation of the index.")] = None
    object: Literal["chat.completion"] = "chat.completion"


class ChunkDelta(Struct):
    """What a chunk adds: role and nothing at first, then text, at last annotations and citations."""

    role: Literal["assistant"] | UnsetType = UNSET
    content: str | UnsetType = UNSET
    annotations: list[Annotation] | UnsetType = UNSET
    wenju: Cites | UnsetType = UNSET


class ChunkChoice(Struct):
    """The one choice of a chunk."""

    delta: ChunkDelta
    index: int = 0
    logprobs: None = None
    finish_reason: Literal["stop"] | None = None


class ChatChunk(Struct):
    """One event of a streamed completion."""

    id: Annotated[str, Meta(description="The same in all chunks of a stream; not the Answer's.")]
    created: Annotated[int, Meta(description="Seconds since 1970.", examples=[MODEL_CREATED])]
    model: Annotated[str, Meta(description="As the request named it.", examples=[MODEL])]
    choices: Annotated[list[ChunkChoice], Meta(description="Empty in the chunk that has the usage.")]
    system_fingerprint: Annotated[str | None, Meta(description="The generation of the index.")] = None
    usage: Annotated[
        CompletionUsage | UnsetType | None, Meta(description="Where include_usage asks for it: null until the last.")
    ] = UNSET
    wenju: Annotated[
        Cites | Answer | UnsetType, Meta(description="In the first chunk the candidates, in the last the Answer.")
    ] = UNSET
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"


class Model(Struct):
    """A model that can be named."""

    id: Annotated[str, Meta(examples=[MODEL])] = MODEL
    created: Annotated[int, Meta(description="Seconds since 1970.", examples=[MODEL_CREATED])] = MODEL_CREATED
    owned_by: Annotated[str, Meta(description="This service.", examples=[MODEL])] = MODEL
    object: Literal["model"] = "model"


class ModelList(Struct):
    """The models: one."""

    data: Annotated[list[Model], Meta(description="Always this one.")]
    object: Literal["list"] = "list"
