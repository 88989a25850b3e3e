"""The kinds of flows, one file for each source. A module's `FLOW_KINDS` are found automatically."""
