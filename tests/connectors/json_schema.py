"""The part of JSON Schema that our OpenAPI document uses. A keyword that this does not know fails."""

import re
from collections.abc import Mapping
from typing import Any

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,), "array": (list,), "string": (str,), "integer": (int,), "boolean": (bool,), "null": (type(None),),
    "number": (int, float),
}  # fmt: skip
_SAYS_NOTHING = {"description", "format"}


def breaches(value: Any, schema: Mapping[str, Any], document: Mapping[str, Any], at: str = "$") -> list[str]:
    """Return where a value is not as the schema says."""
    found: list[str] = []
    for keyword, said in schema.items():
        match keyword:
            case "$ref":
                found += breaches(value, resolve(said, document), document, at)
            case "type":
                types = [said] if isinstance(said, str) else said
                if not any(_is(value, each) for each in types):
                    found.append(f"{at} is no {' or '.join(types)}")
            case "const" if value != said:
                found.append(f"{at} is not {said!r}")
            case "enum" if value not in said:
                found.append(f"{at} is none of {said}")
            case "pattern" if isinstance(value, str) and not re.search(said, value):
                found.append(f"{at} does not match")
            case "maxLength" | "maxItems" if isinstance(value, str | list) and len(value) > said:
                found.append(f"{at} is too long")
            case "minimum" if isinstance(value, int) and value < said:
                found.append(f"{at} is too small")
            case "maximum" if isinstance(value, int) and value > said:
                found.append(f"{at} is too large")
            case "items" if isinstance(value, list):
                for number, each in enumerate(value):
                    found += breaches(each, said, document, f"{at}[{number}]")
            case "required" if isinstance(value, dict):
                found += [f"{at} lacks {name}" for name in said if name not in value]
            case "properties" if isinstance(value, dict):
                for name in set(said) & set(value):
                    found += breaches(value[name], said[name], document, f"{at}.{name}")
            case "additionalProperties" if isinstance(value, dict):
                assert said is False
                found += [f"{at} has {name}" for name in set(value) - set(schema.get("properties", {}))]
            case _:
                assert keyword in _KNOWN, f"this does not know {keyword}"
    return found


_KNOWN = _SAYS_NOTHING | {
    "const", "enum", "pattern", "maxLength", "maxItems", "minimum", "maximum", "items", "required", "properties",
    "additionalProperties",
}  # fmt: skip


def resolve(reference: str, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a reference within the document names."""
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _is(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and (name == "boolean" or not isinstance(value, bool))
