"""Which criterion an answer's points belong to: the one it names, the one its clauses are in, else (where none is declared) its clause.

A scenario that declares no criteria gets one for each clause that is scored,
without a cap.
"""

from dataclasses import dataclass

from scenarios.language import Criterion, Worth
from scenarios.reading import Reader
from scenarios.source import Tree

Cited = tuple[tuple[str, int], ...]


@dataclass
class Criteria:
    """The criteria known so far; those of a scenario that declares none grow as it is read."""

    reader: Reader
    known: dict[str, Criterion]
    declared: bool

    def worth(self, fields: dict[str, Tree], path: str, clauses: Cited, fallback: str, step_id: str) -> Worth:
        """What ``points``, ``criterion`` and ``repairs`` say together; ``fallback`` is the criterion of the whole step or ""."""
        tree = fields.get("points")
        mended = self.reader.texts(fields.get("repairs"), f"{path}.repairs")
        repairs = tuple(name for name, line in mended if self._exists(name, line, f"{path}.repairs"))
        if tree is not None and tree.fields is not None:
            given = []
            for name, value in tree.fields.items():
                earned = self.reader.points(value, f"{path}.points.{name}")
                if self._exists(name, value.line, f"{path}.points") and earned is not None:
                    given.append((name, earned))
            return Worth(tuple(given))
        earned = self.reader.points(tree, f"{path}.points")
        if "repairs" in fields:
            return Worth((), repairs, max(0, earned or 0))
        name = self._named(fields, path, clauses, fallback, step_id)
        if name:
            return Worth(((name, earned or 0),))
        if earned and tree is not None and "criterion" not in fields:
            self.reader.say("no_criterion", tree.line, f"{path}.points")
        return Worth()

    def home(self, tree: Tree | None, path: str) -> str:
        """The criterion of a whole step, or ""."""
        name = self.reader.text(tree, path)
        return name if tree is not None and self._exists(name, tree.line, path) else ""

    def _named(self, fields: dict[str, Tree], path: str, clauses: Cited, fallback: str, step_id: str) -> str:
        if "criterion" in fields:
            name = self.reader.text(fields["criterion"], f"{path}.criterion")
            return name if self._exists(name, fields["criterion"].line, f"{path}.criterion") else ""
        cited = [clause for clause, _ in clauses]
        if self.declared:
            within = [one.id for one in self.known.values() if {clause for clause, _ in one.clauses} & set(cited)]
            return within[0] if within else fallback
        name = fallback or (cited[0] if cited else step_id)
        line = clauses[0][1] if clauses else 0
        self.known.setdefault(name, Criterion(name, None, None, clauses[:1], "", line, implied=True))
        return name

    def _exists(self, name: str, line: int, path: str) -> bool:
        if name in self.known:
            return True
        if not self.declared and name:
            self.known[name] = Criterion(name, None, None, (), "", line, implied=True)
            return True
        self.reader.say("unknown_name", line, path, (name, self.known), name=path.rpartition(".")[2], value=name)
        return False
