"""XPath 1.0, asked of documents with namespaces: a name without a prefix is found in whatever namespace it is.

libxml2 evaluates; here the names in a path are bound to the namespaces that a document has.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any, Literal

from lxml import etree

from peephole.core.errors import SettingError

_NAME = r"[^\W\d][\w.\-]*"
_TOKEN = re.compile(
    rf"""(?P<literal>"[^"]*"|'[^']*')|(?P<number>\d+(?:\.\d*)?|\.\d+)|(?P<name>{_NAME}(?::(?!:)(?:{_NAME}|\*))?)"""
    r"|(?P<sign>//|::|\.\.|!=|<=|>=|\S)"
)
_OPERATORS = frozenset(["/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">="])
_BEFORE_OPERAND = frozenset(["@", "::", "(", "[", ",", "$"])
_INSIDE_STEP = frozenset(["/", "//", "::", "@"])
_NODE_TYPES = frozenset(["text", "node", "comment", "processing-instruction"])
_OF_THE_PLACE = frozenset(["position", "last", "lang"])
_OF_THE_PLACE_ALONE = frozenset(
    ["string", "number", "name", "local-name", "namespace-uri", "normalize-space", "string-length"]
)

_COMPARED = frozenset(["=", "!=", "<", "<=", ">", ">=", "and", "or"])
_TRUTHS = frozenset(["not", "contains", "starts-with", "boolean", "true", "false"])

_QUALIFIED_ATTRIBUTES = etree.XPath("descendant-or-self::*/@*[namespace-uri()]")
_QUALIFIED = etree.XPath(f"boolean(descendant-or-self::*[namespace-uri()]) or boolean({_QUALIFIED_ATTRIBUTES.path})")
_TEXT = etree.XPath("string()", smart_strings=False)


@dataclass(frozen=True)
class Spaces:
    """The namespaces of a document.

    prefixes: pairs of prefix ("" for none) and address.  elements: pairs of name and address ("" for none) of all elements;
    attributes: those of the attributes that are in a namespace.  Without namespaces all are empty.
    """

    prefixes: frozenset[tuple[str, str]] = frozenset()
    elements: frozenset[tuple[str, str]] = frozenset()
    attributes: frozenset[tuple[str, str]] = frozenset()

    @cached_property
    def prefix_of(self) -> dict[str, str]:
        """Address to prefix."""
        return {address: prefix for prefix, address in sorted(self.prefixes, reverse=True)}


def spaces_of(root: Any) -> Spaces:
    """The namespaces of the document that an element is the root of."""
    if not _QUALIFIED(root):
        return Spaces()
    prefixes: dict[str, str] = {}
    elements: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for element in root.iter("*"):
        if element.tag not in seen:
            seen.add(element.tag)
            name = etree.QName(element)
            elements.add((name.localname, name.namespace or ""))
            if name.namespace:
                prefixes.setdefault(element.prefix or "", name.namespace)
    attributes: set[tuple[str, str]] = set()
    for found in _QUALIFIED_ATTRIBUTES(root):
        name = etree.QName(found.attrname)
        if (name.localname, name.namespace) not in attributes:
            attributes.add((name.localname, name.namespace))
            known = {address: prefix for prefix, address in found.getparent().nsmap.items() if prefix}
            prefixes.setdefault(known.get(name.namespace, "xml"), name.namespace)
    return Spaces(frozenset(prefixes.items()), frozenset(elements), frozenset(attributes))


Kind = Literal["element", "attribute", "step", "call", "axis", "operator", "other"]


@dataclass(frozen=True)
class Token:
    """A piece of a path.  element, attribute: a name that is looked for, or *.  step: . or .. or text() and the like."""

    kind: Kind
    text: str
    start: int
    end: int


def tokens(path: str) -> list[Token]:
    """A path that libxml2 has understood, in pieces (XPath 1.0, 3.7)."""
    found: list[Token] = []
    for match in _TOKEN.finditer(path):
        found.append(Token(_kind(match, found, path), match[0], match.start(), match.end()))
    return found


def _kind(match: re.Match[str], before: list[Token], path: str) -> Kind:
    if match["literal"] or match["number"]:
        return "other"
    if match["name"] or match[0] == "*":
        return _kind_of_name(match[0], before, path[match.end() :].lstrip())
    if match[0] in _OPERATORS:
        return "operator"
    return "step" if match[0] in (".", "..") else "other"


def _kind_of_name(name: str, before: list[Token], after: str) -> Kind:
    last = before[-1].text if before else "("
    if last not in _BEFORE_OPERAND and before[-1].kind != "operator":
        return "operator"  # and, or, div, mod, *
    axis = before[-2].text if last == "::" else {"@": "attribute", "$": "variable"}.get(last, "child")
    if after.startswith("("):
        return "step" if name in _NODE_TYPES else "call"
    if after.startswith("::"):
        return "axis"
    kinds: dict[str, Kind] = {"attribute": "attribute", "variable": "other", "namespace": "step"}
    return kinds.get(axis, "element")


def free_of_the_place(found: list[Token]) -> bool:
    """Whether a path finds the same wherever it starts: all that stands outside of brackets goes from the root."""
    depth = 0
    for number, token in enumerate(found):
        depth += (token.text == "[") - (token.text == "]")
        if depth:
            continue
        begins = not number or found[number - 1].text not in _INSIDE_STEP
        if begins and (token.kind in ("element", "attribute", "step", "axis") or token.text == "@"):
            return False
        if token.kind == "call":
            alone = found[number + 2].text == ")"
            if token.text in _OF_THE_PLACE or (alone and token.text in _OF_THE_PLACE_ALONE):
                return False
    return True


def bound(path: str, spaces: Spaces) -> tuple[str, dict[str, str]]:
    """The path for a document with these namespaces, and what its prefixes stand for."""
    addresses: dict[str, str] = {}
    pieces, at = [], 0
    found = tokens(path)
    for number, token in enumerate(found):
        made = token.text
        if token.kind in ("element", "attribute"):
            made = _bound_name(token, spaces, addresses)
        elif token.text == "//" and found[number + 1].kind == "element" and not _counts(found[number + 2 :]):
            made = "/descendant::"
        pieces += [path[at : token.start], made]
        at = token.end
    return "".join([*pieces, path[at:]]), addresses


def _counts(after: list[Token]) -> bool:
    """Whether one of the brackets that follow may go by the place among the parent's elements.

    Of all others //a[b] is /descendant::a[b], for which libxml2 does not have to put what it finds in order again: that takes
    time with the square of what is found.
    """
    depth = 0
    parts: list[Token] = []
    for token in after:
        depth -= token.text == "]"
        if not depth and token.text == "]":
            if _is_number(parts):
                return True
            parts = []
        elif not depth and token.text != "[":
            return False
        elif depth == 1:
            parts.append(token)
        depth += token.text == "["
    return False


def _is_number(parts: list[Token]) -> bool:
    calls = [token.text for token in parts if token.kind == "call"]
    if _OF_THE_PLACE.intersection(calls):
        return True
    if any(token.kind == "operator" and token.text in _COMPARED for token in parts):
        return False
    if calls:
        return parts[0].text not in _TRUTHS or any(t.text in ("+", "-", "*", "div", "mod") for t in parts)
    return any(token.kind == "other" and token.text not in ("@", "::", "[", "]", "(", ")") for token in parts)


def _bound_name(token: Token, spaces: Spaces, addresses: dict[str, str]) -> str:
    prefix, _, local = token.text.rpartition(":")
    if prefix:
        if prefix != "xml":
            addresses[prefix] = dict(spaces.prefixes).get(prefix, f"nowhere:{prefix}")
        return token.text
    known = spaces.elements if token.kind == "element" else spaces.attributes
    there = {address for name, address in known if name == local}
    if there <= {""}:
        return local
    if len(there) > 1 or token.kind == "attribute":  # there may be one without a namespace too
        return f"*[local-name()='{local}']"
    made = f"_.{len(addresses)}"
    addresses[made] = there.pop()
    return f"{made}:{local}"


@lru_cache(maxsize=256)
def _compiled(path: str, spaces: Spaces) -> etree.XPath:
    text, addresses = bound(path, spaces)
    return etree.XPath(text, namespaces=addresses, regexp=False)


@dataclass(frozen=True)
class Query:
    """An XPath that a person wrote.  setting: where."""

    path: str
    setting: str
    everywhere: bool = field(init=False)
    """Whether it finds the same from wherever it starts."""

    def __post_init__(self) -> None:
        """Raises SettingError for what is no XPath 1.0."""
        try:
            etree.XPath(self.path, regexp=False)
        except (etree.XPathError, ValueError) as error:
            raise self._told(error) from None
        object.__setattr__(self, "everywhere", free_of_the_place(tokens(self.path)))
        self.found(etree.Element("a"), Spaces())

    def found(self, here: Any, spaces: Spaces) -> Any:
        """What libxml2 finds from an element on: nodes, a text, a number, or true or false.

        Raises SettingError for a function that there is not, and the like.
        """
        try:
            return _compiled(self.path, spaces)(here)
        except etree.XPathError as error:
            raise self._told(error) from None

    def values(self, here: Any, spaces: Spaces) -> Iterator[str | None]:
        """What it finds as text, in the order of the document; None for what is empty."""
        found = self.found(here, spaces)
        for one in found if isinstance(found, list) else [found]:
            yield _cell(one) or None

    def first(self, here: Any, spaces: Spaces) -> str | None:
        """The first value."""
        return next(self.values(here, spaces), None)

    def _told(self, error: Exception) -> SettingError:
        place = f", at character {self._place(error.error_log)}" if isinstance(error, etree.XPathSyntaxError) else ""
        return SettingError(
            f'The XPath "{self.path}" is not understood: {str(error).rstrip(".")}{place}.',
            remedy="It is XPath 1.0, as title, .//author[2], @id, ../@year, count(author) or /shelf/@place.",
            setting=self.setting,
        )

    def _place(self, log: Any) -> int:
        """Where libxml2, which counts bytes, gave up; from 1."""
        return len(self.path.encode()[: log.last_error.column].decode(errors="ignore")) + 1


def _cell(found: Any) -> str:
    if isinstance(found, bool):
        return "true" if found else "false"
    if isinstance(found, float):
        return _number(found)
    if isinstance(found, tuple):  # a namespace
        return str(found[1])
    if isinstance(found, str):
        return str(found) if getattr(found, "is_attribute", False) else str(found).strip()
    return text_of(found)


def _number(found: float) -> str:
    if math.isnan(found):
        return ""
    return str(int(found)) if found.is_integer() else str(found)


def text_of(element: Any) -> str:
    """The text of an element and all inside, without the white space around it."""
    return str(_TEXT(element)).strip() if len(element) else (element.text or "").strip()
