"""Awards: allocation that explains itself, decisions, and what becomes of the money."""
