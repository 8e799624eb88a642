"""REST: validates, calls, serialises. No arithmetic; every answer is one of `report`'s."""
