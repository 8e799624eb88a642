"""What the search leaves open, settled on the way found: class of train, ice, dues and quotes."""

from __future__ import annotations

from landbridge.planning.adjust import adjusted
from landbridge.planning.candidates import Candidate, Field
from landbridge.planning.ice import iced
from landbridge.planning.trains import in_full_trains


def settled(field: Field, candidate: Candidate) -> Candidate:
    """Return the candidate as it is priced and shown."""
    return adjusted(field, iced(field, in_full_trains(field, candidate)))
