"""What organisations do for firms as intermediaries: a closed list, said by each of itself and never read from its name."""

from __future__ import annotations

from collections.abc import Mapping

FUNCTIONS: Mapping[str, str] = {
    "cluster": "Brings firms of a trade or a region together",
    "internationalisation": "Takes firms to markets abroad",
    "matchmaking": "Finds partners and buyers for firms",
    "training": "Trains people of firms",
    "testing": "Lets firms test and measure",
    "incubation": "Helps new firms to their feet",
}
"""By the name that is kept: the words that people read."""
