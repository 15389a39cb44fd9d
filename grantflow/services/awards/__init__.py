"""The room of awards: what people do."""
