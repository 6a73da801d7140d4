"""The way to the provider and back, in place of allauth's own; it finds them beside the provider."""

from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from requests import RequestException

from tagwerk.interfaces.web.oidc.provider import SignedOpenIDAdapter

_leave: Any = OAuth2LoginView.adapter_view
_return: Any = OAuth2CallbackView.adapter_view


def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """The page that leads to the provider: its form may be answered with a way there."""
    adapter: Any = SignedOpenIDAdapter(request, provider_id)
    try:
        where = urlsplit(adapter.authorize_url)
        response: HttpResponse = _leave(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (RequestException, LookupError) as away:
        failed: HttpResponse = render_authentication_error(request, adapter.get_provider(), exception=away)
        return failed
    return csp_update({"form-action": [f"{where.scheme}://{where.netloc}"]})(lambda _request: response)(
        request
    )


def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the provider."""
    try:
        response: HttpResponse = _return(SignedOpenIDAdapter(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return response


urlpatterns = [
    path("oidc/<str:provider_id>/login/", login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", callback, name="openid_connect_callback"),
]
