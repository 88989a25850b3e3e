"""The reference of the components, generated from their code: one page for each component, and an index.

A page takes its text from the docstrings and its facts from the code. Inputs and defaults come from the dataclasses,
resource types from every resource class that the component's code can reach, replacements from the sandbox's rows, and
costs from the price list (tools/docs/costs.py). tests/test_docs_components.py compares the pages with the code.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pulumi import ComponentResource, CustomResource

from tierup.sandbox.registry import registry

from . import costs
from .errors import error_messages
from .markdown import escaped, table
from .yaml_values import yaml_text

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs/reference/components"
INDEX = "README.md"

_Top = Mapping[str, ast.stmt]


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentedComponent:
    """A component class, with the module and the arguments that belong to it."""

    module: ModuleType
    cls: type[ComponentResource]
    args: type[Any]

    @property
    def page(self) -> str:
        """The file name of its page."""
        return f"{re.sub('(?<!^)(?=[A-Z])', '-', self.cls.__name__).lower()}.md"

    @property
    def file(self) -> str:
        """The path of its code below the checkout."""
        return f"{self.module.__name__.replace('.', '/')}.py"


def components() -> Sequence[DocumentedComponent]:
    """Return every component, by the path of its file."""
    return list(_components())


def pages() -> Mapping[str, str]:
    """Return the content of every page below PAGES, by file name; the index is one of them."""
    known = components()
    return {INDEX: _index(known)} | {each.page: _page(each) for each in known}


def created_types(component: DocumentedComponent) -> Sequence[str]:
    """Return the sorted type tokens of the resources that its code can create, without those of nested components."""
    return sorted(set(_made(component)))


def token(component: DocumentedComponent) -> str:
    """Return its type token, such as `tierup:aws:Cache`. Raises LookupError if the class has none."""
    for each in ast.walk(_node(component.cls)):
        match each:
            case ast.Constant(value=str(text)) if text.startswith("tierup:"):
                return text
            case _:
                continue
    raise LookupError(f"{component.file}: {component.cls.__name__} has no type token")


def _components() -> Iterator[DocumentedComponent]:
    """Yield each component class. A class without a constructor is a base class of components."""
    for path in sorted((ROOT / "components").rglob("*.py")):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name, node in _top(module).items():
            cls = getattr(module, name)
            if isinstance(node, ast.ClassDef) and issubclass(cls, ComponentResource) and "__init__" in vars(cls):
                yield DocumentedComponent(module=module, cls=cls, args=getattr(module, f"{name}Args"))


# --- the pages ---


def _index(known: Sequence[DocumentedComponent]) -> str:
    rows = [(f"[{each.cls.__name__}]({each.page})", _sentence(each)) for each in known]
    return (
        "# Components\n\n"
        "Each component has a page that is generated from its code. The name or the description of a number states\n"
        "its unit. An `Input` can be an output of another resource. A value that is not an `Input` must be known when\n"
        "the program runs; the component then checks it. An input without a default is required. Defaults are in\n"
        "YAML spelling. The code in `stacks/` decides which components a stack has, and with which inputs.\n\n"
        f"{table(('component', 'description'), rows)}\n\n"
        "Run `make docs` after a change of a component.\n"
    )


def _page(component: DocumentedComponent) -> str:
    intro, makes, notes = _docstring_parts(component.module)
    own = _doc(component.cls)
    sections = [
        f"# {component.cls.__name__}",
        f"Source: [`{component.file}`](../../../{component.file}). Type token: `{token(component)}`.",
        *intro,
        *([escaped(own)] if own else []),
        "## Resources",
        *makes,
        *_types(component),
        "## Inputs",
        f"The fields of `{component.args.__name__}`.",
        _fields(component.args),
        *_nested(component.args),
        *_refused(component.args),
        "## Outputs",
        *_outputs(component),
        "## Changes that replace resources",
        *_replacements(component),
        "## Cost",
        *costs.of_component(token(component), created_types(component)),
        *(["## Notes", *notes] if notes else []),
    ]
    return "\n\n".join(sections) + "\n"


def _sentence(component: DocumentedComponent) -> str:
    """Return the first sentence of the module's docstring."""
    first = " ".join(str(component.module.__doc__).split("\n\n")[0].split())
    return re.split(r"(?<=[.!?]) (?=[A-Z])", first)[0]


def _docstring_parts(module: ModuleType) -> tuple[list[str], list[str], list[str]]:
    """Return the paragraphs of the module's docstring: before "Creates", "Creates" itself, and after it."""
    paragraphs = str(inspect.getdoc(module)).split("\n\n")
    at = next((n for n, each in enumerate(paragraphs) if re.match(r"(Makes|Creates)\b", each)), None)
    if at is None:
        return [escaped(each) for each in paragraphs], [], []
    made = re.sub(r"^(?:Makes|Creates):? (\w)", lambda found: found[1].upper(), _line(paragraphs[at]))
    makes = re.split(r" (?=It does not create |Checklist: )", made)
    return (
        [escaped(each) for each in paragraphs[:at]],
        [escaped(each) for each in makes],
        [escaped(each) for each in paragraphs[at + 1 :]],
    )


