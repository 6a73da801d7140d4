"""What the operator says about people's data, and what the program itself stores."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagwerk.domain.accounts import queries as accounts
from tagwerk.interfaces.web.pages.public.imprint import said

SESSION_DAYS = settings.SESSION_COOKIE_AGE // 86_400


@require_safe
def privacy(request: HttpRequest) -> HttpResponseBase:
    """Both, the operator's words first."""
    values = {
        **said(accounts.instance().privacy),
        "session_days": SESSION_DAYS,
        "signs_in_elsewhere": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "pages/public/privacy.html", values)
