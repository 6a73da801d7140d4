"""The requester's pages by their addresses."""

from tagwerk.interfaces.web.pages.requester.organisation_urls import urlpatterns as organisation
from tagwerk.interfaces.web.pages.requester.project_urls import urlpatterns as projects

urlpatterns = [*organisation, *projects]
