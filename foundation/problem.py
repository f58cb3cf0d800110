"""One thing that is wrong with a document, and where: named by its path, later by file and line."""

from collections.abc import Sequence
from dataclasses import dataclass

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """``path`` leads to the value, keys and indexes from the root; ``message`` is one sentence."""

    path: Path
    message: str

    def __str__(self) -> str:
        return f"{json_path(self.path)}: {self.message}"


def json_path(path: Sequence[str | int]) -> str:
    """``("items", 3, "key")`` as ``$.items[3].key``."""
    return "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
