"""What is under /api/v1/: one door, which knows its operations."""

from django.urls import re_path

from tagwerk.interfaces.api.door import answer

urlpatterns = [re_path(r"^(?P<path>.*)$", answer)]
