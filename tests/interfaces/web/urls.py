"""The platform's addresses and the gallery's, which an installed platform does not have."""

from django.urls import path

from tagwerk.config.urls import urlpatterns as platform
from tagwerk.interfaces.web.pages.gallery import gallery, gallery_task

urlpatterns = [*platform, path("gallery/", gallery), path("gallery/task/", gallery_task)]
