"""Webhooks: addresses outside that are told of steps; what they are told, how it is signed, sent, retried and replayed."""
