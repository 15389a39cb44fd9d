"""The room of calls: what people do."""
