"""The WSGI application: what a server such as granian loads."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "denrei.project.settings")
application = get_wsgi_application()
