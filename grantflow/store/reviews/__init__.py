"""The room of reviews: what is kept."""
