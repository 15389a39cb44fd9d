"""The room of people: what is kept."""
