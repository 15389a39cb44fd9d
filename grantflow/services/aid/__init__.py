"""The room of aid: what people do."""
