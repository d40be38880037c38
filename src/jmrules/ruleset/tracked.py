"""JSON values that know where they stand: what overlays change, without losing who said what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from jmrules.documents import MAX_DEPTH, Document, escape, pretty
from jmrules.errors import Problem, RulesetError, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jmrules.errors import Place

Origin = tuple[Document, str]


@define(eq=False)
class Tracked:
    """A JSON value and the document and pointer that it comes from; the parts of a container are Tracked themselves."""

    value: Any
    document: Document
    pointer: str


@frozen(eq=False)
class ResolvedDocument(Document):
    """A document put together from others; the place of a value is where it was written."""

    #: pointer -> where that value was written; what lies below it was written below that, unless it is named here too
    origins: Mapping[str, Origin] = field(kw_only=True, repr=False)

    def place(self, pointer: str, *, of_key: bool = False, within: int | None = None) -> Place:
        """The place in the file that states the value at ``pointer`` of the resolved document."""
        document, written = self.origin(pointer)
        return document.place(written, of_key=of_key, within=within)

    def origin(self, pointer: str) -> Origin:
        """The document that states the value at ``pointer``, and the value's pointer there."""
        known = pointer
        while known not in self.origins:
            known = known.rpartition("/")[0]
        document, written = self.origins[known]
        return document, written + pointer[len(known) :]


def origin_of(document: Document, pointer: str) -> Origin:
    """The document that states the value at ``pointer``, and its pointer there, whether ``document`` was resolved or not."""
    return document.origin(pointer) if isinstance(document, ResolvedDocument) else (document, pointer)


def tracked(value: Any, document: Document, pointer: str) -> Tracked:
    """``value`` as it stands at ``pointer`` of ``document``."""
    if isinstance(value, dict):
        parts: Any = {name: tracked(part, document, f"{pointer}/{escape(name)}") for name, part in value.items()}
    elif isinstance(value, list):
        parts = [tracked(part, document, f"{pointer}/{index}") for index, part in enumerate(value)]
    else:
        parts = value
    return Tracked(parts, document, pointer)


def plain(node: Tracked) -> Any:
    """The value without its places."""
    return _flat(node, "", (node.document, node.pointer), {})


def document_of(root: Tracked) -> ResolvedDocument:
    """The document that ``root`` is the value of.

    Raises:
        RulesetError: moves have nested it deeper than a document may be.
    """
    origins: dict[str, Origin] = {"": (root.document, root.pointer)}
    value = _flat(root, "", origins[""], origins)
    return ResolvedDocument(value, pretty(value), root.document.file, origins=origins)


def _flat(node: Tracked, pointer: str, expected: Origin, origins: dict[str, Origin]) -> Any:
    """The plain value; ``origins`` collects the pointers whose place does not follow from their container's."""
    written = (node.document, node.pointer)
    if written[0] is not expected[0] or written[1] != expected[1]:
        origins[pointer] = written
    if not isinstance(node.value, dict | list):
        return node.value
    if pointer.count("/") > MAX_DEPTH:
        raise RulesetError(
            Problem(
                "nested-too-deep",
                Text(
                    f"修改后嵌套超过 {MAX_DEPTH} 层", f"after the changes this is nested deeper than {MAX_DEPTH} levels"
                ),
                Text("请减少嵌套", "nest less"),
                node.document.place(node.pointer),
            )
        )

    def part(step: str, inner: Tracked) -> Any:
        return _flat(inner, f"{pointer}/{step}", (node.document, f"{node.pointer}/{step}"), origins)

    if isinstance(node.value, dict):
        return {name: part(escape(name), inner) for name, inner in node.value.items()}
    return [part(str(index), inner) for index, inner in enumerate(node.value)]
