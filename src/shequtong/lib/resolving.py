"""What a handler declares, worked out once and not at each request.

Handlers and dependencies are written as FastAPI wants them, and FastAPI reads their signatures. Going through them
again for every request costs it more than the queries of a page, so the order of calls is settled at start. A
handler that declares something we do not know (a header, a JSON body, a background task) is left to FastAPI.
"""

from __future__ import annotations

import inspect
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

LONGEST_NUMBER = 18
"""Digits that are a number for sure; anything else is for Pydantic to judge."""

LARGEST_ID = 2**63 - 1
"""No row has a higher number: neither database has a column that holds one, and both fail when they are asked."""

_PLAIN = {str, int}


@dataclass(slots=True)
class _Step:
    """One call: a dependency, or at last the handler. `given` are names and the earlier steps that make them."""

    call: Callable[..., Any]
    kind: str
    given: tuple[tuple[str, int], ...]
    request_name: str | None
    path: list[Any]
    plain_path: tuple[tuple[str, type], ...] | None
    query: list[Any]
    unasked: dict[str, Any] | None


@dataclass(slots=True)
class Plan:
    """Every call a handler needs, in order, each once."""

    steps: list[_Step] = field(default_factory=list)

    async def answer(self, request: Request) -> Response:
        """Make the calls; a dependency that yields is finished, or hears of the failure, before the answer goes."""
        made: list[Any] = []
        open_ones: list[AsyncGenerator[Any, None]] = []
        failed: BaseException | None = None
        try:
            for step in self.steps:
                values = _values(step, request, made)
                if step.kind == "async":
                    made.append(await step.call(**values))
                elif step.kind == "yields":
                    generator = step.call(**values)
                    made.append(await anext(generator))
                    open_ones.append(generator)
                else:
                    made.append(await run_in_threadpool(step.call, **values))
        except BaseException as error:
            failed = error
        while open_ones:
            failed = await _finish(open_ones.pop(), failed)
        if failed is not None:
            raise failed
        answer = made[-1]
        if not isinstance(answer, Response):
            raise TypeError(f"{self.steps[-1].call.__name__} answers with no Response")
        return answer


def plan(dependant: Dependant) -> Plan | None:
    """How to answer what this handler declares; None when that is FastAPI's to find out."""
    made = Plan()
    return made if _add(made, dependant, {}) is not None else None


def _add(made: Plan, dependant: Dependant, known: dict[Any, int]) -> int | None:
    """Add the calls this one needs and then itself; its number, or None when we do not know how."""
    call = dependant.call
    if call is None or not _is_known(dependant):
        return None
    if call in known:
        return known[call]
    given = []
    for needed in dependant.dependencies:
        number = _add(made, needed, known)
        if number is None:
            return None
        if needed.name is not None:
            given.append((needed.name, number))
    kind = (
        "async" if inspect.iscoroutinefunction(call) else "yields" if inspect.isasyncgenfunction(call) else ""
    )
    if not kind and not inspect.isfunction(call):
        return None
    made.steps.append(
        _Step(
            call,
            kind,
            tuple(given),
            dependant.request_param_name,
            dependant.path_params,
            _plainly(dependant.path_params),
            dependant.query_params,
            _unasked(dependant.query_params),
        )
    )
    known[call] = len(made.steps) - 1
    return known[call]


def _is_known(dependant: Dependant) -> bool:
    call = dependant.call
    yields_to_the_end = inspect.isasyncgenfunction(call) and dependant.scope != "function"
    return not (
        dependant.header_params
        or dependant.cookie_params
        or dependant.body_params
        or dependant.websocket_param_name
        or dependant.http_connection_param_name
        or dependant.response_param_name
        or dependant.background_tasks_param_name
        or dependant.security_scopes_param_name
        or dependant.concurrency
        or not dependant.use_cache
        or inspect.isgeneratorfunction(call)
        or yields_to_the_end
    )


def _plainly(fields: list[Any]) -> tuple[tuple[str, type], ...] | None:
    """Names and types of path parameters that are just text or a number."""
    found = [(f.name, f.field_info.annotation, f.alias, f.field_info.metadata) for f in fields]
    if all(kind in _PLAIN and name == alias and not limits for name, kind, alias, limits in found):
        return tuple((name, kind) for name, kind, _alias, _limits in found)
    return None


def _unasked(fields: list[Any]) -> dict[str, Any] | None:
    """What query parameters are in an address without any; None when one of them must be there."""
    if any(f.field_info.is_required() or f.field_info.validate_default for f in fields):
        return None
    values = {f.name: f.default for f in fields}
    return values if all(isinstance(v, str | int | None) for v in values.values()) else None


def _values(step: _Step, request: Request, made: list[Any]) -> dict[str, Any]:
    values = {name: made[number] for name, number in step.given}
    if step.path and not _take_plainly(step, request.path_params, values):
        _take(step.path, request.path_params, values)
        _refuse_impossible(step.path, values)
    if step.query:
        if step.unasked is not None and not request.scope["query_string"]:
            values.update(step.unasked)
        else:
            _take(step.query, request.query_params, values)
    if step.request_name:
        values[step.request_name] = request
    return values


def _take_plainly(step: _Step, given: dict[str, Any], values: dict[str, Any]) -> bool:
    if step.plain_path is None:
        return False
    for name, kind in step.plain_path:
        value = given[name]
        if kind is int:
            if not (value.isascii() and value.isdigit() and len(value) <= LONGEST_NUMBER):
                return False
            value = int(value)
        values[name] = value
    return True


def _take(fields: list[Any], given: Any, values: dict[str, Any]) -> None:
    """As FastAPI reads them. Raises RequestValidationError."""
    found, errors = request_params_to_args(fields, given)
    if errors:
        raise RequestValidationError(errors)
    values.update(found)


def _refuse_impossible(fields: list[Any], values: Mapping[str, Any]) -> None:
    """Raise RequestValidationError for a number in the address that no row can have."""
    for name in (path.name for path in fields):
        if isinstance(values[name], int) and abs(values[name]) > LARGEST_ID:
            raise RequestValidationError([{"loc": ("path", name), "type": "less_than_equal"}])


async def _finish(generator: AsyncGenerator[Any, None], failed: BaseException | None) -> BaseException | None:
    """End a dependency that yields, well or with what failed; what failed afterwards."""
    try:
        if failed is None:
            await anext(generator)
        else:
            await generator.athrow(failed)
    except StopAsyncIteration:
        return failed
    except BaseException as error:
        return error
    return RuntimeError("a dependency yielded twice")
