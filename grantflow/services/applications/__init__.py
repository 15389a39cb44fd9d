"""The room of applications: what people do."""
