from collections import OrderedDict
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml.comments import CommentedMap
from tljh._plain import from_plain, to_plain
from tljh.yaml import yaml

DOCUMENT = """
a: x   # comment
b: "quoted"
c: [1, 2.5, 0x10, yes, no, ~]
d: {1: one}
e: 2024-01-01
"""


def exactly(value: Any) -> Any:
    """The value with the types of everything in it."""
    if isinstance(value, dict):
        return dict, [(exactly(key), exactly(item)) for key, item in value.items()]
    if isinstance(value, list):
        return list, [exactly(item) for item in value]
    return type(value), value


def test_what_ruamel_read_becomes_plain_data():
    assert exactly(to_plain(yaml.load(DOCUMENT))) == exactly(
        {
            "a": "x",
            "b": "quoted",
            "c": [1, 2.5, 16, "yes", "no", None],
            "d": {"1": "one"},
            "e": "2024-01-01",
        }
    )


def test_anything_that_is_a_sequence_of_plain_things_becomes_a_list():
    assert to_plain(
        [("a",), {"c", "b"}, {"k": 1}.keys(), OrderedDict(x=Path("/y"))]
    ) == [
        ["a"],
        ["b", "c"],
        ["k"],
        {"x": "/y"},
    ]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (object(), "it is of type object"),
        ({"a": {"b": [b"x"]}}, "a.b[0] is of type bytes"),
        ([float("nan")], "[0] is nan"),
        ({(1, 2): 3}, "has the key (1, 2)"),
    ],
)
def test_what_json_cannot_hold_is_named_with_its_place(value: Any, message: str):
    with pytest.raises((TypeError, ValueError)) as raised:
        to_plain(value)
    assert message in str(raised.value)


def test_data_that_contains_itself_is_refused():
    value: dict[str, Any] = {}
    value["a"] = [value]
    with pytest.raises(ValueError, match=r"a\[0\] contains itself"):
        to_plain(value)


def test_plugins_get_ruamels_containers():
    config = from_plain({"a": {"b": [1]}})
    assert isinstance(config["a"], CommentedMap)
    assert to_plain(config) == {"a": {"b": [1]}}


def test_yaml_keeps_comments_and_writes_filled_empty_containers_in_block_style():
    document = yaml.load("a: {}  # why\nb: 'x'\n")
    document["a"]["c"] = 1
    written = StringIO()
    yaml.dump(document, written)
    assert "# why" in written.getvalue()
    assert "\n  c: 1\n" in written.getvalue()
