"""The error messages of a class of arguments, read from its `__post_init__` and the functions that it calls.

A message shows constants (a limit, a list of allowed values) as they are, and a value that depends on the input as `…`.
A check that takes the name of the argument, such as `check_retention("log_retention_days", ...)`, shows that name.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

PLACEHOLDER: Final = "…"
_DEEPEST: Final = 4  # calls

_Known = Mapping[str, object]


def error_messages(cls: type[Any]) -> Sequence[str]:
    """Return each message once, in the order of the checks."""
    return list(dict.fromkeys(_of_class(cls, 0)))


def _of_class(cls: type[Any], depth: int) -> Iterator[str]:
    if "__post_init__" in vars(cls):
        yield from _of_function(cls.__post_init__, cls, {}, depth)
    elif cls.__mro__[1] is not object:
        yield from _of_class(cls.__mro__[1], depth)


def _of_function(function: Any, cls: type[Any] | None, known: _Known, depth: int) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    node = next(each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef))
    space = vars(importlib.import_module(function.__module__))
    yield from _of_statements(node.body, space, cls, known, depth)


def _of_statements(
    body: Sequence[ast.stmt], space: _Known, cls: type[Any] | None, known: _Known, depth: int
) -> Iterator[str]:
    for statement in body:
        match statement:
            case ast.For(target=target, iter=over, body=inner):
                for names in _iterations(target, over, space, known):
                    yield from _of_statements(inner, space, cls, {**known, **names}, depth)
            case ast.Raise(exc=ast.Call(func=ast.Name(id="ValueError"), args=[message])):
                yield _message(message, space, known)
            case _:
                for call in _calls(statement):
                    yield from _of_call(call, space, cls, known, depth)
                for inner in _bodies(statement):
                    yield from _of_statements(inner, space, cls, known, depth)


def _bodies(statement: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, [])
    for handler in getattr(statement, "handlers", []):
        yield handler.body


def _calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """Yield the calls of the statement itself, without those of nested statements."""
    within = {id(each) for body in _bodies(statement) for inner in body for each in ast.walk(inner)}
    for each in ast.walk(statement):
        if isinstance(each, ast.Call) and id(each) not in within:
            yield each


def _of_call(call: ast.Call, space: _Known, cls: type[Any] | None, known: _Known, depth: int) -> Iterator[str]:
    match call.func:
        case ast.Attribute(value=ast.Name(id="self"), attr=method) if cls is not None:
            called: Any = getattr(cls, method, None)
            if inspect.isfunction(called):
                yield from _of_function(called, cls, {}, depth + 1)
            return
        case ast.Attribute(value=ast.Name(id=base), attr="__post_init__"):
            yield from _of_class(space[base], depth + 1)  # pyright: ignore[reportArgumentType] (a base class, by name)
            return
        case ast.Name(id=name):
            called = space.get(name)
        case _:
            return
    if not str(getattr(called, "__module__", "")).startswith("components."):
        return
    if inspect.isfunction(called):
        yield from _of_function(called, None, _bound(called, call, space, known), depth + 1)
    elif dataclasses.is_dataclass(called) and inspect.isclass(called):
        yield from _of_class(called, depth + 1)


def _bound(called: Any, call: ast.Call, space: _Known, known: _Known) -> dict[str, object]:
    """Return the parameters whose arguments are constants."""
    parameters = list(inspect.signature(called).parameters)
    given = [*zip(parameters, call.args, strict=False), *((each.arg, each.value) for each in call.keywords if each.arg)]
    return {name: value for name, argument in given if (value := _value(argument, space, known)) is not _NOT_KNOWN}


def _iterations(target: ast.expr, over: ast.expr, space: _Known, known: _Known) -> Iterator[dict[str, object]]:
    """Yield the names that a loop binds in each iteration; one empty mapping if it iterates over an input."""
    if not isinstance(over, ast.Tuple) or not isinstance(target, ast.Tuple | ast.Name):
        yield {}
        return
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    for element in over.elts:
        values = element.elts if isinstance(element, ast.Tuple) and isinstance(target, ast.Tuple) else [element]
        yield {
            name.id: value
            for name, each in zip(names, values, strict=False)
            if isinstance(name, ast.Name) and (value := _value(each, space, known)) is not _NOT_KNOWN
        }


_NOT_KNOWN: Final = object()


def _value(expression: ast.expr, space: _Known, known: _Known) -> object:
    """Return the value of an expression of constants, or _NOT_KNOWN."""
    if isinstance(expression, ast.Starred):
        return _NOT_KNOWN
    code = compile(ast.fix_missing_locations(ast.Expression(expression)), "<error message>", "eval")
    try:
        return eval(code, {**space, **known})  # noqa: S307  evaluates this project's files only
    except Exception:
        return _NOT_KNOWN


def _message(message: ast.expr, space: _Known, known: _Known) -> str:
    match message:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_message(part, space, known) for part in parts).replace("'…'", PLACEHOLDER)
        case ast.FormattedValue(value=inner, format_spec=spec, conversion=conversion):
            value = _value(inner, space, known)
            if value is _NOT_KNOWN:
                return PLACEHOLDER
            form = "" if spec is None else _message(spec, space, known)
            return repr(value) if conversion == ord("r") else format(value, form)
        case ast.BinOp(left=left, right=right):
            return _message(left, space, known) + _message(right, space, known)
        case _:
            return PLACEHOLDER
