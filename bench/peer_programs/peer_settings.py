"""Django of the peers: one PostgreSQL, connections kept, mail to the sink."""

from __future__ import annotations

import os
from urllib.parse import parse_qs, unquote, urlsplit

_address = urlsplit(os.environ["PEER_DATABASE"])
_query = {name: values[0] for name, values in parse_qs(_address.query).items()}

SECRET_KEY = "of the bench alone"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.contenttypes", "post_office", "letters"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _address.path.lstrip("/"),
        "USER": unquote(_address.username or ""),
        "HOST": _query["host"],
        "PORT": _query["port"],
        "CONN_MAX_AGE": 600,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates"}]
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["PEER_SINK"])
#: Threads and batches that were the fastest on two cores; a connection for each thread and batch.
POST_OFFICE = {"THREADS_PER_PROCESS": 4, "BATCH_SIZE": 1000}

CELERY_BROKER_URL = os.environ["PEER_REDIS"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 64
#: Without it Celery closes the database's connection after each task, whatever CONN_MAX_AGE says.
CELERY_DB_REUSE_MAX = 1_000_000
