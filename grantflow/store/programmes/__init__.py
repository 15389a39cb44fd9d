"""The room of programmes: what is kept."""
