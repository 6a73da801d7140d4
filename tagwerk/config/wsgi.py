"""What Granian's worker processes serve."""

import os

from tagwerk.config.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagwerk.config.settings")
os.environ.setdefault("TAGWERK_SERVES", "app")
die_with_parent()

from django.core.wsgi import get_wsgi_application  # noqa: E402 (the settings must be named first)

application = get_wsgi_application()
