"""Names of parameters that only scenarios (or a user's own file) give: what is due at one place.

Keys are ids of passages, crossings and terminals. The defaults hold none of them.
"""

from __future__ import annotations

DELAY = "scenario.delay_h"
TOLL = "scenario.toll_usd_per_teu"
WAR_RISK = "scenario.war_risk_usd_per_teu"
PAYLOAD = "scenario.payload_share_1"
"""Share of its payload that a ship can still carry over a shoal."""
DUE_NAMES = (DELAY, TOLL, WAR_RISK, PAYLOAD)
