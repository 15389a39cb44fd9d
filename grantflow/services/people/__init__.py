"""The room of people: what people do."""
