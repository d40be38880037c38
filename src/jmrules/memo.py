"""Remember what is computed about a value on the value itself: it is there as long as the value, and goes with it."""

from __future__ import annotations

from collections import OrderedDict
from functools import update_wrapper
from threading import Lock
from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

O = TypeVar("O", bound="Keeper")  # noqa: E741
P = ParamSpec("P")
R = TypeVar("R")


class Keeper:
    """The base of frozen, slotted records on which results are kept; equality, hash, repr, copies and pickles know nothing of them."""

    __slots__ = ("_kept",)


def kept(function: Callable[Concatenate[O, P], R]) -> Callable[Concatenate[O, P], R]:
    """The function, computed once for each first argument (by identity) and whatever positional arguments follow.

    Threads that ask at once may compute it more than once; all get the result that was there first.
    """
    return _kept(function, None)  # type: ignore[no-any-return]


def kept_few(most: int) -> Callable[[Callable[Concatenate[O, P], R]], Callable[Concatenate[O, P], R]]:
    """As :func:`kept`, with the last ``most`` results for one first argument: where what follows comes from facts."""
    return lambda function: _kept(function, most)


def _kept(function: Callable[..., Any], most: int | None) -> Any:
    # Asked for on the way to every score, so it is written for the case that the result is there.
    none = object()
    key = object()

    def recall(owner: Any, *rest: Any) -> Any:
        try:
            found = owner._kept
        except AttributeError:
            found = _memory(owner)
        if not rest:
            value = found.get(key, none)
            return found.setdefault(key, function(owner)) if value is none else value
        of_rest = found.get(key) or found.setdefault(key, {})
        value = of_rest.get(rest, none)
        if value is none:
            value = of_rest.setdefault(rest, function(owner, *rest))
            if most is not None and len(of_rest) > most:
                _forget(of_rest, most)
        return value

    update_wrapper(recall, function)
    return recall


_LOCK = Lock()


def _memory(owner: Any) -> dict[Any, Any]:
    with _LOCK:
        try:
            return owner._kept  # type: ignore[no-any-return]  # another thread was first
        except AttributeError:
            made: dict[Any, Any] = {}
            object.__setattr__(owner, "_kept", made)
            return made


def _forget(found: dict[Any, Any], most: int) -> None:
    """Drop the oldest results."""
    with _LOCK:
        for old in list(found)[: max(0, len(found) - most)]:
            found.pop(old, None)


class ByText(Generic[P, R]):
    """A function of texts that are compiled, with the results for the texts last used, of so many characters together.

    What is compiled is kept by whoever uses it, on the ruleset it stands in; this only spares rulesets that share their
    texts the same work. So a text that has gone costs a compilation when another ruleset is loaded, and no evaluation.
    """

    def __init__(self, function: Callable[P, R], most: int) -> None:
        self._function, self._most = function, most
        self._results: OrderedDict[Any, tuple[R, int]] = OrderedDict()
        self._size = 0
        self._lock = Lock()
        self.__qualname__: str
        update_wrapper(self, function)

    def __reduce__(self) -> str:
        # As a function is pickled: by its name, without what it remembers.
        return self.__qualname__

    def __call__(self, *key: P.args, **_: P.kwargs) -> R:
        with self._lock:
            found = self._results.get(key)
            if found is not None:
                self._results.move_to_end(key)
                return found[0]
        value = self._function(*key)  # type: ignore[call-arg]
        with self._lock:
            if key in self._results:
                return self._results[key][0]
            # Beside its text, a result takes some room of its own.
            size = 200 + sum(len(part) for part in key if isinstance(part, str))
            self._results[key] = value, size
            self._size += size
            while self._size > self._most and len(self._results) > 1:
                self._size -= self._results.popitem(last=False)[1][1]
        return value


def by_text(most: int) -> Callable[[Callable[P, R]], ByText[P, R]]:
    """Decorator: see :class:`ByText`."""
    return lambda function: ByText(function, most)
