"""What a journey costs in hours, dollars and CO2e: pure functions over arcs."""
