"""The room of labs: what people do."""
