"""The reference of the components, made from their code: one page each, and an index.

A page takes its words from the docstrings and its facts from the code: inputs and defaults from the dataclasses, what
is made from every resource that the component's code can reach, what a change replaces from the sandbox's rows, what it
costs from the price list (tests/docs_costs.py).
tests/test_docs_components.py compares the pages with it and, asked to, writes them anew.
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

from tests import docs_costs
from tests.docs_refusals import refusals
from tests.docs_tables import table
from tierup.sandbox.registry import registry

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs/reference/components"
INDEX = "README.md"
REFRESH = "TIERUP_REFRESH_DOCS=1 .venv/bin/pytest tests/test_docs_components.py"

_Top = Mapping[str, ast.stmt]


@dataclass(frozen=True, kw_only=True, slots=True)
class Component:
    """One component and where its code is."""

    module: ModuleType
    cls: type[ComponentResource]
    args: type[Any]

    @property
    def page(self) -> str:
        """File name of its page."""
        return f"{re.sub('(?<!^)(?=[A-Z])', '-', self.cls.__name__).lower()}.md"

    @property
    def file(self) -> str:
        """File name of its code."""
        return f"{self.module.__name__.rpartition('.')[2]}.py"


def components() -> Sequence[Component]:
    """Every component, by file name."""
    return list(_components())


def pages() -> Mapping[str, str]:
    """File name -> content of every page below PAGES, the index among them."""
    known = components()
    return {INDEX: _index(known)} | {each.page: _page(each) for each in known}


def made_by(component: Component) -> Sequence[str]:
    """Tokens of the resource types that its code can reach, sorted; nested components and what they make are not in."""
    return sorted({str(made.pulumi_type) for made in _made(component)})  # pyright: ignore[reportAttributeAccessIssue] (each SDK class has it)


def token(component: Component) -> str:
    """Its type as Pulumi has it, such as `tierup:aws:Cache`; raises LookupError where the code gives none."""
    for each in ast.walk(_node(component.cls)):
        match each:
            case ast.Constant(value=str(text)) if text.startswith("tierup:"):
                return text
            case _:
                continue
    raise LookupError(f"components/{component.file}: {component.cls.__name__} has no type token")


def _components() -> Iterator[Component]:
    for path in sorted((ROOT / "components").glob("*.py")):
        module = importlib.import_module(f"components.{path.stem}")
        for name, node in _top(module).items():
            cls = getattr(module, name)
            if isinstance(node, ast.ClassDef) and issubclass(cls, ComponentResource):
                yield Component(module=module, cls=cls, args=getattr(module, f"{name}Args"))


# --- the pages ---


def _index(known: Sequence[Component]) -> str:
    rows = [(f"[{each.cls.__name__}]({each.page})", _sentence(each)) for each in known]
    return (
        "# Components\n\n"
        "One page a component, made from the code. Numbers have their unit in their name or beside it. An `Input` may\n"
        "be another resource's output; what is none has to be known when the program runs, and is refused there if it\n"
        "is wrong. Inputs without a default must be given. Which component a stack has, and with which inputs, is\n"
        "decided in `stacks/`.\n\n"
        f"{table(('component', 'what it is'), rows)}\n\n"
        f"After a change: `{REFRESH}`.\n"
    )


def _page(component: Component) -> str:
    intro, makes, notes = _docstring_parts(component.module)
    own = _doc(component.cls)
    sections = [
        f"# {component.cls.__name__}",
        f"Made from [`components/{component.file}`](../../../components/{component.file}); type `{token(component)}`.",
        *intro,
        *([_text(own)] if own else []),
        "## What it makes",
        *makes,
        *_types(component),
        "## Inputs",
        f"The fields of `{component.args.__name__}`.",
        _fields(component.args),
        *_nested(component.args),
        *_refused(component.args),
        "## Outputs",
        *_outputs(component),
        "## What a change replaces",
        *_replacements(component),
        "## What it costs",
        *docs_costs.of_component(token(component), made_by(component)),
        *(["## Notes", *notes] if notes else []),
    ]
    return "\n\n".join(sections) + "\n"


def _sentence(component: Component) -> str:
    """The first sentence of the module's docstring."""
    first = " ".join(str(component.module.__doc__).split("\n\n")[0].split())
    return re.split(r"(?<=[.!?]) (?=[A-Z])", first)[0]


