"""What the pages of aid show: read in one go, for the cluster, the firm, and those who grant and pay."""
