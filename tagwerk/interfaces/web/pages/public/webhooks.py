"""What rails send us. A webhook only makes us ask; nothing that it says counts by itself."""

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tagwerk.base.errors import Refusal
from tagwerk.domain.payments import actions
from tagwerk.domain.payments.actions.paypal_following import LARGEST_EVENT
from tagwerk.domain.payments.provider import RailBusy, RailRefused, RailUnsure

MOST_PER_MINUTE = 600


@csrf_exempt  # PayPal proves itself by its signature, which PayPal's own API checks
@require_POST
def paypal_webhook(request: HttpRequest) -> HttpResponse:
    """200: taken, or known; 400: not genuine; 503: it cannot be checked now, and PayPal tries again."""
    if _too_many():
        return HttpResponse(status=503)
    body = request.read(LARGEST_EVENT + 1)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        actions.take_paypal_event(headers=headers, body=body, now=now())
    except Refusal:
        return HttpResponse(status=400)
    except (RailBusy, RailRefused, RailUnsure):
        return HttpResponse(status=503)
    return HttpResponse(status=200)


def _too_many() -> bool:
    """Checking one costs a call to PayPal: strangers must not make us send many."""
    key = f"paypal-webhooks/{now():%Y%m%d%H%M}"
    cache.add(key, 0, 120)
    return cache.incr(key) > MOST_PER_MINUTE
