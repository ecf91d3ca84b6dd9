"""The recursive-descent parser of filters and paths (grammar of RFC 7644 §3.4.2.2 and §3.5.2, figures 1 and 7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from . import literals, names
from .errors import InvalidFilter, InvalidPath, ScimError, TooMany
from .expressions import And, Comparison, Filter, Not, Operator, Or, Path, Present, ValueFilter
from .scanning import Scanner, shown
from .schemas import Attribute, ResourceType, Returned, Type

MAX_COMPARISONS = 100
MAX_DEPTH = 20
MAX_LENGTH = 4096
_OPERATORS = {operator.value: operator for operator in Operator}


@dataclass(slots=True)
class Parser:
    """Reads one text once; every method continues where the last one stopped.

    Raises InvalidFilter for what is malformed and TooMany beyond the limits, so that no text exhausts the stack.
    """

    scanner: Scanner
    resource_type: ResourceType
    tolerant: bool
    comparisons: int = 0
    depth: int = 0
    owner: Attribute | None = None

    def whole_filter(self) -> Filter:
        """The filter that the whole text is."""
        if len(self.scanner.text) > MAX_LENGTH:
            raise TooMany(f"The filter is longer than {MAX_LENGTH} characters.")
        found = self._disjunction()
        self._expect_end(InvalidFilter)
        return found

    def whole_path(self) -> Path:
        """The path that the whole text is; raises InvalidPath for everything outside of its brackets."""
        if len(self.scanner.text) > MAX_LENGTH:
            raise InvalidPath(f"The path is longer than {MAX_LENGTH} characters.")
        path = self._name(self.scanner.word(), InvalidPath)
        if self.scanner.take("["):
            path = replace(path, value_filter=self._value_filter(path, InvalidPath))
            path = replace(path, sub=self._sub_after_brackets(path, InvalidPath))
        self._expect_end(InvalidPath)
        return path

    def _disjunction(self) -> Filter:
        terms = [self._conjunction()]
        while self.scanner.take_keyword("or"):
            terms.append(self._conjunction())
        return Or(tuple(terms)) if len(terms) > 1 else terms[0]

    def _conjunction(self) -> Filter:
        terms = [self._term()]
        while self.scanner.take_keyword("and"):
            terms.append(self._term())
        return And(tuple(terms)) if len(terms) > 1 else terms[0]

    def _term(self) -> Filter:
        if self.scanner.take("("):
            return self._group(")")
        word = self.scanner.word()
        return self._negation() if word.lower() == "not" else self._attribute_expression(word)

    def _negation(self) -> Filter:
        if self.scanner.take("("):
            return Not(self._group(")"))
        if not self.tolerant:
            raise InvalidFilter("`not` needs its expression in parentheses: `not (…)`.")
        self._descend()
        inner = self._term()
        self.depth -= 1
        return Not(inner)

    def _group(self, closing: str) -> Filter:
        self._descend()
        inner = self._disjunction()
        if not self.scanner.take(closing):
            raise InvalidFilter(f"`and`, `or` or `{closing}` is missing before {self.scanner.rest()}.")
        self.depth -= 1
        return inner

    def _descend(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise TooMany(f"The filter nests deeper than {MAX_DEPTH} levels.")

    def _attribute_expression(self, word: str) -> Filter:
        path = self._name(word, InvalidFilter)
        if self.owner is not None or not self.scanner.take("["):
            return self._test(path)
        inner = self._value_filter(path, InvalidFilter)
        sub = self._sub_after_brackets(path, InvalidFilter)
        if sub is None:
            return ValueFilter(path, inner)
        # Entra looks people up by `emails[type eq "work"].value eq "…"`, which the grammar lacks.
        if not self.tolerant:
            raise InvalidFilter(f"Write the test of `{sub.name}` inside the brackets of `{path}[…]`.")
        return ValueFilter(path, _both(inner, self._test(Path(None, sub))))

    def _value_filter(self, path: Path, failure: type[ScimError]) -> Filter:
        owner = path.attribute
        if owner is None or path.sub or not owner.multi_valued:
            raise failure(f"`{path}` is not multi-valued, so it has no values to choose from with `[…]`.")
        self.owner = owner
        inner = self._group("]")
        self.owner = None
        return inner

    def _sub_after_brackets(self, path: Path, failure: type[ScimError]) -> Attribute | None:
        if not self.scanner.take("."):
            return None
        name = self.scanner.word()
        sub = path.attribute.sub(name) if path.attribute else None
        if sub is None:
            raise failure(f"`{path}` has no sub-attribute {shown(name)}.")
        return sub

    def _name(self, word: str, failure: type[ScimError]) -> Path:
        if not word:
            raise failure(f"An attribute name is missing before {self.scanner.rest()}.")
        if self.owner is None:
            return names.resolve(word, self.resource_type, tolerant=self.tolerant, failure=failure)
        sub = names.value_attribute(self.owner, word)
        if sub is None:
            raise failure(f"`{self.owner.name}` has no sub-attribute {shown(word)}.")
        return Path(None, sub)

    def _test(self, path: Path) -> Filter:
        self._count()
        _refuse_hidden(path)
        word = self.scanner.word()
        if word.lower() == "pr":
            return Present(path)
        operator = _OPERATORS.get(word.lower())
        if operator is None:
            found = shown(word) if word else self.scanner.rest()
            raise InvalidFilter(f"An operator such as `eq` is missing behind `{path}`; there is {found}.")
        literal = literals.read(self.scanner)
        if literal.is_null(tolerant=self.tolerant):
            return _null_test(path, operator)
        path = _compared(path)
        return Comparison(path, operator, literals.fit(literal, path.leaf, operator, tolerant=self.tolerant))

    def _count(self) -> None:
        self.comparisons += 1
        if self.comparisons > MAX_COMPARISONS:
            raise TooMany(f"The filter has more than {MAX_COMPARISONS} comparisons.")

    def _expect_end(self, failure: type[ScimError]) -> None:
        if self.scanner.peek():
            raise failure(f"Nothing was expected any more at {self.scanner.rest()}.")


def _both(filter: Filter, test: Filter) -> Filter:
    return And((*filter.terms, test)) if isinstance(filter, And) else And((filter, test))


def _null_test(path: Path, operator: Operator) -> Filter:
    if operator is Operator.EQ:
        return Not(Present(path))
    if operator is Operator.NE:
        return Present(path)
    raise InvalidFilter(f"`null` can only be compared with `eq` and `ne`, not `{operator}`.")


def _refuse_hidden(path: Path) -> None:
    if path.attribute is None:
        raise InvalidFilter(f"`{path}` is a schema; name one of its attributes.")
    if Returned.NEVER in (path.attribute.returned, path.leaf.returned):
        raise InvalidFilter(f"`{path}` is never returned and cannot be filtered by.")


def _compared(path: Path) -> Path:
    """The path whose value is compared: `emails eq "x"` means `emails.value`, as Ping and Entra write it."""
    if path.leaf.type is not Type.COMPLEX:
        return path
    value = path.leaf.sub("value")
    if value is None:
        example = path.leaf.sub_attributes[0].name if path.leaf.sub_attributes else "…"
        raise InvalidFilter(f"`{path}` is complex; compare one of its sub-attributes, such as `{path}.{example}`.")
    compared = replace(path, sub=value)
    _refuse_hidden(compared)
    return compared
