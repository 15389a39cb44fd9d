"""The room of calls: what is kept."""
