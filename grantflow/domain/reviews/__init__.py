"""Reviews: who may read, what a score sheet needs, and the ranking that follows."""
