"""From the fields of the story to what a browser would send: the form as it is shown, with the fields filled in.

A field may hold words, a number, yes or no, a list (a line each, or several boxes); `{ day = 3 }` or
`{ day = 3, hour = 14.5 }`, counted from the last day; `{ post = "m-lamp" }`, `{ person = "lead" }` or
`{ office = "police", person = "police" }`; or what to change in what the form shows,
`{ old = "0161", new = "0166" }`; or a pin on the compound's plan, `{ on_plan = [520, 400] }`, in thousandths.
Of a list to choose from, the key or the words that a resident reads may be given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from shequtong.lib.forms import BoundField, BoundForm
from shequtong.town import StoryError, dated

Number = Callable[[str, str], int]
"""From ("post", key) or ("person", login) to the number it has in the database."""


class Sent(dict[str, Any]):
    """Fields by name, as the framework hands over a submitted form."""

    def getlist(self, name: str) -> list[Any]:
        found = self.get(name, [])
        return found if isinstance(found, list) else [found]


def sent(asked: BoundForm[Any], fields: Mapping[str, Any], last_day: date, number: Number) -> Sent:
    """The form `asked`, filled in. Raises StoryError for a field it does not ask."""
    shown = {field.name: field for field in asked.fields}
    if strangers := sorted(set(fields) - set(shown)):
        raise StoryError(f"nobody asks for {', '.join(strangers)}; the form asks for {', '.join(shown)}")
    filled = Sent({name: _typed(field.value) for name, field in shown.items() if field.value is not None})
    for name, value in fields.items():
        filled[name] = _chosen(shown[name], _told(value, shown[name], last_day, number))
    return filled


def _told(value: Any, field: BoundField, last_day: date, number: Number) -> Any:
    if isinstance(value, dict):
        if "on_plan" in value:
            return _pinned(value["on_plan"], field)
        return _changed(value, field) if "old" in value else _pointed(value, last_day, number)
    if isinstance(value, list):
        told = [str(_told(item, field, last_day, number)) for item in value]
        return told if field.widget == "checkboxes" else "\n".join(told)
    return dated(value.strip(), last_day) if isinstance(value, str) else _typed(value)


def _changed(value: Mapping[str, Any], field: BoundField) -> str:
    shown = str(field.value or "")
    if value["old"] not in shown:
        raise StoryError(f"{field.name} does not say {value['old']!r}")
    return shown.replace(value["old"], value["new"])


def _pinned(value: list[int], field: BoundField) -> str:
    if not field.options:
        raise StoryError("no plan hangs here to put a pin on")
    return f"{field.options[0][0]}:{value[0]},{value[1]}"


def _pointed(value: Mapping[str, Any], last_day: date, number: Number) -> str:
    names = set(value)
    if names == {"day"}:
        return (last_day + timedelta(days=value["day"])).isoformat()
    if names == {"day", "hour"}:
        moment = datetime.combine(last_day, time()) + timedelta(days=value["day"], hours=value["hour"])
        return moment.strftime("%Y-%m-%dT%H:%M")
    if names == {"office", "person"}:
        return f"{value['office']}:{number('person', value['person'])}"
    if len(names) == 1 and (kind := next(iter(names))) in ("post", "person"):
        return str(number(kind, value[kind]))
    raise StoryError(f"{dict(value)} is neither a day nor a moment, a post or a person")


def _typed(value: Any) -> Any:
    """As a browser sends it."""
    if isinstance(value, bool):
        return "1" if value else ""
    return value if isinstance(value, list | str) else str(value)


def _chosen(field: BoundField, value: Any) -> Any:
    """The key of an option, where its words were given."""
    if isinstance(value, list):
        return [_chosen(field, item) for item in value]
    keys = {str(label): str(key) for key, label in field.options}
    return value if value in keys.values() else keys.get(value, value)
