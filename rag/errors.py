"""Errors of the online side. A refusal is no error: it is an outcome (rag.records.Refusal).

AnsweringError
├── SettingsError          a setting is missing, malformed or contradicts another
├── StoppingError          the service is being stopped
├── QuestionError          the question itself cannot be taken (empty, too long, bad dates)
├── RerankerError          a cross-encoder cannot be loaded, or is too slow
├── PromptError            a prompt template is missing or lacks a placeholder
├── EvaluationError        a corpus, question or result file of an evaluation is broken or contradicts another
│   └── EvaluationNotFoundError   there is no such file
├── FeedbackError          feedback cannot be kept or read now: a full disk, a locked file, no right to write
│   ├── FeedbackOffError       the operator has switched it off
│   ├── FeedbackMissingError   no feedback, or no recent answer, of this id; no feedback at all
│   └── FeedbackCorruptError   the file is damaged, is another program's, or a later version's
└── ChatModelError         the LLM gave no usable completion; `.reason` says which way it failed
"""

from typing import Literal

FallbackReason = Literal[
    "no_llm", "timeout", "unreachable", "rate_limited", "unauthorised", "server_error", "bad_reply", "unsupported"
]
"""Why an answer was extracted instead of generated, as the Answer's `generator.fallback_reason`.
"unsupported": the model replied, but no statement of the reply could be verified."""


class AnsweringError(Exception):
    """Base of everything the online side raises on purpose; the message says what, where and what to do."""


class SettingsError(AnsweringError):
    """A setting is missing, malformed or contradicts another."""


class StoppingError(AnsweringError):
    """The service is being stopped while this is under way."""


class QuestionError(AnsweringError):
    """The question cannot be taken.

    Args:
        message: what is wrong and what to do.
        param: the field at fault, for the API's error body.
        code: short code, e.g. "too_long", "bad_date".
    """

    def __init__(self, message: str, *, param: str, code: str) -> None:
        super().__init__(message)
        self.param = param
        self.code = code


class PromptError(AnsweringError):
    """A prompt template is missing or lacks a placeholder."""


class RerankerError(AnsweringError):
    """What reads passages cannot be loaded or asked, or is too slow for its budget."""


class EvaluationError(AnsweringError):
    """A corpus, question or result file of an evaluation is broken, or contradicts another."""


class EvaluationNotFoundError(EvaluationError):
    """A file that an evaluation was given is not there."""


class FeedbackError(AnsweringError):
    """Feedback cannot be kept or read now."""


class FeedbackOffError(FeedbackError):
    """Feedback is switched off."""


class FeedbackMissingError(FeedbackError):
    """There is no feedback, or no recent answer, of this id; or no feedback at all."""


class FeedbackCorruptError(FeedbackError):
    """The feedback file is damaged, is another program's, or a later version's."""


class ChatModelError(AnsweringError):
    """The LLM gave no usable completion."""

    def __init__(self, reason: FallbackReason, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.reason: FallbackReason = reason
        self.retry_after_s = retry_after_s
