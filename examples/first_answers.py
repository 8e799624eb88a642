"""The main job from Python: corridors side by side, then one itinerary leg by leg.

    python examples/first_answers.py

Its output, as of the embedded dataset, stands beside it in `first_answers.txt`.
"""

from __future__ import annotations

import landbridge


def main() -> None:
    """Print what each corridor takes and costs, and where the time of one goes."""
    case = landbridge.Case.load()
    answer = landbridge.compare("Mumbai", "Moscow", case=case)
    for option in answer.options:
        print(
            f"{option.corridor:24} {option.distance_km:7,.0f} km "
            f"{option.lead_time_h.p50 / 24:5.1f} days {option.cost_usd.central:7,.0f} USD"
        )
    print()
    best = landbridge.plan("Mumbai", "Moscow", corridors=["instc-west"], case=case).best
    if best is None:
        print("instc-west: no way through")
        return
    for leg in best.legs:
        print(
            f"{leg.kind:9} {leg.mode:5} {leg.origin.name} - {leg.destination.name}: "
            f"{leg.time_h.p50:.1f} h"
        )


if __name__ == "__main__":
    main()