def _types(component: DocumentedComponent) -> Iterator[str]:
    tokens = created_types(component)
    if not tokens:
        yield "This component creates no resources."
        return
    yield "Resource types, some of which depend on an input:"
    yield "\n".join(f"- `{each}`" for each in tokens)


def _fields(cls: type[Any]) -> str:
    descriptions = _attribute_docs(cls)
    rows = [
        (f"`{each.name}`", f"`{each.type}`", _default(each), descriptions.get(each.name, "")) for each in _public(cls)
    ]
    return table(("name", "type", "default", "description"), rows)


def _public(cls: type[Any]) -> list[dataclasses.Field[Any]]:
    return [each for each in dataclasses.fields(cls) if each.init and not each.name.startswith("_")]


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return f"`{yaml_text(field.default_factory())}`"
    return "**required**" if field.default is dataclasses.MISSING else f"`{yaml_text(field.default)}`"


def _nested(args: type[Any]) -> Iterator[str]:
    """Yield a section for each of the project's types that the inputs name, directly or through other types."""
    pending, seen = [args], {args}
    while pending:
        for cls in _named_types(pending.pop(0)):
            if cls in seen:
                continue
            seen.add(cls)
            yield f"### `{cls.__name__}`"
            if text := _doc(cls):
                yield escaped(text)
            if issubclass(cls, Enum):
                yield _members(cls)
            else:
                yield _fields(cls)
                pending.append(cls)


def _named_types(cls: type[Any]) -> Iterator[type[Any]]:
    for field in _public(cls):
        space = vars(importlib.import_module(_defining(cls, field.name).__module__))
        for name in re.findall(r"\b[A-Z]\w*", str(field.type)):
            named = space.get(name)
            if inspect.isclass(named) and _is_ours(named) and (dataclasses.is_dataclass(named) or _is_enum(named)):
                yield named


def _members(cls: type[Enum]) -> str:
    descriptions = _attribute_docs(cls)
    rows = [(f"`{cls.__name__}.{each.name}`", f"`{yaml_text(each)}`", descriptions.get(each.name, "")) for each in cls]
    return table(("member", "value", "description"), rows)


def _refused(args: type[Any]) -> Iterator[str]:
    """Yield the section of error messages of the inputs and of the types that they name."""
    messages = dict.fromkeys(line for cls in (args, *_all_named_types(args)) for line in error_messages(cls))
    yield "## Validation errors"
    if not messages:
        yield "The component validates no values: its inputs are outputs of other resources."
    else:
        yield "The constructor raises these errors before it creates a resource. `…` is the invalid value."
        yield "\n".join(f"- {escaped(line)}" for line in messages)


def _all_named_types(args: type[Any]) -> Sequence[type[Any]]:
    found: list[type[Any]] = [args]
    for cls in found:
        found += [each for each in _named_types(cls) if each not in found and not _is_enum(each)]
    return found[1:]


def _outputs(component: DocumentedComponent) -> Iterator[str]:
    body = [each for cls in reversed(component.cls.__mro__) if _is_ours(cls) for each in _node(cls).body]
    descriptions = _attribute_docs(component.cls)
    rows = [
        (f"`{each.target.id}`", f"`{ast.unparse(each.annotation)}`", descriptions.get(each.target.id, ""))
        for each in body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and not each.target.id.startswith("_")
    ]
    if rows:
        yield table(("name", "type", "description"), rows)
    methods = [
        (f"`{each.name}({_parameters(each)})`", _line(ast.get_docstring(each)))
        for each in body
        if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")
    ]
    if methods:
        yield table(("method", "description"), methods)
    if not rows and not methods:
        yield "This component has no outputs."


def _parameters(function: ast.FunctionDef) -> str:
    """Return the parameters of a method; a default of None is null, as in the tables of settings."""
    return ast.unparse(function.args).removeprefix("self").removeprefix(", ").replace("=None", "=null")


def _replacements(component: DocumentedComponent) -> Iterator[str]:
    tokens = created_types(component)
    if not tokens:
        yield "This component creates no resources."
        return
    yield (
        "A change of one of these provider inputs replaces the resource. The provider updates other inputs in place "
        "or, rarely, rejects the change. The sandbox follows the same table; its row for the type cites the source."
    )
    rows = [(f"`{each}`", *_replacing(each)) for each in tokens]
    yield table(("type", "always", "under a condition"), rows)


def _replacing(made: str) -> tuple[str, str]:
    row = registry().behaviours.get(made)
    if row is None:
        return "not known: the sandbox has only the schema of this type", ""
    always = ", ".join(f"`{each}`" for each in sorted(row.replaces | row.replaces_as_whole)) or "none"
    if row.replaces_when is None:
        return always, ""
    return always, _line(inspect.getdoc(row.replaces_when)) or "see the sandbox's row for the type"


# --- the text ---


def _line(docstring: str | None) -> str:
    return " ".join((docstring or "").split())


