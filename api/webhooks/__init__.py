"""Telling the host application what changed, by Standard Webhooks 1.0: endpoints, messages, deliveries."""
