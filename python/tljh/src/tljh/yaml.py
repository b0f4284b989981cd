"""The one way this package reads and writes YAML: comments and layout survive."""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.composer import Composer


class _BlockStyleForEmpty(Composer):
    """An empty `{}` or `[]` is written in block style once it has been filled."""

    def compose_mapping_node(self, anchor: Any) -> Any:
        return _unless_empty(super().compose_mapping_node(anchor))

    def compose_sequence_node(self, anchor: Any) -> Any:
        return _unless_empty(super().compose_sequence_node(anchor))


def _unless_empty(node: Any) -> Any:
    if not node.value:
        node.flow_style = False
    return node


yaml = YAML(typ="rt")
yaml.Composer = _BlockStyleForEmpty
