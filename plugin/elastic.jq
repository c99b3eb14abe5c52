# An index template for Elasticsearch and OpenSearch, from the mapping that tshark prints:
#   tshark -G elastic-mapping --elastic-mapping-filter tcpstate | jq -f plugin/elastic.jq
# It fits documents of `tshark -T ek -J "tcp tcpstate"`.
# SPDX-License-Identifier: GPL-2.0-or-later

def everywhere: .mappings.properties.layers.properties;

# Wireshark before 4.6 takes a length of time for a date.
def durations: with_entries(if .value.type == "date" then .value.type = "double" else . end);

everywhere.tcpstate as $states
# The states are part of TCP, in the documents too.
| everywhere.tcp.properties.tcpstate =
    # Wireshark maps no text, and leaves unmapped what it has not mapped.
    ($states | .dynamic = true | .properties |= durations)
| del(everywhere.tcpstate)
| .mappings.dynamic_templates = [{tcpstate_names: {
    path_match: "layers.tcp.tcpstate.*", match_mapping_type: "string", mapping: {type: "keyword"}}}]
# Hexadecimal numbers of other protocols are no reason to refuse a document.
| .settings["index.mapping.ignore_malformed"] = true
| {index_patterns: ["packets-*"], template: {settings, mappings}}
