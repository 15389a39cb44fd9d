"""The room of aid: what is kept."""
