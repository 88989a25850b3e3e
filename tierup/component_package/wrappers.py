"""A wrapper of each component, whose arguments Pulumi's component provider can describe and construct.

The provider of Pulumi's Python SDK reads type annotations (pulumi.provider.experimental.analyzer of pulumi 3.272.0,
read 2026-11-28). It accepts typed dictionaries of str, int, float, bool, list, dict, Input and further typed
dictionaries, and passes plain dictionaries. The components take frozen dataclasses with Sequence, Mapping, Literal and
enumerations, which it does not accept. So each wrapper has a typed dictionary that is derived from the dataclass, and
creates the component as its child:

- an enumeration and a Literal are a string, which the component's own class checks;
- a dataclass is a typed dictionary, whose fields with a default are optional;
- an optional field that no schema can describe, such as a union of two classes, is left out. A component with such a
  required field has no wrapper; `left_out` lists both with the reason.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import enum
import functools
import importlib
import pkgutil
import types
import typing
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, Literal, Required, TypedDict, TypeVar, Union, cast, get_args, get_origin

import pulumi
from pulumi import ComponentResource, Input, Output, ResourceOptions

import tierup.components
from tierup.component_package import NAME

_NO_MODULES: Final = frozenset({"loading"})
_EXTRAS: Final = frozenset({"pulumi_kubernetes", "pulumi_render", "pulumiverse_vercel"})
_SCALARS: Final = (str, int, float, bool)
_LISTS: Final = (collections.abc.Sequence, collections.abc.Collection, list, tuple, frozenset)


class UnsupportedTypeError(TypeError):
    """A type that a schema of a component package cannot describe."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Shape:
    """An annotation without its Input, Output and None."""

    inner: Any
    is_input: bool
    is_optional: bool


def wrappers() -> Mapping[str, type[ComponentResource]]:
    """Return the wrapper of each component by the component's name."""
    return _all()[0]


def left_out() -> Mapping[str, str]:
    """Return why a component or one of its arguments is not in the package: `Name` or `Name.argument` → reason."""
    return _all()[1]


@functools.cache
def _all() -> tuple[Mapping[str, type[ComponentResource]], Mapping[str, str]]:
    found: dict[str, type[ComponentResource]] = {}
    missing: dict[str, str] = {}
    for name, (component, args) in sorted(_components().items()):
        try:
            found[name] = _wrapper(component, args, missing)
        except UnsupportedTypeError as error:
            missing[name] = str(error)
    return found, missing


def _components() -> Mapping[str, tuple[type[ComponentResource], type[Any]]]:
    """Return each public component with its arguments, by name."""
    found: dict[str, tuple[type[ComponentResource], type[Any]]] = {}
    for each in pkgutil.iter_modules(tierup.components.__path__):
        if each.name in _NO_MODULES:
            continue
        try:
            module = importlib.import_module(f"tierup.components.{each.name}")
        except ModuleNotFoundError as error:
            if error.name in _EXTRAS:
                continue  # the SDK of a provider that is an extra of the package tierup
            raise
        for name in module.__all__:
            value = getattr(module, name)
            if isinstance(value, type) and issubclass(value, ComponentResource):
                found[name] = (value, getattr(module, f"{name}Args"))
    return found


def _wrapper(component: type[ComponentResource], args: type[Any], missing: dict[str, str]) -> type[ComponentResource]:
    """Return the wrapper class of one component. Raises UnsupportedTypeError for a required argument."""
    name = component.__name__
    inputs = _typed_dict(args, missing)
    outputs = _outputs(component)

    def create(self: ComponentResource, name_: str, args_: Any, opts: ResourceOptions | None = None) -> None:
        ComponentResource.__init__(self, f"{NAME}:index:{name}", name_, None, opts)
        child = component(name_, _instance(args, args_), opts=ResourceOptions(parent=self))  # type: ignore[call-arg]
        values = {each: getattr(child, each) for each in outputs}
        for each, value in values.items():
            setattr(self, each, value)
        self.register_outputs(values)

    create.__annotations__ = {"args": inputs}
    body = {"__init__": create, "__doc__": component.__doc__, "__module__": __name__, "__annotations__": outputs}
    return types.new_class(name, (ComponentResource,), exec_body=lambda namespace: namespace.update(body))


# --- annotations ---


def _hints(cls: type[Any]) -> Mapping[str, Any]:
    """Return the resolved annotations of a class and of its bases in `components`."""
    # Annotations are text there; some name what a module imports for type checking only.
    names = {"T": TypeVar("T"), "Output": Output, "Input": Input, "pulumi": pulumi}
    found: dict[str, Any] = {}
    for each in reversed(cls.__mro__):
        if each.__module__.startswith("components."):
            for name, text in vars(each).get("__annotations__", {}).items():
                found[name] = _resolved(text, {**names, **_globals_of(each)})
    return found


def _globals_of(cls: type[Any]) -> Mapping[str, Any]:
    """Return the names of the class's module, which is not importable by its name outside of tierup."""
    for value in vars(cls).values():
        function = getattr(value, "fget", value)
        if isinstance(function, types.FunctionType) and function.__module__ == cls.__module__:
            return function.__globals__
    return {}


def _resolved(text: Any, names: Mapping[str, Any]) -> Any:
    if not isinstance(text, str):
        return text
    try:
        return eval(text, dict(names))  # noqa: S307  an annotation of tierup's own code
    except NameError as error:
        raise UnsupportedTypeError(f"the annotation {text} cannot be resolved ({error})") from error


