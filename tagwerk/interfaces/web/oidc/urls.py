"""The way to the provider and back, in place of allauth's own; it finds them beside the provider."""

from urllib.parse import urlsplit

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import path
from requests import RequestException

from tagwerk.interfaces.web.oidc.provider import SignedOpenIDAdapter


@login_not_required
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """The page that leads to the provider: its form may be answered with a way there."""
    adapter = SignedOpenIDAdapter(request, provider_id)
    try:
        where = urlsplit(adapter.authorize_url)
        response: HttpResponse = OAuth2LoginView.adapter_view(adapter)(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (RequestException, LookupError) as away:
        failed: HttpResponse = render_authentication_error(request, adapter.get_provider(), exception=away)
        return failed
    return csp_update({"form-action": [f"{where.scheme}://{where.netloc}"]})(lambda _request: response)(
        request
    )


@login_not_required
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from the provider."""
    try:
        response: HttpResponse = OAuth2CallbackView.adapter_view(SignedOpenIDAdapter(request, provider_id))(
            request
        )
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return response


urlpatterns = [
    path("oidc/<str:provider_id>/login/", login, name="openid_connect_login"),
    path("oidc/<str:provider_id>/login/callback/", callback, name="openid_connect_callback"),
]
