"""A request → a page. One of the three tables that start something (urls, reactions, schedule)."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from tagwerk.interfaces.api.urls import urlpatterns as api
from tagwerk.interfaces.web.language import choose_language
from tagwerk.interfaces.web.pages.gallery import gallery, gallery_task
from tagwerk.interfaces.web.pages.operator.urls import set_up
from tagwerk.interfaces.web.pages.operator.urls import urlpatterns as operator
from tagwerk.interfaces.web.pages.public.urls import urlpatterns as public
from tagwerk.interfaces.web.pages.requester.urls import urlpatterns as requester
from tagwerk.interfaces.web.pages.worker.urls import urlpatterns as worker

GALLERY = [
    path("gallery/", gallery, name="gallery"),
    path("gallery/task/", gallery_task, name="gallery_task"),
]


def addresses(*, production: bool) -> list[URLPattern | URLResolver]:
    """Every address; the gallery is for who builds pages, not for who works."""
    return [
        path("accounts/", include("allauth.urls")),
        path("language/", choose_language, name="language"),
        path("api/v1/", include(api)),
        path("work/", include(worker)),
        path("setup/", include(set_up)),
        path("operator/", include(operator)),
        path("", include(requester)),
        path("", include(public)),
        *([] if production else GALLERY),
    ]


urlpatterns = addresses(production=settings.PRODUCTION)
