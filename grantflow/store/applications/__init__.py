"""The room of applications: what is kept."""
