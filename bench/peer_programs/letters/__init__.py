"""What Celery's tasks send: a row for each recipient."""
