"""Asking DNS what organizations publish there."""
