"""From the text of a query to its tree."""

from __future__ import annotations

import re

from .tree import Clause, Group, JqlError, Query, Term, Value

TOKEN = re.compile(
    r"""\s*(?:
        (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<sign>!=|!~|<=|>=|[=~<>(),])
      | (?P<word>[^\s"'=!~<>(),]+)
    )""",
    re.VERBOSE,
)
COMPARISONS = frozenset({"=", "!=", "~", "!~", "<", ">", "<=", ">="})
DEEPEST = 50


class Parser:
    """Recursive descent over the tokens: or, and, not, brackets, comparisons."""

    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._at = 0
        self._depth = 0

    def query(self) -> Query:
        where = None if self._at_order() or self._at == len(self._tokens) else self._either()
        order = self._order()
        if self._at < len(self._tokens):
            raise self._unexpected()
        return Query(where, order)

    def _either(self) -> Clause:
        clauses = [self._both()]
        while self._take_word("or"):
            clauses.append(self._both())
        return clauses[0] if len(clauses) == 1 else Group("or", tuple(clauses))

    def _both(self) -> Clause:
        clauses = [self._single()]
        while self._take_word("and"):
            clauses.append(self._single())
        return clauses[0] if len(clauses) == 1 else Group("and", tuple(clauses))

    def _single(self) -> Clause:
        self._depth += 1
        if self._depth > DEEPEST:
            raise JqlError("jql_syntax", words="it is nested too deeply")
        clause = self._negated_or_plain()
        self._depth -= 1
        return clause

    def _negated_or_plain(self) -> Clause:
        if self._take_word("not"):
            return Group("not", (self._single(),))
        if self._take_sign("("):
            clause = self._either()
            self._need_sign(")")
            return clause
        return self._term()

    def _term(self) -> Term:
        field = self._operand().text.lower()
        if self._take_word("is"):
            operator = "is not" if self._take_word("not") else "is"
            return Term(field, operator, (self._operand(),))
        if self._take_word("not"):
            if not self._take_word("in"):
                raise self._unexpected()
            return Term(field, "not in", self._list())
        if self._take_word("in"):
            return Term(field, "in", self._list())
        kind, sign = self._peek()
        if kind != "sign" or sign not in COMPARISONS:
            raise self._unexpected()
        self._at += 1
        return Term(field, sign, (self._operand(),))

    def _list(self) -> tuple[Value, ...]:
        if not self._take_sign("("):
            return (self._operand(),)
        values = [self._operand()]
        while self._take_sign(","):
            values.append(self._operand())
        self._need_sign(")")
        return tuple(values)

    def _operand(self) -> Value:
        kind, text = self._peek()
        if kind not in ("word", "string"):
            raise self._unexpected()
        self._at += 1
        if kind == "string":
            return Value(re.sub(r"\\(.)", r"\1", text[1:-1]))
        if self._take_sign("("):
            self._need_sign(")")
            return Value(text.lower(), function=True)
        return Value(text)

    def _order(self) -> tuple[tuple[str, bool], ...]:
        if not self._at_order():
            return ()
        self._at += 2
        order = [self._order_field()]
        while self._take_sign(","):
            order.append(self._order_field())
        return tuple(order)

    def _order_field(self) -> tuple[str, bool]:
        field = self._operand().text.lower()
        descending = self._take_word("desc")
        if not descending:
            self._take_word("asc")
        return field, descending

    def _at_order(self) -> bool:
        words = [text.lower() for kind, text in self._tokens[self._at : self._at + 2] if kind == "word"]
        return words == ["order", "by"]

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "the end of the query")

    def _take_word(self, word: str) -> bool:
        kind, text = self._peek()
        found = kind == "word" and text.lower() == word
        self._at += found
        return found

    def _take_sign(self, sign: str) -> bool:
        found = self._peek() == ("sign", sign)
        self._at += found
        return found

    def _need_sign(self, sign: str) -> None:
        if not self._take_sign(sign):
            raise self._unexpected()

    def _unexpected(self) -> JqlError:
        return JqlError("jql_syntax", words=f"'{self._peek()[1]}' was not expected here.")


def parse(text: str) -> Query:
    """The tree of a query; JqlError for what cannot be read."""
    return Parser(text).query()


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens, place, text = [], 0, text.rstrip()
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            raise JqlError("jql_syntax", words=f"'{text[place:].strip()[:20]}' was not expected here.")
        tokens.append((str(found.lastgroup), found.group(str(found.lastgroup))))
        place = found.end()
    return tokens
