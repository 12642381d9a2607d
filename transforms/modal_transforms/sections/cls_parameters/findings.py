"""State what is to be done about one class: its choices, what a person should check, and the order of deployment."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from modal_transforms.analysis.evidence import explain
from modal_transforms.analysis.index import FunctionNode
from modal_transforms.analysis.library_names import qualified_name
from modal_transforms.analysis.module import Module
from modal_transforms.core.model import Applicability, Choice, Finding, Site, Span
from modal_transforms.modal_api.classes import ModalClass, bases, declared, is_harmless, method
from modal_transforms.sections.cls_parameters.blockers import obstacle, order_obstacle
from modal_transforms.sections.cls_parameters.call_sites import (
    Calling,
    callers,
    given_for,
    is_json_free,
    is_never_given,
    made_keyword,
)
from modal_transforms.sections.cls_parameters.choices import declare, name_parameters
from modal_transforms.sections.cls_parameters.constructor import Constructor
from modal_transforms.sections.cls_parameters.constructor_comments import read
from modal_transforms.sections.cls_parameters.future_annotations import Future, future
from modal_transforms.sections.cls_parameters.passed_types import unfitting
from modal_transforms.sections.cls_parameters.rewrite import ConstructorPlan
from modal_transforms.sections.cls_parameters.wire_types import Send, Wire, literal_default, wire

CALLERS_FIRST = (
    "Deploy the callers that name the parameters before the class that declares them: keywords work with both, "
    "positional arguments fail as soon as the class is deployed."
)
ELSEWHERE = (
    "Callers outside this repository, if there are any, have to name the parameters before the class is deployed: "
    "keywords work with both."
)
TOGETHER = (
    "Deploy the class and its callers together: before, callers pass the value itself, afterwards the text for it."
)


class Context(Struct, frozen=True):
    """One class, in the file that gives it to Modal."""

    module: Module
    found: ModalClass

    @property
    def name(self) -> str:
        """The class's name."""
        return self.found.node.name

    def finding(
        self,
        rule: str,
        node: FunctionNode | None,
        message: str,
        applicability: Applicability,
        choices: tuple[Choice, ...] = (),
        evidence: tuple[str, ...] = (),
        advice: str = "",
        sites: tuple[Site, ...] = (),
    ) -> Finding:
        """State a finding at the class's constructor, or at its name where it has none of its own."""
        home = self.found.home
        definition = _header(home, node) if node is not None else _class_header(home, self.found.node)
        here = definition if home is self.module else self.module.source.span(self.found.call)
        evidence = (*evidence, *explain(self.module, self.found.call.func))
        stated = self.module.finding(rule, here, message, applicability, choices, evidence, advice)
        more = () if home is self.module else (home.source.site(definition),)
        return replace(stated, sites=(*stated.sites, *more, *sites))


def _header(home: Module, node: FunctionNode) -> Span:
    """Return the ``def`` line of a function, up to its closing bracket."""
    written = read(home, node)
    span = home.source.span(node)
    return Span(span.start, written.brackets.end) if written else span


def _class_header(home: Module, node: ast.ClassDef) -> Span:
    start = home.source.span(node).start
    return Span(start, start + len(home.source.encode(f"class {node.name}")))


def inherited_finding(context: Context, own: FunctionNode | None) -> Finding | None:
    """State that a class gets its constructor from elsewhere, which only a person can take apart."""
    found = context.found
    if _is_dataclass(found.home, found.node):
        return _by_hand(
            context,
            own,
            "cls-dataclass",
            f"{context.name} is a dataclass, which has a constructor",
            (
                f"Take @dataclass off {context.name} and declare its fields with modal.parameter(): "
                "name: str = modal.parameter(). Callers pass them by keyword."
            ),
        )
    for home, base, plain in bases(found.home, found.node):
        text = ast.unparse(plain)
        if base is not None:
            constructor = method(base, "__init__")
            if constructor is None and not _is_dataclass(home, base):
                continue
            line = f"{home.source.path}:{(constructor or base).lineno}"
            return _inherits(context, own, text, f"{text} has a constructor at {line}", home, constructor)
        if not is_harmless(home, plain):
            return _inherits(context, own, text, _what_is_known(home, plain), home, None)
    return None


def _inherits(
    context: Context, own: FunctionNode | None, base: str, evidence: str, home: Module, constructor: FunctionNode | None
) -> Finding:
    also = " as well: without its own one the class would have that of its base" if own is not None else ""
    advice = (
        f"Modal 1.6 refuses {context.name} while {base} has a constructor. Move what it does into {context.name}: "
        "parameters as annotations with modal.parameter(), the rest to an @modal.enter() method, or hold an object "
        f"of {base} in an attribute instead of inheriting from it."
    )
    sites = (home.source.site(_header(home, constructor)),) if constructor is not None else ()
    message = f"{context.name} inherits a constructor from {base}{also}"
    return context.finding(
        "cls-inherited-constructor", own, message, Applicability.MANUAL, (), (evidence,), advice, sites
    )


def _what_is_known(home: Module, plain: ast.expr) -> str:
    text = ast.unparse(plain)
    if isinstance(plain, ast.Name) and hasattr(builtins, plain.id):
        return f"{text} of Python has a constructor"
    path = qualified_name(home, plain) or text
    if path.endswith("nn.Module") or path == "typing.Protocol":
        return f"{path} has a constructor"
    return f"{path} is not defined in this repository; it may have a constructor"


def _is_dataclass(home: Module, node: ast.ClassDef) -> bool:
    for decorator in node.decorator_list:
        made = decorator.func if isinstance(decorator, ast.Call) else decorator
        if qualified_name(home, made) in {"dataclasses.dataclass", "attr.s", "attrs.define", "attr.define"}:
            options = decorator.keywords if isinstance(decorator, ast.Call) else []
            return not any(o.arg == "init" and isinstance(o.value, ast.Constant) and not o.value.value for o in options)
    return False


