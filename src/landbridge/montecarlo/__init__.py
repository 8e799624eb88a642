"""One request, many draws: the spread of its totals, and what moves them."""
