"""What makes an app on a phone of the pages: the manifest, the service worker, and the page shown without a network."""

import hashlib
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts import queries as accounts
from tagwerk.interfaces.web.finders import SHEET, WEB

GROUND = "#f6f7f9"  # --page and --accent of tokens.css in the light scheme: a manifest knows no other
ACCENT = "#2450b4"
KEPT = (SHEET, "layout/mark.svg")  # of the static files, what the page without a network needs


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    """How the app is called, where it begins and what it looks like on a phone's screen."""
    icons = [{"src": static("layout/mark.svg"), "sizes": "any", "type": "image/svg+xml", "purpose": "any"}]
    for size, purpose in ((192, "any"), (512, "any"), (512, "maskable")):
        name = f"layout/mark-{size}{'-maskable' if purpose == 'maskable' else ''}.png"
        icons.append(
            {"src": static(name), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        )
    pages = ((_("Today"), "work"), (_("Available work"), "work_list"), (_("Earnings"), "earnings"))
    name = accounts.instance().name
    facts = {
        "id": "/",
        "name": name,
        "short_name": name,
        "lang": get_language(),
        "start_url": reverse("work"),
        "scope": "/",
        "display": "standalone",
        "background_color": GROUND,
        "theme_color": ACCENT,
        "icons": icons,
        "shortcuts": [{"name": words, "url": reverse(page)} for words, page in pages],
    }
    return JsonResponse(facts, content_type="application/manifest+json")


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The service worker, at the root so that it may look after all pages."""
    response = HttpResponse(_program(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What a browser keeps to show when there is no network; nothing of anybody is on it."""
    return render(request, "pages/public/app_offline.html")


def _program() -> str:
    """The program with what it needs to know: its version, and what is kept from the beginning."""
    files = [static(name) for name in KEPT]
    text = (WEB / "layout" / "service_worker.js").read_text()
    version = hashlib.sha256("\n".join((*files, text)).encode()).hexdigest()[:12]
    facts = {"version": version, "offline": reverse("offline"), "static": settings.STATIC_URL, "files": files}
    return f"self.tagwerk = {json.dumps(facts)};\n{text}"
