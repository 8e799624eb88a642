"""Rulebook and screen: dated, cited measures, and what they say of a finished itinerary.

Nothing here steers a search: `planning.candidates` may not import this room, even indirectly.
"""
