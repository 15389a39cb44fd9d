"""What a letter must fulfil beyond its shape: it can always be composed, and says the same in every language."""

from __future__ import annotations

from collections.abc import Iterator

from grantflow.services.letters.design import Block, Condition, Design, Sentence, Text
from grantflow.services.letters.shape import ANSWER_LINES, LANGUAGES
from grantflow.workflow.document import Finding, error


def check_design(design: Design) -> Iterator[Finding]:
    """Yield what could keep the letter from being composed, or a decision from being understood."""
    place = next(iter(design.texts.values())).subject.place
    for language in LANGUAGES:
        if language not in design.texts:
            message = f"The letter has no text in the language “{language}”."
            yield error(place, "missing_language", message)
    for text in design.texts.values():
        yield from _unsure(text.subject, Condition())
        for line in text.answer.values():
            for condition, sentence in line.variants:
                yield from _unsure(sentence, condition)
            condition, sentence = line.variants[-1]
            if condition != Condition():
                message = "The last variant of a line has no condition: the line is always there."
                yield error(sentence.place, "line_may_vanish", message)
        for block in text.body:
            for sentence in block.sentences:
                yield from _unsure(sentence, block.condition)
        if (design.kind == "decision") != bool(text.answer):
            message = f"Letters of the kind decision, and no others, begin with the lines {', '.join(ANSWER_LINES)} under `answer`."
            yield error(text.subject.place, "missing_answer", message)
        if design.kind == "decision" and not _states_remedies(text):
            message = (
                "A decision states what can be done against it, or that nothing can: use the part remedy."
            )
            yield error(text.subject.place, "no_remedy", message)


def check_translations(design: Design) -> Iterator[Finding]:
    """Yield where a language leaves other words open, or under other conditions, than English does."""
    english = design.texts.get("en")
    if english is None:
        return
    wanted = _skeleton(english)
    for text in design.texts.values():
        skeleton = _skeleton(text)
        if skeleton != wanted:
            missing = sorted({word for block in wanted for word in block} - {w for b in skeleton for w in b})
            hint = f" It does not use {', '.join(missing)}." if missing else ""
            message = f"The text in “{text.language}” has not the blocks, words and conditions of the English one.{hint}"
            yield error(text.subject.place, "differs_from_english", message)


def _unsure(sentence: Sentence, condition: Condition) -> Iterator[Finding]:
    for word in sentence.open_words:
        if word.kind in ("fact", "list"):
            message = f"“{word.name}” is a {word.kind}: it is asked by `when` or printed by `each`, and stands in no sentence."
            yield error(sentence.place, "not_printable", message)
        elif not word.sure and word.name not in condition.when:
            message = f"“{word.name}” may have no value; put the sentence under `when: {word.name}`."
            yield error(sentence.place, "may_be_empty", message)


def _states_remedies(text: Text) -> bool:
    asked = {name for block in text.body for name in block.condition.when}
    return {"remedy_none", "remedy_correction", "remedy_reconsideration", "remedy_appeal"} <= asked


def _skeleton(text: Text) -> list[tuple[str, ...]]:
    lines = [("subject", *_used(text.subject))]
    for name, line in sorted(text.answer.items()):
        lines += [(name, *_conditions(condition), *_used(sentence)) for condition, sentence in line.variants]
    lines += [_block_skeleton(block) for block in text.body]
    return lines


def _block_skeleton(block: Block) -> tuple[str, ...]:
    used = tuple(word for sentence in block.sentences for word in _used(sentence))
    each = (block.each.name,) if block.each else ()
    return (block.kind, *_conditions(block.condition), *each, *used)


def _conditions(condition: Condition) -> tuple[str, ...]:
    return (*condition.when, *(f"not {name}" for name in condition.unless))


def _used(sentence: Sentence) -> tuple[str, ...]:
    return tuple(sorted({word.name for word in sentence.open_words}))