def _by_hand(context: Context, own: FunctionNode | None, rule: str, message: str, advice: str) -> Finding:
    return context.finding(rule, own, message, Applicability.MANUAL, advice=advice)


def own_finding(context: Context, constructor: Constructor) -> Finding:
    """State what becomes of a constructor that the class itself defines."""
    reason = obstacle(context.found, constructor)
    written = read(constructor.home, constructor.node)
    calls = callers(context.found) if constructor.parameters else []
    names = [item.name for item in constructor.parameters if item.by_position]
    given = given_for(calls, names)
    wires: dict[str, Wire] = {}
    fixed: dict[str, str] = {}
    doubts: list[str] = []
    for item in constructor.parameters:
        travels = wire(constructor, item, given.get(item.name, []))
        if isinstance(travels, Wire):
            wires[item.name] = travels
        elif (default := literal_default(constructor, item)) is not None and is_never_given(calls, names, item.name):
            fixed[item.name] = default
            doubts.append(f"{travels}; no call in sight gives it, so that it is {default} from now on")
        else:
            reason = reason or travels
    drop = future(constructor.home, constructor.node) if constructor.parameters else Future()
    if not is_json_free(constructor.home) and any(made.send is Send.JSON for made in wires.values()):
        reason = reason or "`json` is something else in this file"
    reason = reason or drop.needed
    if reason or written is None:
        return _refusal(context, constructor, reason or "its text cannot be taken apart", bool(drop.needed))
    plan = ConstructorPlan(context.found, constructor, wires, written, fixed)
    late = order_obstacle(constructor) if plan.has_logic else ""
    if late:
        return _refusal(context, constructor, late, False)
    doubts += unfitting(calls, names, wires)
    return _rewritten(context, plan, made_keyword(calls, names, wires), drop, doubts)


def _refusal(context: Context, constructor: Constructor, reason: str, by_future: bool) -> Finding:
    advice = (
        "Declare each parameter as an annotation with modal.parameter(), as str, int, bool or bytes; pass anything "
        "else as text and make it again in an @modal.enter() method. Move the rest of the constructor to that method, "
        "and name the parameters at every call. " + CALLERS_FIRST
    )
    if by_future:
        advice = "Quote that annotation, or import what it names, then look again: the rest can be done for you."
    message = f"{context.name} has a constructor, which modal 1.6 refuses; it is left to you: {reason}"
    return context.finding("cls-constructor-by-hand", constructor.node, message, Applicability.MANUAL, advice=advice)


def _rewritten(
    context: Context, plan: ConstructorPlan, calling: Calling, drop: Future, doubts: Sequence[str]
) -> Finding:
    constructor = plan.constructor
    notes = [item.note for item in plan.wires.values() if item.note]
    apart = [f"{place} finds the class by its name, and may be deployed apart from it" for place in calling.apart]
    notes += doubts
    evidence = (*notes, *calling.notes, *([drop.note] if drop.note else []), *apart, *_called(calling))
    is_safe = not (notes or calling.notes or apart or drop.note or plan.has_logic or constructor.owner.bases)
    rule = "cls-constructor" if constructor.parameters else "cls-setup"
    return context.finding(
        rule,
        constructor.node,
        _message(context, plan),
        Applicability.SAFE if is_safe else Applicability.REVIEW,
        (declare(plan, calling, drop),),
        evidence,
        " ".join(_advice(plan, calling)),
        tuple(calling.sites),
    )


def _message(context: Context, plan: ConstructorPlan) -> str:
    if not plan.wires:
        if not plan.has_logic:
            return f"{context.name} has a constructor that does nothing, and modal 1.6 refuses it"
        return f"{context.name} has a constructor, which modal 1.6 refuses: set-up belongs in an @modal.enter() method"
    return f"{context.name} has a constructor, which modal 1.6 refuses: its parameters become modal.parameter()"


def _called(calling: Calling) -> Iterator[str]:
    if calling.sites:
        places = [f"{site.path}:{site.line}" for site in calling.sites]
        more = f" and {len(places) - 4} more" if len(places) > 4 else ""
        yield f"calls that belong to it: {', '.join(places[:4])}{more}"


def _advice(plan: ConstructorPlan, calling: Calling) -> Iterator[str]:
    if plan.wires:
        converted = any(item.send in {Send.TEXT, Send.JSON} for item in plan.wires.values())
        yield TOGETHER if converted else CALLERS_FIRST if calling.apart or calling.notes else ELSEWHERE
    if calling.notes:
        yield "Check the calls named above; they are not all changed."
    if plan.has_logic and _builds(plan):
        yield "Migrate @modal.build first: a build method does not see what an enter method sets."


def _builds(plan: ConstructorPlan) -> bool:
    home = plan.constructor.home
    return any(
        symbol.removesuffix("()") == "modal.build"
        for item in plan.constructor.owner.body
        if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))
        for _, symbol in home.decorators(item)
    )


def positional_finding(context: Context) -> Finding | None:
    """State that a class with declared parameters is still constructed by position."""
    found = context.found
    names = [item.name for item in declared(found.home, found.node)]
    if not names:
        return None
    calls = [caller for caller in callers(found) if caller.call.args]
    calling = made_keyword(calls, names, {})
    if not calling.changes:
        return None
    message = f"{context.name} is called with positional arguments; its parameters have to be named"
    return context.finding(
        "cls-positional-call",
        None,
        message,
        Applicability.REVIEW,
        (name_parameters(calling),),
        tuple(calling.notes),
        "Check that the arguments are in the order in which the class declares its parameters.",
        tuple(calling.sites),
    )
