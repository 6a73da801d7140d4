"""What rails send us. A webhook only makes us ask; nothing that it says counts by itself."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from tagwerk.base.errors import Refusal
from tagwerk.domain.payments import actions
from tagwerk.domain.payments.actions.paypal_following import LARGEST_EVENT
from tagwerk.domain.payments.provider import RailBusy, RailRefused, RailUnsure

# Checking one costs a call to PayPal. So many in a minute: of an address from which a genuine one has come, of another
# address, and of all of those together, so that strangers neither keep the threads busy nor shut PayPal out.
MOST_KNOWN, MOST_STRANGER, MOST_STRANGERS = 600, 10, 60
KNOWN_SECONDS = 30 * 86_400


@csrf_exempt  # PayPal proves itself by its signature, which PayPal's own API checks
@require_POST
def paypal_webhook(request: HttpRequest) -> HttpResponse:
    """200: taken, or known; 400: not genuine; 429 and 503: it is not checked now, and PayPal tries again."""
    address = get_adapter(request).get_client_ip(request)
    if _too_many(address):
        return HttpResponse(status=429)
    body = request.read(LARGEST_EVENT + 1)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        actions.take_paypal_event(headers=headers, body=body, now=now())
    except Refusal:
        return HttpResponse(status=400)
    except (RailBusy, RailRefused, RailUnsure):
        return HttpResponse(status=503)
    cache.set(_known(address), True, KNOWN_SECONDS)
    return HttpResponse(status=200)


def _too_many(address: str) -> bool:
    if cache.get(_known(address)):
        return _count(address) > MOST_KNOWN
    return _count(address) > MOST_STRANGER or _count("strangers") > MOST_STRANGERS


def _known(address: str) -> str:
    return f"paypal-webhooks/known/{address}"


def _count(whose: str) -> int:
    key = f"paypal-webhooks/{whose}/{now():%Y%m%d%H%M}"
    cache.add(key, 0, 120)
    return cache.incr(key)