def _doc(cls: type[Any]) -> str:
    return ast.get_docstring(_node(cls)) or ""


def _attribute_docs(cls: type[Any]) -> dict[str, str]:
    """Return each attribute's docstring or comment; a class's own take precedence over those of its bases."""
    descriptions: dict[str, str] = {}
    for each in reversed(cls.__mro__):
        if _is_ours(each):
            descriptions |= dict(_own_attribute_docs(each))
    return descriptions


def _own_attribute_docs(cls: type[Any]) -> Iterator[tuple[str, str]]:
    body = _node(cls).body
    lines = _source(importlib.import_module(cls.__module__)).splitlines()
    for statement, below in zip(body, [*body[1:], None], strict=True):
        target = _target(statement)
        if target is None:
            continue
        if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant) and isinstance(below.value.value, str):
            yield target, _line(below.value.value)
            continue
        beside = lines[(statement.end_lineno or 1) - 1].encode()[statement.end_col_offset :].decode().strip()
        if beside.startswith("#") and not beside.startswith(("# noqa", "# pyright")):
            yield target, beside.removeprefix("#").strip()


def _target(statement: ast.stmt) -> str | None:
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name
        case _:
            return None


# --- the code ---


def _made(component: DocumentedComponent) -> Iterator[str]:
    """Yield the type of each resource class that the component calls, itself or through functions of other files."""
    pending = [(component.module, component.cls.__name__)]
    seen = set(pending)
    while pending:
        module, name = pending.pop()
        for expression in _expressions(_top(module)[name]):
            if isinstance(expression, ast.Call):
                called = _value(module, expression.func)
                if inspect.isclass(called) and issubclass(called, CustomResource):
                    yield from _types_of_call(called, expression)
            further = _used(module, expression)
            if further is not None and further not in seen:
                seen.add(further)
                pending.append(further)


def _types_of_call(called: type[CustomResource], call: ast.Call) -> Iterator[str]:
    """Yield the type of a resource class. That of a custom resource of Kubernetes follows from the argument `kind`, and
    its API is each for which the sandbox has a row."""
    own = getattr(called, "pulumi_type", None)
    if own is None:  # the SDK of an older generator has the token in the constructor alone
        found = re.search(r"\.__init__\(\s*'([a-z]+:[^']+)'", inspect.getsource(called))
        own = found.group(1) if found else None
    if own is not None:
        yield str(own)
        return
    for argument in call.keywords:
        if argument.arg == "kind" and isinstance(argument.value, ast.Constant):
            kind = f":{argument.value.value}"
            yield from (
                each for each in registry().behaviours if each.startswith("kubernetes:") and each.endswith(kind)
            )


def _used(module: ModuleType, expression: ast.AST) -> tuple[ModuleType, str] | None:
    """Return the function, class or constant of `components` that a name refers to; None for other components."""
    value = _value(module, expression)
    if inspect.isclass(value) and issubclass(value, ComponentResource):
        return None
    if (inspect.isclass(value) or inspect.isfunction(value)) and _is_ours(value):
        home = importlib.import_module(value.__module__)
        return (home, value.__name__) if value.__name__ in _top(home) else None
    if isinstance(expression, ast.Name) and expression.id in _top(module):
        return module, expression.id
    return None


def _value(module: ModuleType, expression: ast.AST) -> Any:
    """Return the object that a dotted name refers to in a module; None if it exists only while the program runs."""
    match expression:
        case ast.Name(id=name):
            return getattr(module, name, None)
        case ast.Attribute(value=inner, attr=name):
            holder = _value(module, inner)
            return getattr(holder, name, None) if inspect.ismodule(holder) else None
        case _:
            return None


def _expressions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the node and all nodes below it, without annotations, which name types but create nothing."""
    yield node
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns"):
            continue
        for each in value if isinstance(value, list) else [value]:
            if isinstance(each, ast.AST):
                yield from _expressions(each)


def _is_ours(thing: Any) -> bool:
    return str(thing.__module__).startswith("components.")


def _is_enum(cls: type[Any]) -> bool:
    return issubclass(cls, Enum)


def _defining(cls: type[Any], attribute: str) -> type[Any]:
    return next(each for each in cls.__mro__ if attribute in vars(each).get("__annotations__", {}))


def _node(cls: type[Any]) -> ast.ClassDef:
    node = _top(importlib.import_module(cls.__module__))[cls.__name__]
    if not isinstance(node, ast.ClassDef):
        raise TypeError(f"{cls.__name__} is not a class of {cls.__module__}")
    return node


@cache
def _top(module: ModuleType) -> _Top:
    """Return the statements that define a module's names."""
    found: dict[str, ast.stmt] = {}
    for statement in ast.parse(_source(module)).body:
        if isinstance(statement, ast.ClassDef | ast.FunctionDef):
            found[statement.name] = statement
        elif (name := _target(statement)) is not None:
            found[name] = statement
    return found


@cache
def _source(module: ModuleType) -> str:
    return Path(str(module.__file__)).read_text(encoding="utf-8")