def _docstring_parts(module: ModuleType) -> tuple[list[str], list[str], list[str]]:
    """The module's docstring as paragraphs: before "Makes", "Makes" itself, and what comes after."""
    paragraphs = str(inspect.getdoc(module)).split("\n\n")
    at = next((n for n, each in enumerate(paragraphs) if re.match(r"Makes\b", each)), None)
    if at is None:
        return [_text(each) for each in paragraphs], [], []
    made = re.sub(r"^Makes:? (\w)", lambda found: found[1].upper(), _line(paragraphs[at]))
    makes = re.split(r" (?=Not here: |Checklist: )", made)
    return (
        [_text(each) for each in paragraphs[:at]],
        [_text(each) for each in makes],
        [_text(each) for each in paragraphs[at + 1 :]],
    )


def _types(component: Component) -> Iterator[str]:
    tokens = made_by(component)
    if not tokens:
        yield "No resources."
        return
    yield "Resource types, some of them only where an input asks for them:"
    yield "\n".join(f"- `{each}`" for each in tokens)


def _fields(cls: type[Any]) -> str:
    said = _attribute_docs(cls)
    rows = [(f"`{each.name}`", f"`{each.type}`", _default(each), said.get(each.name, "")) for each in _public(cls)]
    return table(("name", "type", "default", "what"), rows)


def _public(cls: type[Any]) -> list[dataclasses.Field[Any]]:
    return [each for each in dataclasses.fields(cls) if each.init and not each.name.startswith("_")]


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return f"`{field.default_factory()!r}`"
    if field.default is dataclasses.MISSING:
        return "**required**"
    default = field.default
    return f"`{type(default).__name__}.{default.name}`" if isinstance(default, Enum) else f"`{default!r}`"


def _nested(args: type[Any]) -> Iterator[str]:
    """The project's own types that the inputs name, each once, and what those name in turn."""
    open_ones, seen = [args], {args}
    while open_ones:
        for cls in _named_types(open_ones.pop(0)):
            if cls in seen:
                continue
            seen.add(cls)
            yield f"### `{cls.__name__}`"
            if said := _doc(cls):
                yield _text(said)
            if issubclass(cls, Enum):
                yield _members(cls)
            else:
                yield _fields(cls)
                open_ones.append(cls)


def _named_types(cls: type[Any]) -> Iterator[type[Any]]:
    for field in _public(cls):
        space = vars(importlib.import_module(_defining(cls, field.name).__module__))
        for name in re.findall(r"\b[A-Z]\w*", str(field.type)):
            named = space.get(name)
            if inspect.isclass(named) and _is_ours(named) and (dataclasses.is_dataclass(named) or _is_enum(named)):
                yield named


def _members(cls: type[Enum]) -> str:
    said = _attribute_docs(cls)
    return table(("value", "what"), [(f"`{cls.__name__}.{each.name}`", said.get(each.name, "")) for each in cls])


def _refused(args: type[Any]) -> Iterator[str]:
    """What the checks of the inputs, and of the types that they name, say when they refuse a value."""
    said = dict.fromkeys(line for cls in (args, *_all_named_types(args)) for line in refusals(cls))
    yield "## What is refused"
    if not said:
        yield "Nothing but what is missing: all other inputs come from other resources."
    else:
        yield "When it is constructed, before anything is made. `…` is what was given:"
        yield "\n".join(f"- {_text(line)}" for line in said)


def _all_named_types(args: type[Any]) -> Sequence[type[Any]]:
    found: list[type[Any]] = [args]
    for cls in found:
        found += [each for each in _named_types(cls) if each not in found and not _is_enum(each)]
    return found[1:]


