"""What an operator sets of how answers are written."""

from dataclasses import dataclass, field
from pathlib import Path

from rag.question.limits import QuestionLimits


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What an operator sets.

    Args:
        context_tokens, answer_tokens: of the LLM.
        prompts_dir: own templates.
        cache_dir: where the English dictionary is kept; None makes it anew in every process.
        limits: of a question and the conversation that it brings along.
        wrong_answer_cost: what a wrong answer costs, where a false refusal costs 1.
    """

    context_tokens: int = 8192
    answer_tokens: int = 800
    prompts_dir: Path | None = None
    cache_dir: Path | None = None
    limits: QuestionLimits = field(default_factory=QuestionLimits)
    wrong_answer_cost: float = 0.5
