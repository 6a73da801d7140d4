"""What search engines may read: the pages that are for everybody."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

OPEN = ("docs", "pay", "imprint", "privacy", "terms")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """The start page and what it links to; a platform for development is no one's to find."""
    lines = ["User-agent: *"]
    if settings.PRODUCTION:
        lines += [
            f"Allow: {reverse('start')}$",
            *(f"Allow: {reverse(name)}" for name in OPEN),
            "Allow: /static/",
        ]
    return HttpResponse("\n".join([*lines, "Disallow: /", ""]), content_type="text/plain; charset=utf-8")
