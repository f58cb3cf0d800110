"""Groups of places that can all reach one another (Tarjan 1972), without recursion: graphs here have up to 200,000 places."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def components(ways: Mapping[K, Iterable[K]]) -> list[list[K]]:
    """The groups, each after every group that it leads to."""
    number: dict[K, int] = {}
    low: dict[K, int] = {}
    stack: list[K] = []
    open_ones: set[K] = set()
    found: list[list[K]] = []

    def enter(name: K, path: list[tuple[K, Iterator[K]]]) -> None:
        number[name] = low[name] = len(number)
        stack.append(name)
        open_ones.add(name)
        path.append((name, iter(ways[name])))

    for root in ways:
        if root in number:
            continue
        path: list[tuple[K, Iterator[K]]] = []
        enter(root, path)
        while path:
            name, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                if path:
                    low[path[-1][0]] = min(low[path[-1][0]], low[name])
                if low[name] == number[name]:
                    found.append(_closed(name, stack, open_ones))
            elif following not in number:
                enter(following, path)
            elif following in open_ones:
                low[name] = min(low[name], number[following])
    return found


def _closed(root: K, stack: list[K], open_ones: set[K]) -> list[K]:
    group: list[K] = []
    while not group or group[-1] != root:
        group.append(stack.pop())
        open_ones.discard(group[-1])
    return group
