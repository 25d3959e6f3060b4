"""Forms declared once, as Pydantic models: read, checked, shown again with what was typed.

class ReserveForm(Form):
    message: str = text(_l("Message to the giver"), max=120, required=False)

form = ReserveForm.read(submitted)      # a BoundForm
if form.errors: …show it again, status 422…
form.value.message
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Generic, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from shequtong.lib import clock, dates
from shequtong.lib.i18n import gettext as _
from shequtong.lib.i18n import lazy_gettext as _l
from shequtong.lib.text import UnfitText, clean, clean_line

Options = Iterable[tuple[Any, ...]]


@dataclass(frozen=True)
class Widget:
    """How a field is shown. `options` may be the name of a list that is given when the form is made.

    `told` is what a page calls it that shows its value, where the label is a question.
    """

    kind: str
    label: Any
    help: Any = ""
    options: tuple[tuple[str, Any], ...] | str = ()
    placeholder: Any = ""
    autocomplete: str = ""
    future: bool = False
    inputmode: str = ""
    told: Any = ""


def _field(widget: Widget, required: bool, **limits: Any) -> Any:
    default = ... if required else limits.pop("default", None)
    return Field(default, json_schema_extra={"widget": widget}, **limits)  # type: ignore[dict-item]


def text(label: Any, *, max: int = 80, min: int = 1, required: bool = True, **look: Any) -> Any:
    """One line of words."""
    limits: dict[str, Any] = {"max_length": max} | ({"min_length": min} if required else {"default": ""})
    return _field(Widget("text", label, **look), required, **limits)


def textarea(label: Any, *, max: int = 10_000, min: int = 1, required: bool = True, **look: Any) -> Any:
    """Several lines of words (Markdown where the page says so)."""
    limits: dict[str, Any] = {"max_length": max} | ({"min_length": min} if required else {"default": ""})
    return _field(Widget("textarea", label, **look), required, **limits)


def choice(
    label: Any,
    options: Options | str,
    *,
    required: bool = True,
    radio: bool = False,
    default: str | None = "",
    **look: Any,
) -> Any:
    """One of a short list; the value is the option's key, `default` when nobody chose."""
    kind = "radio" if radio else "select"
    listed = options if isinstance(options, str) else tuple(options)
    return _field(
        Widget(kind, label, options=listed, **look), required, **({} if required else {"default": default})
    )


def choices(label: Any, options: Options | str, *, required: bool = False, **look: Any) -> Any:
    """Any number of a short list; declare the field as `list[str]`."""
    listed = options if isinstance(options, str) else tuple(options)
    limits: dict[str, Any] = {"min_length": 1} if required else {"default": []}
    return _field(Widget("checkboxes", label, options=listed, **look), required, **limits)


def branches(label: Any, options: str, **look: Any) -> Any:
    """Any number of a long list in groups that open; declare the field as `list[str]`.

    Its options are (key, label, [(key, label), …]): a group can be chosen as a whole, or some of what is in it.
    """
    return _field(Widget("branches", label, options=options, **look), False, default=[])


def yes(label: Any, **look: Any) -> Any:
    """A box to tick; declare the field as `bool`."""
    return _field(Widget("checkbox", label, **look), False, default=False)


def integer(
    label: Any,
    *,
    ge: int = 0,
    le: int = 1_000_000,
    required: bool = True,
    default: int | None = None,
    **look: Any,
) -> Any:
    """A whole number, `default` when nobody wrote one."""
    limits: dict[str, Any] = {"ge": ge, "le": le} | ({} if required else {"default": default})
    return _field(Widget("integer", label, inputmode="numeric", **look), required, **limits)


def money(label: Any, *, le: int = 10_000_000, required: bool = True, **look: Any) -> Any:
    """Yuan with at most two decimals; declare the field as `Decimal`."""
    widget = Widget("money", label, inputmode="decimal", **look)
    return _field(widget, required, ge=0, le=le, decimal_places=2)


def decimal(label: Any, *, le: int = 10_000_000, places: int = 2, required: bool = True, **look: Any) -> Any:
    """A number with decimals, such as square metres; declare the field as `Decimal`."""
    widget = Widget("text", label, inputmode="decimal", **look)
    return _field(widget, required, ge=0, le=le, decimal_places=places)


def day(label: Any, *, required: bool = True, future: bool = False, **look: Any) -> Any:
    """A calendar day; with `future`, today or later."""
    return _field(Widget("date", label, future=future, **look), required)


def moment(label: Any, *, required: bool = True, future: bool = True, **look: Any) -> Any:
    """A day and time, as the clock on the wall shows it here; with `future`, not in the past."""
    return _field(Widget("datetime", label, future=future, **look), required)


def password(label: Any, *, max: int = 256, autocomplete: str = "current-password", **look: Any) -> Any:
    return _field(
        Widget("password", label, autocomplete=autocomplete, **look), True, max_length=max, min_length=1
    )


def phone(label: Any, *, required: bool = True, **look: Any) -> Any:
    limits: dict[str, Any] = {"max_length": 24} | ({"min_length": 5} if required else {"default": ""})
    return _field(Widget("tel", label, autocomplete="tel", inputmode="tel", **look), required, **limits)


