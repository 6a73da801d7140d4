"""What Granian's worker processes serve."""

import multiprocessing
import os
import signal

from tagwerk.config.processes import die_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagwerk.config.settings")
os.environ.setdefault("TAGWERK_SERVES", "app")
_parent = multiprocessing.parent_process()
if _parent is not None and _parent.pid is not None:  # None where somebody else's server imports this
    # Whatever state it is in: without its parent nobody would end it, and what it holds is in the database.
    die_with_parent(_parent.pid, by=signal.SIGKILL)

from django.core.wsgi import get_wsgi_application  # noqa: E402 (the settings must be named first)
from django.urls import get_resolver  # noqa: E402

from tagwerk.config.memory import keep_what_is_loaded  # noqa: E402

application = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 (load every page now: a mistake ends the start, and no first reader waits)
keep_what_is_loaded()
