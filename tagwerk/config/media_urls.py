"""A request to the media origin → a file. No session, no cookie, no page lives there."""

from django.urls import URLPattern, URLResolver, path

from tagwerk.interfaces.web import media

urlpatterns: list[URLPattern | URLResolver] = [
    path("m/<str:token>/<str:name>", media.file, name="media"),
]
handler404, handler400, handler500 = media.nothing, media.unreadable, media.broken