@dataclass
class BoundField:
    """A field as a page shows it, with what was typed and what is wrong with it."""

    name: str
    widget: str
    look: Widget
    required: bool
    value: Any
    options: tuple[tuple[str, Any], ...]
    error: Any = None
    min: Any = None
    max: Any = None
    maxlength: int | None = None
    prefix: str = "f-"
    branches: tuple[Any, ...] = ()

    @property
    def id(self) -> str:
        """The id of its control on the page."""
        return self.prefix + self.name

    @property
    def label(self) -> Any:
        return self.look.label

    @property
    def help(self) -> Any:
        return self.look.help

    @property
    def placeholder(self) -> Any:
        return self.look.placeholder

    @property
    def autocomplete(self) -> str:
        return self.look.autocomplete

    @property
    def inputmode(self) -> str:
        return self.look.inputmode


F = TypeVar("F", bound="Form")
Choices = Mapping[str, Options]
_NONE: Mapping[str, Any] = {}


@dataclass
class BoundForm(Generic[F]):
    """A form as a page shows it. `value` is there once it was read without an error."""

    form: type[F]
    fields: list[BoundField]
    errors: dict[str, Any] = field(default_factory=dict)
    checked: F | None = None

    @property
    def value(self) -> F:
        if self.checked is None:
            raise LookupError("this form was not read, or has errors")
        return self.checked

    @property
    def error_summary(self) -> Any:
        """The title above the list of mistakes."""
        return _("Please correct what is marked.")

    def named(self, prefix: str) -> Self:
        """For a page with several forms: control ids that begin with this form's own prefix."""
        for bound in self.fields:
            bound.prefix = f"f-{prefix}-"
        return self

    def id_of(self, name: str) -> str:
        """The control an error message leads to."""
        return next((f.id for f in self.fields if f.name == name), "main")

    def field(self, name: str) -> BoundField:
        return next(f for f in self.fields if f.name == name)

    def refuse(self, name: str, message: Any) -> Self:
        """Mark a field wrong for a reason only the caller can know; `""` marks the whole form."""
        self.errors[name] = message
        for bound in self.fields:
            if bound.name == name:
                bound.error = message
        self.checked = None
        return self


class Form(BaseModel):
    """Base of every form. Fields it does not declare are ignored, whatever their name.

    Fields are asked in the order of their declaration; one that a subclass declares again moves to where it does.
    """

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        super().__pydantic_init_subclass__(**options)
        fields = cls.__pydantic_fields__
        for name in cls.__annotations__:
            if name in fields:
                fields[name] = fields.pop(name)

    @classmethod
    def blank(
        cls, choices: Choices | None = None, *, settled: Mapping[str, Any] = _NONE, **initial: Any
    ) -> BoundForm[Self]:
        """The form before anybody typed, with `initial` values by name; `settled` fields are not asked."""
        return BoundForm(
            cls,
            [
                _bind(n, i, initial.get(n), choices or {})
                for n, i in cls.model_fields.items()
                if n not in settled
            ],
        )

    @classmethod
    def read(
        cls, submitted: Any, choices: Choices | None = None, *, settled: Mapping[str, Any] = _NONE
    ) -> BoundForm[Self]:
        """Check what was submitted (a mapping with `get` and, for lists, `getlist`); `settled` is not asked."""
        raw: dict[str, Any] = dict(settled)
        errors: dict[str, Any] = {}
        asked = {name: info for name, info in cls.model_fields.items() if name not in settled}
        for name, info in asked.items():
            try:
                raw[name] = _typed(submitted, name, widget_of(info))
            except UnfitText as unfit:
                raw[name], errors[name] = "", unfit.reason
        bound = [_bind(name, info, raw[name], choices or {}) for name, info in asked.items()]
        given = {n: v for n, v in raw.items() if v not in ("", None) and n not in errors}
        checked = None
        try:
            checked = cls.model_validate(given)
        except ValidationError as wrong:
            for problem in wrong.errors():
                errors.setdefault(str(problem["loc"][0]) if problem["loc"] else "", _explained(problem))
        for shown in bound:
            if shown.name not in errors and (message := _impossible(shown, checked)):
                errors[shown.name] = message
            shown.error = errors.get(shown.name)
        return BoundForm(cls, bound, errors, None if errors else checked)


def widget_of(info: FieldInfo) -> Widget:
    extra = info.json_schema_extra
    if not isinstance(extra, dict) or not isinstance(extra.get("widget"), Widget):
        raise TypeError("declare form fields with the functions of lib.forms")
    return extra["widget"]  # type: ignore[return-value]


