"""Numbers for Prometheus: what this process counts while it answers, and how the database stands when asked."""
