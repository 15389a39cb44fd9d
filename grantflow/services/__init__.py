"""What people do: one use case, one paragraph, inside a transaction that an entrance opened."""