def _shape(hint: Any) -> _Shape:
    """Return an annotation without Input, Output and None. Raises UnsupportedTypeError for any other union."""
    if get_origin(hint) not in (Union, types.UnionType):
        return _Shape(hint, is_input=False, is_optional=False)
    members = get_args(hint)
    is_input = any(get_origin(each) is collections.abc.Awaitable for each in members)
    rest = [
        each
        for each in members
        if each is not types.NoneType
        and not isinstance(each, typing.ForwardRef)
        and get_origin(each) not in (collections.abc.Awaitable, Output)
    ]
    if len(rest) != 1:
        raise UnsupportedTypeError(f"a schema has no union of {' and '.join(_title(each) for each in rest)}")
    return _Shape(rest[0], is_input=is_input, is_optional=types.NoneType in members)


def _title(hint: Any) -> str:
    return getattr(hint, "__name__", str(hint))


def _described(hint: Any, missing: dict[str, str]) -> Any:
    """Return the annotation for the provider's analyzer."""
    shape = _shape(hint)
    inner = _plain(shape.inner, missing)
    described = Input[inner] if shape.is_input else inner
    return Union[described, None] if shape.is_optional else described  # noqa: UP007  X | None of an Input is no type


def _plain(inner: Any, missing: dict[str, str]) -> Any:
    origin, arguments = get_origin(inner), get_args(inner)
    if inner in _SCALARS or inner is Any:
        return inner
    if origin is Literal:
        return str
    if origin in _LISTS:
        return list[_described(arguments[0], missing)]
    if origin in (collections.abc.Mapping, dict):
        return dict[str, _described(arguments[1], missing)]
    if isinstance(inner, type) and issubclass(inner, enum.Enum):
        return str
    if dataclasses.is_dataclass(inner) and isinstance(inner, type):
        return _typed_dict(inner, missing)
    raise UnsupportedTypeError(f"a schema cannot describe {_title(inner)}")


_TYPES: Final[dict[type[Any], Any]] = {}


def _typed_dict(cls: type[Any], missing: dict[str, str]) -> Any:
    """Return the typed dictionary of a dataclass. Raises UnsupportedTypeError for a required field."""
    if cls in _TYPES:
        return _TYPES[cls]
    hints, fields = _hints(cls), dict[str, Any]()
    for each in dataclasses.fields(cls):
        required = each.default is dataclasses.MISSING and each.default_factory is dataclasses.MISSING
        try:
            described = _described(hints[each.name], missing)
        except UnsupportedTypeError as error:
            if required:
                raise UnsupportedTypeError(f"{each.name}: {error}") from error
            missing[f"{cls.__name__}.{each.name}"] = str(error)
            continue
        fields[each.name] = Required[described] if required else typing.NotRequired[described]
    made = TypedDict(cls.__name__, fields)  # type: ignore[operator]
    made.__doc__, made.__module__ = cls.__doc__, __name__
    _TYPES[cls] = made
    return made


def _outputs(component: type[ComponentResource]) -> dict[str, Any]:
    """Return the annotations of the outputs; one that a schema cannot describe is left out."""
    found: dict[str, Any] = {}
    for name, hint in _hints(component).items():
        if name.startswith("_"):
            continue
        try:
            found[name] = _output(hint)
        except UnsupportedTypeError:
            continue
    return found


def _output(hint: Any) -> Any:
    if get_origin(hint) is Output:
        return Output[_output_plain(get_args(hint)[0])]
    if get_origin(hint) in (Union, types.UnionType):
        rest = [each for each in get_args(hint) if each is not types.NoneType]
        if len(rest) != 1:
            raise UnsupportedTypeError(f"a schema has no union of {' and '.join(_title(each) for each in rest)}")
        return Union[_output(rest[0]), None]  # noqa: UP007  X | None of an Output is not a type
    return _output_plain(hint)


def _output_plain(inner: Any) -> Any:
    origin, arguments = get_origin(inner), get_args(inner)
    if inner in _SCALARS:
        return inner
    if origin in _LISTS:
        return list[_output(arguments[0])]
    if origin in (collections.abc.Mapping, dict):
        return dict[str, _output(arguments[1])]
    if isinstance(inner, type) and issubclass(inner, enum.Enum):
        return str
    raise UnsupportedTypeError(f"a schema cannot describe {_title(inner)}")


# --- values ---


def _instance(cls: type[Any], values: Mapping[str, Any]) -> Any:
    """Return the dataclass of a dictionary as the provider passes it."""
    hints = _hints(cls)
    known = {each.name for each in dataclasses.fields(cls)}
    return cls(**{name: _value(hints[name], value) for name, value in values.items() if name in known})


def _value(hint: Any, value: Any) -> Any:
    inner = _shape(hint).inner
    if value is None:
        return None
    if isinstance(value, Output):
        return cast("Output[Any]", value).apply(partial(_value, inner)) if inner in (str, int) else value
    origin, arguments = get_origin(inner), get_args(inner)
    if origin in _LISTS:
        return [_value(arguments[0], each) for each in value]
    if origin in (collections.abc.Mapping, dict):
        return {key: _value(arguments[1], each) for key, each in value.items()}
    if isinstance(inner, type) and issubclass(inner, enum.Enum):
        return inner(value)
    if isinstance(inner, type) and dataclasses.is_dataclass(inner):
        return _instance(inner, value)
    if inner is str and isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"  # YAML reads the id of an account as a number
    # Numbers arrive as floating-point numbers.
    return int(value) if inner is int and isinstance(value, float) and value.is_integer() else value
