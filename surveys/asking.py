"""Questions on a page without script: what was given, what follows from it, and what is shown (CAM-7).

Questions that depend on others follow on the same page once the answers before them are known; the page lists those it has
shown as ``seen``.
"""

from surveys.queries import FormItem
from surveys.rules.answers import BadAnswer
from surveys.rules.branching import visible


def given_in(data, items: list[FormItem]) -> dict[str, object]:
    """The raw answers of a posted page by item id: a text, or a list where several were ticked."""
    given = {str(item.id): data.getlist(f"q{item.id}") for item in items if f"q{item.id}" in data}
    return {key: values if len(values) > 1 else values[0] for key, values in given.items()}


def asked_after(items: list[FormItem], given: dict) -> list[int]:
    """The ids of the questions to ask after these answers; wrong answers decide nothing."""
    chosen = {}
    for item in items:
        try:
            value = item.read(given[str(item.id)]) if str(item.id) in given else None
        except BadAnswer:
            value = None
        chosen[item.id] = value.values if value else ()
    return visible(items, chosen)


def all_seen(data, items: list[FormItem], given: dict) -> bool:
    """Whether the page had shown every question that these answers lead to."""
    seen = set(data.getlist("seen"))
    return all(str(pk) in seen for pk in asked_after(items, given))


def questions_of(items: list[FormItem], given: dict, problems: dict) -> list[dict]:
    """What ``surveys/_public_question.html`` shows of each question that is asked."""
    asked = set(asked_after(items, given))
    shown = []
    for item in items:
        if item.id in asked:
            value = given.get(str(item.id), "")
            shown.append(
                {
                    "item": item,
                    "value": value if isinstance(value, str) else "",
                    "chosen": [value] if isinstance(value, str) else value,
                    "problems": problems.get(str(item.id), []),
                }
            )
    return shown
