#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""tshark -T ek and the mapping for Elasticsearch and OpenSearch fit together: plugin/elastic.jq gives
every field of the plugin a type that suits it, at the place where documents have it, and every value
in the documents of the collection is one of that type.

usage: elastic.py PLUGIN CAPTURES
"""

import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "wireshark")]

import lib
from lib import check, check_equal

PROGRAM = os.path.join(HERE, "..", "..", "plugin", "elastic.jq")
# What an index can compare and count, for each type of a field.
SENSIBLE = {"FT_UINT8": "short", "FT_UINT32": "long", "FT_UINT64": "long",
            "FT_FRAMENUM": "long", "FT_BOOLEAN": "boolean",
            "FT_RELATIVE_TIME": "double", "FT_STRINGZ": "keyword"}
PARSE = {"short": int, "long": int, "double": float, "keyword": str, "boolean": json.dumps}


def template(wireshark):
    mapping = wireshark.tshark("-G", "elastic-mapping", "--elastic-mapping-filter", "tcpstate")
    done = subprocess.run(["jq", "-f", PROGRAM], input=mapping, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def types(wireshark):
    """The type of each field in the index, by its name in a document."""
    index = template(wireshark)
    check_equal("the indices that it is for", index["index_patterns"], ["packets-*"])
    check_equal("the parts of the template", sorted(index["template"]), ["mappings", "settings"])
    mappings = index["template"]["mappings"]
    layers = mappings["properties"]["layers"]["properties"]
    (by_name,) = mappings["dynamic_templates"]
    rule = by_name["tcpstate_names"]
    check(list(layers) == ["tcp"], "places of fields: %s" % list(layers))
    check(rule["path_match"] == "layers.tcp.tcpstate.*" and rule["match_mapping_type"] == "string" and
          layers["tcp"]["properties"]["tcpstate"]["dynamic"], "text is not mapped")
    explicit = layers["tcp"]["properties"]["tcpstate"]["properties"]
    found = {}
    for field, kind in wireshark.names("tcpstate").items():
        name = "tcpstate_" + field.replace(".", "_")
        if kind != "FT_NONE":  # an expert item has no value; its name is in tcpstate.check
            found[name] = explicit.pop(name, rule["mapping"])["type"]
            check(found[name] == SENSIBLE[kind], "%s is %s" % (field, found[name]))
    check(not explicit, "no fields of ours: %s" % list(explicit))
    return found


def subtrees(layer, path):
    """The values of all tcpstate in a document, and where they are."""
    if isinstance(layer, list):
        for each in layer:
            yield from subtrees(each, path)
    elif isinstance(layer, dict):
        for name, value in layer.items():
            yield from subtrees(value, path + (name,))
            if name == "tcpstate":
                for each in value if isinstance(value, list) else [value]:
                    yield path, each


def check_value(capture, name, value, kind):
    for each in value if isinstance(value, list) else [value]:
        try:
            check(kind != "boolean" or isinstance(each, bool), "%s: %s is %s" % (capture, name, each))
            PARSE[kind](each)
        except ValueError:
            lib.fail("%s: %s is %s, which is no %s" % (capture, name, each, kind))


def check_capture(wireshark, capture, kinds):
    """How many documents have states."""
    text = wireshark.tshark("-r", capture, "-T", "ek", "-J", "tcp tcpstate")
    found = 0
    for document in map(json.loads, text.splitlines()[1::2]):
        for path, states in subtrees(document["layers"], ()):
            # What an ICMP error quotes is not searched for as if it were a segment.
            check(path == ("tcp",) or "icmp" in path or "icmpv6" in path, "%s: a subtree in %s" %
                  (capture, path))
            found += path == ("tcp",)
            for name, value in states.items():
                if name.startswith("tcpstate_") and value is not None:
                    check(name in kinds, "%s: %s has no mapping" % (capture, name))
                    check_value(capture, name, value, kinds.get(name, "keyword"))
    return found


def main():
    if not shutil.which("jq"):
        print("skipped: jq is not installed")
        sys.exit(77)
    with lib.start() as wireshark:
        kinds = types(wireshark)
        found = lib.for_each(lambda c: check_capture(wireshark, c, kinds), wireshark.captures()[::4])
        check(sum(found) > 30, "only %d documents have states" % sum(found))
    lib.finish()


main()
