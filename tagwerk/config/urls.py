"""A request → a page. One of the three tables that start something (urls, reactions, schedule)."""

from django.urls import URLPattern, URLResolver, include, path

from tagwerk.interfaces.web.language import choose_language

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("language/", choose_language, name="language"),
]
