"""What can be told of a document without running it: how each node stands, what lies at each port, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from peephole.core.errors import PeepholeError
from peephole.core.node import NodeSpec
from peephole.core.schema import ROW, Schema
from peephole.engine.events import Problem
from peephole.engine.ingredients import recipe_key
from peephole.engine.look import Look
from peephole.engine.plan import Plan
from peephole.engine.steps import Step
from peephole.engine.store import Store, StoredOutput
from peephole.workflow.check import check, check_columns
from peephole.workflow.describe import describe
from peephole.workflow.document import Document, NodeBlock
from peephole.workflow.findings import Finding
from peephole.workflow.repeat import words_of
from peephole.workflow.unroll import path_of, shown_nodes


class NoPortError(PeepholeError):
    """There is no such node, or no such port on it."""

    id = "no-port"


@dataclass
class Facts:
    """findings: all.  nodes: by path of the flat workflow.  ports: by "node.port".  recipes: of the nodes that have one."""

    findings: list[Finding] = field(default_factory=list)
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    ports: dict[str, dict[str, Any]] = field(default_factory=dict)
    recipes: dict[str, str] = field(default_factory=dict)


def find_results(plan: Plan, store: Store) -> None:
    """Look up in the store what the plan itself does not: results of steps that it would not keep, but an earlier run did."""
    for step in plan.steps.values():
        if step.result is None and step.recipe and step.problem is None:
            step.result = step.usable(store.result(step.recipe))


def content_of(step: Step, port: str) -> str:
    """What names the content of a port that is not stored."""
    return f"{step.recipe}-{port}"


def facts_of(
    document: Document,
    specs: Mapping[str, NodeSpec],
    plan: Plan | None,
    look: Look,
    words: Mapping[str, Schema],
    counted: Mapping[str, int] = MappingProxyType({}),
) -> Facts:
    """Everything known.  plan: None where the workflow has a loop.  words: schema of each "node.port" in words.

    counted: how many rows there are at ports that are not stored, by their content, where somebody has looked.
    """
    facts = Facts(findings=check(document, specs))
    if plan is None:
        return facts
    facts.findings += check_columns(document, specs, _inputs(plan, words))
    told = {f.node for f in facts.findings if f.severity == "error" or f.id == "unknown-type"}
    problems = {path_of(name): p for name, p in look.problems.items() if p.id != "skipped"}
    facts.findings += [_finding(name, p) for name, p in problems.items() if name not in told]
    facts.findings += look.findings()
    done = _done(plan)
    for path, block in shown_nodes(document).items():
        step = plan.shown(path)
        if step is None:
            facts.nodes[path] = {**_UNKNOWN, "summary": ""}
            continue
        facts.nodes[path] = _node(_telling(plan.at[path], look, done), plan, look, done)
        facts.nodes[path]["summary"] = _summary(step, block)
        facts.ports |= {f"{path}.{port}": found for port, found in _ports(step, words, look, counted).items()}
        if step.recipe:
            facts.recipes[path] = step.recipe
    facts.ports |= _component_ports(document, "", facts.ports)
    return facts


_UNKNOWN: dict[str, Any] = {
    "state": "waiting",
    "reason": "It is not known yet how often the loop runs.",
    "seconds": None,
    "provisional": False,
    "problem": None,
    "messages": [],
}


def _telling(steps: list[Step], look: Look, done: set[str]) -> Step:
    """Of the runs of a loop the one that tells how it stands: what is wrong first, then what is not done."""
    wrong = next((s for s in steps if s.problem is not None or s.id in look.problems), None)
    return wrong or next((s for s in steps if s.id not in done), steps[-1])


def _inputs(plan: Plan, words: Mapping[str, Schema]) -> dict[str, dict[str, Schema]]:
    """Schemas by node and input port."""
    found: dict[str, dict[str, Schema]] = {}
    for step in plan.steps.values():
        for link in step.links:
            schema = words.get(f"{link.source}.{link.output}")
            if schema is not None:
                found.setdefault(step.path, {})[link.port] = schema
    return found


def _finding(node: str, problem: Problem) -> Finding:
    return Finding(
        id=problem.id,
        severity="error",
        node=node,
        what=problem.what,
        remedy=problem.remedy,
        setting=problem.setting,
        position=problem.position,
    )


def _done(plan: Plan) -> set[str]:
    """Steps whose result is there; of those whose results are not kept, those that have done their part in a query.

    They have where all their readers are done, or where the last run has seen them as they are.
    """
    done: set[str] = set()
    for step in reversed(plan.steps.values()):
        before = plan.before.get(step.id)
        ran = before is not None and recipe_key(before) == step.recipe
        part = not step.kept and (ran or (step.readers and all(reader in done for reader in step.readers)))
        if step.problem is None and (step.result is not None or part):
            done.add(step.id)
    return done


def _node(step: Step, plan: Plan, look: Look, done: set[str]) -> dict[str, Any]:
    state, reason, problem = _state(step, plan, look, done)
    return {
        "state": state,
        "reason": reason,
        "seconds": step.result.seconds if step.result else None,
        "provisional": state == "done" and step.missing and step.result is not None,
        "problem": problem,
        "messages": [{"level": "info", "text": text} for text in step.result.messages] if step.result else [],
    }


def _summary(step: Step, block: NodeBlock) -> str:
    """What the person has set, in one line."""
    if block.repeat is not None:
        return words_of(block.repeat)
    return describe(step.spec, block.settings) if step.spec else ""


def _state(step: Step, plan: Plan, look: Look, done: set[str]) -> tuple[str, str, Problem | None]:
    problem = step.problem or look.problems.get(step.id)
    if problem is not None and problem.id == "skipped":
        return "waiting", problem.what, None
    if problem is not None:
        return ("placeholder" if problem.id == "unknown-node" else "incomplete"), problem.what, problem
    if step.id in done:
        return "done", _for_now(step), None
    blocked = next((s for s in step.sources if s in look.problems), None)
    if blocked is not None:
        return "waiting", f'It waits for "{plan.steps[blocked].title}".', None
    return ("stale" if step.id in plan.before else "ready"), plan.reason(step), None


def _for_now(step: Step) -> str:
    """Of a result that the next run makes again: why."""
    if step.result is None or not step.missing:
        return ""
    how = next((output.facts["stopped"] for output in step.result.outputs.values() if "stopped" in output.facts), None)
    return (
        f"For now: stopped {how}; the next run goes on from there." if how else "For now: the next run makes it again."
    )


def _ports(
    step: Step, words: Mapping[str, Schema], look: Look, counted: Mapping[str, int]
) -> dict[str, dict[str, Any]]:
    ahead = look.facts.get(step.id, {})
    found: dict[str, dict[str, Any]] = {}
    for port in step.spec.outputs if step.spec else ():
        stored = step.result.outputs.get(port.name) if step.result else None
        schema = words.get(f"{step.id}.{port.name}")
        found[port.name] = {
            "type": port.type.name,
            "columns": None if schema is None else [[name, word] for name, word in schema.items() if name != ROW],
            "rows": stored.facts.get("rows") if stored else counted.get(content_of(step, port.name)),
            "stored": stored is not None,
            "facts": _shown_facts(stored) if stored else ahead.get(port.name, {}),
        }
    return found


def _shown_facts(stored: StoredOutput | None) -> dict[str, Any]:
    return {k: v for k, v in stored.facts.items() if k not in ("schema", "types", "rows", "columns")} if stored else {}


def _component_ports(document: Document, prefix: str, ports: Mapping[str, Any]) -> dict[str, Any]:
    """What lies at the output ports of components: what lies at the inner port that feeds each."""
    found: dict[str, Any] = {}
    for node, block in document.nodes.items():
        if block.inside is not None:
            path = prefix + node
            inner = {**ports, **_component_ports(block.inside, f"{path}/", ports)}
            found |= {name: facts for name, facts in inner.items() if name not in ports}
            for wire in block.inside.wires:
                source = inner.get(f"{path}/{wire.source}.{wire.output}")
                if wire.target == "" and source is not None and block.repeat is None:
                    found[f"{path}.{wire.input}"] = source
    return found


def inside_of(document: Document, path: str) -> NodeBlock | None:
    """The block at a path."""
    return shown_nodes(document).get(path)


def inner_port(document: Document, node: str, port: str) -> tuple[str, str]:
    """The port of a node that stands behind a port, which may be a component's own. Raises NoPortError for none."""
    inside = document
    for part in node.split("/"):
        block = inside.nodes.get(part)
        if block is None:
            raise NoPortError(f'There is no node "{node}".', remedy="It may have been removed: reload the page.")
        if block.inside is None or (block.repeat is not None and inside_of(document, node) is block):
            return node, port
        inside = block.inside
    wire = next((w for w in inside.wires if w.target == "" and w.input == port), None)
    if wire is None or wire.source == "":
        raise NoPortError(f'The component "{node}" has no output "{port}".', remedy="Connect something to it inside.")
    return inner_port(document, f"{node}/{wire.source}", wire.output)
