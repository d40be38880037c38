"""Built-in functions on contexts (DMN 1.5, 10.3.4.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jmrules.feel import types as ft
from jmrules.feel.functions.registry import NoValue, builtin

if TYPE_CHECKING:
    from collections.abc import Sequence

_ANY_CONTEXT = ft.ContextType(())


@builtin("get value", "m: context, key: string", ft.ANY)
def get_value(m: dict[str, Any], key: str) -> Any:
    if key not in m:
        raise NoValue(f"context 没有成员 {key}", f"the context has no member {key}")
    return m[key]


def _entries(kinds: Sequence[ft.Type]) -> ft.Type:
    return ft.ListType(ft.ContextType((("key", ft.STRING), ("value", ft.ANY))))


@builtin("get entries", "m: context", _entries)
def get_entries(m: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in m.items()]


@builtin("context", "entries: contexts", _ANY_CONTEXT)
def context(entries: list[dict[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for entry in entries:
        key = entry.get("key")
        if not isinstance(key, str) or "value" not in entry:
            raise NoValue("每一项都应有字符串 key 和 value", "every entry must have a string key and a value")
        if key in made:
            raise NoValue(f"键 {key} 出现两次", f"the key {key} occurs twice")
        made[key] = entry["value"]
    return made


@builtin("context put", "context: context, key: string, value: any", _ANY_CONTEXT)
def context_put(m: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**m, key: value}


@builtin("context put", "context: context, keys: list, value: any", _ANY_CONTEXT)
def context_put_deep(m: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any]:
    if not keys or not all(isinstance(key, str) for key in keys):
        raise NoValue("keys 应是字符串的非空列表", "keys must be a list of strings, and not empty")
    result = dict(m)
    inner = result
    for key in keys[:-1]:
        below = inner.get(key)
        if not isinstance(below, dict):
            raise NoValue(f"{key} 不是 context", f"{key} is not a context")
        inner[key] = dict(below)
        inner = inner[key]
    inner[keys[-1]] = value
    return result


@builtin("context merge", "contexts: contexts", _ANY_CONTEXT)
def context_merge(contexts: list[dict[str, Any]]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for each in contexts:
        merged.update(each)
    return merged
