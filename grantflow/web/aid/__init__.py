"""Aid: what a cluster, a firm and those who grant and pay do with a request for lump sums."""

from __future__ import annotations

from collections.abc import Mapping

from grantflow.web.who import Who

ACCESS: Mapping[tuple[str, str], Who] = {
    # The cluster: how the firms were chosen, the firms, proofs and the claim
    # The firm, by its mailed link
    # Those who grant and pay
}
