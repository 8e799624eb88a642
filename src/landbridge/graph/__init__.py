"""The dataset compiled to read-only index arrays: topology, nearest nodes, shapes."""
