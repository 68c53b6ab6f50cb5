"""Keep the first few of many.

In: sortable items in any order.
Out: the k smallest, in order; how many came does not matter to memory.
Not here: what the items are.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeVar

__all__ = ["Smallest"]

# Any: how to say that items can be compared would be longer than this room.
T = TypeVar("T", bound=Any)


class Smallest(Generic[T]):
    """The ``limit`` smallest items that were added; all of them if ``limit`` is 0.

    >>> first = Smallest(2)
    >>> first.extend([5, 3, 9, 1])
    >>> list(first)
    [1, 3]
    """

    __slots__ = ("_items", "_largest", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._items: list[T] = []
        # The last item that was kept when there were too many; what is not smaller need not be looked at again.
        self._largest: T | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Smallest) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def __iter__(self) -> Iterator[T]:
        self._prune()
        return iter(self._items)

    def __len__(self) -> int:
        self._prune()
        return len(self._items)

    def add(self, item: T) -> None:
        """Keep an item if it is among the smallest."""
        if self._largest is not None and not item < self._largest:
            return
        self._items.append(item)
        if self.limit and len(self._items) > 2 * self.limit + 16:
            self._prune()

    def extend(self, items: Iterable[T]) -> None:
        """Add every item."""
        for item in items:
            self.add(item)

    def _prune(self) -> None:
        self._items.sort()
        if self.limit and len(self._items) >= self.limit:
            del self._items[self.limit :]
            self._largest = self._items[-1]