def _outputs(component: Component) -> Iterator[str]:
    node = _node(component.cls)
    said = _attribute_docs(component.cls)
    rows = [
        (f"`{each.target.id}`", f"`{ast.unparse(each.annotation)}`", said.get(each.target.id, ""))
        for each in node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name) and not each.target.id.startswith("_")
    ]
    if rows:
        yield table(("name", "type", "what"), rows)
    methods = [
        (f"`{each.name}({_parameters(each)})`", _line(ast.get_docstring(each)))
        for each in node.body
        if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")
    ]
    if methods:
        yield table(("method", "what"), methods)
    if not rows and not methods:
        yield "None."


def _parameters(function: ast.FunctionDef) -> str:
    return ast.unparse(function.args).removeprefix("self").removeprefix(", ")


def _replacements(component: Component) -> Iterator[str]:
    tokens = made_by(component)
    if not tokens:
        yield "Nothing."
        return
    yield (
        "By type, the provider's inputs whose change makes the provider delete the resource and make another. "
        "The rest is changed in place or, rarely, refused. This is what the sandbox goes by; its row of the type has "
        "the source."
    )
    rows = [(f"`{each}`", *_replacing(each)) for each in tokens]
    yield table(("type", "always", "in some cases"), rows)


def _replacing(made: str) -> tuple[str, str]:
    row = registry().behaviours[made]
    always = ", ".join(f"`{each}`" for each in sorted(row.replaces)) or "nothing"
    if row.replaces_when is None:
        return always, ""
    return always, _line(inspect.getdoc(row.replaces_when)) or "some; see the row"


# --- the words ---


def _text(paragraph: str) -> str:
    """A docstring's paragraph as Markdown, which outside of code takes <stack> for a tag."""
    parts = re.split(r"(`[^`]*`)", paragraph)
    return "".join(part if part.startswith("`") else part.replace("<", "\\<") for part in parts)


def _line(docstring: str | None) -> str:
    return " ".join((docstring or "").split())


def _doc(cls: type[Any]) -> str:
    return ast.get_docstring(_node(cls)) or ""


def _attribute_docs(cls: type[Any]) -> dict[str, str]:
    """Attribute -> the docstring below it or the comment beside it; a class's own before its bases'."""
    said: dict[str, str] = {}
    for each in reversed(cls.__mro__):
        if _is_ours(each):
            said |= dict(_own_attribute_docs(each))
    return said


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


def _made(component: Component) -> Iterator[type[CustomResource]]:
    """Each resource class that is called in the component or in what it uses of the other files."""
    open_ones = [(component.module, component.cls.__name__)]
    seen = set(open_ones)
    while open_ones:
        module, name = open_ones.pop()
        for expression in _expressions(_top(module)[name]):
            if isinstance(expression, ast.Call):
                called = _value(module, expression.func)
                if inspect.isclass(called) and issubclass(called, CustomResource):
                    yield called
            further = _used(module, expression)
            if further is not None and further not in seen:
                seen.add(further)
                open_ones.append(further)


def _used(module: ModuleType, expression: ast.AST) -> tuple[ModuleType, str] | None:
    """The function, class or constant of the components that a name stands for; other components are left out."""
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
    """What a dotted name stands for in a module; None where it is nothing that is there before the program runs."""
    match expression:
        case ast.Name(id=name):
            return getattr(module, name, None)
        case ast.Attribute(value=inner, attr=name):
            holder = _value(module, inner)
            return getattr(holder, name, None) if inspect.ismodule(holder) else None
        case _:
            return None


def _expressions(node: ast.AST) -> Iterator[ast.AST]:
    """All below a node but the annotations: to name a type is not to make one."""
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
        raise TypeError(f"{cls.__name__} is no class in {cls.__module__}")
    return node


@cache
def _top(module: ModuleType) -> _Top:
    """What a module defines, by name."""
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
