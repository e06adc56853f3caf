"""What is found once for a shape and kept with it, as long as the shape is there: a cache beside it would keep the shapes of all tiers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from operator import attrgetter
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar


class Keeping(Protocol):
    """A shape as far as this is concerned."""

    alike: dict[tuple[object, ...], Any]
    own: dict[tuple[object, ...], Any]


_Shape = TypeVar("_Shape", bound=Keeping)
_Key = ParamSpec("_Key")
_Found = TypeVar("_Found")


def by_places(found: Callable[Concatenate[_Shape, _Key], _Found]) -> Callable[Concatenate[_Shape, _Key], _Found]:
    """Keeps what is *found* for a shape, for all shapes like it: it must depend on places, not on what regions are called."""

    return _kept(found, attrgetter("alike"))


def by_shape(found: Callable[Concatenate[_Shape, _Key], _Found]) -> Callable[Concatenate[_Shape, _Key], _Found]:
    """Keeps what is *found* for a shape and its very regions."""
    return _kept(found, attrgetter("own"))


def _kept(
    found: Callable[Concatenate[_Shape, _Key], _Found], known: Callable[[Keeping], dict[tuple[object, ...], _Found]]
) -> Callable[Concatenate[_Shape, _Key], _Found]:
    @wraps(found)
    def kept(shape: _Shape, /, *key: _Key.args, **named: _Key.kwargs) -> _Found:
        of, place = known(shape), (found, *key, *named.items())
        if place not in of:
            of[place] = found(shape, *key, **named)
        return of[place]

    return kept
