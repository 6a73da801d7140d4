"""What Granian's worker processes serve."""

import multiprocessing
import os

from tagwerk.config.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagwerk.config.settings")
os.environ.setdefault("TAGWERK_SERVES", "app")
_parent = multiprocessing.parent_process()
if _parent is not None and _parent.pid is not None:  # None where somebody else's server imports this
    die_with_parent(_parent.pid)

from django.core.wsgi import get_wsgi_application  # noqa: E402 (the settings must be named first)

application = get_wsgi_application()