def in_words(widget: Widget, value: Any) -> Any:
    """A field's value as a reader sees it: the option's label, yuan, a day; empty for nothing."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else ""
    if isinstance(widget.options, tuple) and widget.options:
        labels = {str(key): label for key, label in widget.options}
        return "、".join(str(labels.get(str(v), v)) for v in (value if isinstance(value, list) else [value]))
    if widget.kind == "money":
        return f"¥{value:,.2f}".removesuffix(".00")
    if isinstance(value, datetime):
        return dates.when(value)
    if isinstance(value, date):
        return dates.day(value)
    return value


def worded(form: type[Form], names: Iterable[str], facts: Any) -> list[tuple[Any, Any]]:
    """(label, words) of these fields, as the attributes of `facts` hold them; empty ones left out."""
    widgets = [(name, widget_of(form.model_fields[name])) for name in names]
    told = [(widget.told or widget.label, in_words(widget, getattr(facts, name))) for name, widget in widgets]
    return [(label, words) for label, words in told if words not in ("", None)]


def _typed(submitted: Any, name: str, widget: Widget) -> Any:
    if widget.kind in ("checkboxes", "branches"):
        return [clean(v) for v in submitted.getlist(name) if isinstance(v, str) and v]
    value = submitted.get(name)
    if not isinstance(value, str):
        return None
    if widget.kind == "checkbox":
        return value not in ("", "0", "false", "off")
    if widget.kind == "password":
        return value
    value = clean(value) if widget.kind == "textarea" else clean_line(value)
    if widget.kind in ("integer", "money", "date", "datetime"):
        value = value.translate(_WIDE_DIGITS)
    return value


_WIDE_DIGITS = {0xFEE0 + ord(c): c for c in "0123456789.-:"}
"""Chinese keyboards type full-width digits."""


def _bind(name: str, info: FieldInfo, value: Any, choices: Choices) -> BoundField:
    widget = widget_of(info)
    options = widget.options
    listed: tuple[Any, ...] = tuple(choices.get(options, ())) if isinstance(options, str) else options
    limits = {type(m).__name__: m for m in info.metadata}
    default = None if info.default in (PydanticUndefined, ...) else info.default
    value = default if value is None else value
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(clock.LOCAL).strftime("%Y-%m-%dT%H:%M")
    grouped = listed if widget.kind == "branches" else ()
    if grouped:
        listed = tuple(one for key, label, inside in grouped for one in ((key, label), *inside))
    bound = BoundField(name, widget.kind, widget, info.is_required(), value, listed, branches=grouped)
    bound.maxlength = getattr(limits.get("MaxLen"), "max_length", None)
    bound.min = getattr(limits.get("Ge"), "ge", None)
    bound.max = getattr(limits.get("Le"), "le", None)
    if widget.future:
        today = clock.now().astimezone(clock.LOCAL)
        bound.min = today.strftime("%Y-%m-%dT%H:%M" if widget.kind == "datetime" else "%Y-%m-%d")
    return bound


def _impossible(shown: BoundField, checked: Form | None) -> Any:
    """What a single field's type cannot see: an option nobody offered, a day that is over."""
    keys = {str(key) for key, _label in shown.options}
    if shown.widget in ("select", "radio") and shown.value not in ("", None) and str(shown.value) not in keys:
        return _("Choose one of the options")
    if shown.widget in ("checkboxes", "branches") and not {str(v) for v in shown.value or ()} <= keys:
        return _("Choose one of the options")
    value = getattr(checked, shown.name, None)
    if shown.look.future and value is not None:
        here = clock.now().astimezone(clock.LOCAL)
        if isinstance(value, datetime):
            moment = value if value.tzinfo else value.replace(tzinfo=clock.LOCAL)
            setattr(checked, shown.name, moment)
            if moment < here:
                return _("Choose a time that is still to come")
        elif isinstance(value, date) and value < here.date():
            return _("Choose today or a later day")
    elif isinstance(value, datetime) and value.tzinfo is None:
        setattr(checked, shown.name, value.replace(tzinfo=clock.LOCAL))
    return None


def _explained(problem: Any) -> Any:
    words = _MESSAGES.get(problem["type"])
    if words is None:
        return problem["ctx"]["error"].args[0] if problem["type"] == "value_error" else _("This is not valid")
    return words(
        {k: v for k, v in problem.get("ctx", {}).items() if isinstance(v, str | int | float | Decimal)}
    )


def _says(message: Any) -> Callable[[Mapping[str, Any]], str]:
    return lambda facts: str(message) % facts


_MESSAGES: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "missing": _says(_l("Please fill this in")),
    "string_too_short": _says(_l("Write at least %(min_length)s characters")),
    "string_too_long": _says(_l("Write at most %(max_length)s characters")),
    "too_short": _says(_l("Choose at least one")),
    "int_parsing": _says(_l("Write a whole number")),
    "int_from_float": _says(_l("Write a whole number")),
    "decimal_parsing": _says(_l("Write a number, such as 12.50")),
    "decimal_max_places": _says(_l("Write at most %(decimal_places)s decimals")),
    "greater_than_equal": _says(_l("Write %(ge)s or more")),
    "less_than_equal": _says(_l("Write %(le)s or less")),
    "date_parsing": _says(_l("Choose a day")),
    "date_from_datetime_parsing": _says(_l("Choose a day")),
    "datetime_parsing": _says(_l("Choose a day and a time")),
    "datetime_from_date_parsing": _says(_l("Choose a day and a time")),
}
