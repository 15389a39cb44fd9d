"""The room of labs: what is kept."""
