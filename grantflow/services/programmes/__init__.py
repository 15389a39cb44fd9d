"""The room of programmes: what people do."""
