"""The room of reviews: what people do."""
