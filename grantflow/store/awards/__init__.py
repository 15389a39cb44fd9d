"""The room of awards: what is kept."""
