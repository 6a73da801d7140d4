"""A request to the media origin → a file. No session, no cookie, no page lives there."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
