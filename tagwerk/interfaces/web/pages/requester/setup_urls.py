"""The addresses of the steps in which a draft is set up."""

from django.urls import URLPattern, path

from tagwerk.interfaces.web.pages.requester.setup_check import setup_check
from tagwerk.interfaces.web.pages.requester.setup_data import setup_data
from tagwerk.interfaces.web.pages.requester.setup_design import setup_design, setup_preview
from tagwerk.interfaces.web.pages.requester.setup_frame import setup
from tagwerk.interfaces.web.pages.requester.setup_gold import setup_gold, setup_gold_task
from tagwerk.interfaces.web.pages.requester.setup_launch import setup_launch
from tagwerk.interfaces.web.pages.requester.setup_pay import setup_pay
from tagwerk.interfaces.web.pages.requester.setup_people import setup_people
from tagwerk.interfaces.web.pages.requester.setup_quality import setup_quality
from tagwerk.interfaces.web.pages.requester.setup_try import setup_try

SETUP = "projects/<str:prj>/setup/"

urlpatterns: list[URLPattern] = [
    path(SETUP, setup, name="setup"),
    path(f"{SETUP}data/", setup_data, name="setup_data"),
    path(f"{SETUP}design/", setup_design, name="setup_design"),
    path(f"{SETUP}design/preview/", setup_preview, name="setup_preview"),
    path(f"{SETUP}people/", setup_people, name="setup_people"),
    path(f"{SETUP}quality/", setup_quality, name="setup_quality"),
    path(f"{SETUP}gold/", setup_gold, name="setup_gold"),
    path(f"{SETUP}gold/<str:tsk>/", setup_gold_task, name="setup_gold_task"),
    path(f"{SETUP}pay/", setup_pay, name="setup_pay"),
    path(f"{SETUP}check/", setup_check, name="setup_check"),
    path(f"{SETUP}check/try/", setup_try, name="setup_try"),
    path(f"{SETUP}launch/", setup_launch, name="setup_launch"),
]
