"""The addresses of the pages for projects."""

from django.urls import URLPattern, URLResolver, path

from tagwerk.interfaces.web.pages.requester.project import project
from tagwerk.interfaces.web.pages.requester.project_appeals import project_appeals, project_confirm
from tagwerk.interfaces.web.pages.requester.project_bonuses import project_bonuses
from tagwerk.interfaces.web.pages.requester.project_disputed import project_disputed
from tagwerk.interfaces.web.pages.requester.project_estimate import project_estimate
from tagwerk.interfaces.web.pages.requester.project_export import project_export, project_export_file
from tagwerk.interfaces.web.pages.requester.project_file import project_file
from tagwerk.interfaces.web.pages.requester.project_gold import (
    project_gold,
    project_gold_candidates,
    project_gold_task,
)
from tagwerk.interfaces.web.pages.requester.project_import import (
    project_example_rows,
    project_import,
    project_rows_piece,
)
from tagwerk.interfaces.web.pages.requester.project_import_report import (
    project_bad_rows,
    project_import_report,
)
from tagwerk.interfaces.web.pages.requester.project_media import project_media, project_media_piece
from tagwerk.interfaces.web.pages.requester.project_new import project_new
from tagwerk.interfaces.web.pages.requester.project_next_batch import project_next_batch
from tagwerk.interfaces.web.pages.requester.project_panels import project_panel
from tagwerk.interfaces.web.pages.requester.project_people import project_people
from tagwerk.interfaces.web.pages.requester.project_pilot import project_pilot
from tagwerk.interfaces.web.pages.requester.project_quality import project_quality
from tagwerk.interfaces.web.pages.requester.project_results import project_results
from tagwerk.interfaces.web.pages.requester.project_review import project_review
from tagwerk.interfaces.web.pages.requester.project_revise import project_revise
from tagwerk.interfaces.web.pages.requester.project_rules import project_rules
from tagwerk.interfaces.web.pages.requester.project_steps import STEPS, project_step
from tagwerk.interfaces.web.pages.requester.project_task import project_task
from tagwerk.interfaces.web.pages.requester.project_tasks import project_tasks
from tagwerk.interfaces.web.pages.requester.project_thread import project_thread
from tagwerk.interfaces.web.pages.requester.project_threads import project_threads
from tagwerk.interfaces.web.pages.requester.project_time import project_time
from tagwerk.interfaces.web.pages.requester.project_variants import project_variants
from tagwerk.interfaces.web.pages.requester.project_worker import project_worker
from tagwerk.interfaces.web.pages.requester.projects import project_list
from tagwerk.interfaces.web.pages.requester.review_answer import (
    project_review_answer,
    project_review_next,
    project_reviewers,
)
from tagwerk.interfaces.web.pages.requester.setup_urls import urlpatterns as setup

PROJECT = "projects/<str:prj>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("projects/", project_list, name="projects"),
    path("projects/new/", project_new, name="project_new"),
    path(PROJECT, project, name="project"),
    path(f"{PROJECT}bonuses/", project_bonuses, name="project_bonuses"),
    path(f"{PROJECT}panels/<str:panel>/", project_panel, name="project_panel"),
    *setup,
    path(f"{PROJECT}pilot/", project_pilot, name="project_pilot"),
    path(f"{PROJECT}estimate/", project_estimate, name="project_estimate"),
    path(f"{PROJECT}estimate/ways/", project_variants, name="project_variants"),
    path(f"{PROJECT}estimate/next/", project_next_batch, name="project_next_batch"),
    *(path(f"{PROJECT}{step}/", project_step, {"step": step}, name=f"project_{step}") for step in STEPS),
    path(f"{PROJECT}import/", project_import, name="project_import"),
    path(f"{PROJECT}import/example.csv", project_example_rows, {"suffix": "csv"}, name="project_example_csv"),
    path(
        f"{PROJECT}import/example.jsonl",
        project_example_rows,
        {"suffix": "jsonl"},
        name="project_example_jsonl",
    ),
    path(f"{PROJECT}import/piece/", project_rows_piece, name="project_rows_piece"),
    path(f"{PROJECT}import/<str:imp>/", project_import_report, name="project_import_report"),
    path(f"{PROJECT}import/<str:imp>/bad-rows.jsonl", project_bad_rows, name="project_bad_rows"),
    path(f"{PROJECT}media/", project_media, name="project_media"),
    path(f"{PROJECT}media/piece/", project_media_piece, name="project_media_piece"),
    path(f"{PROJECT}tasks/", project_tasks, name="project_tasks"),
    path(f"{PROJECT}tasks/<str:tsk>/", project_task, name="project_task"),
    path(f"{PROJECT}review/", project_review, name="project_review"),
    path(f"{PROJECT}review/next/", project_review_next, name="project_review_next"),
    path(f"{PROJECT}review/reviewers/", project_reviewers, name="project_reviewers"),
    path(f"{PROJECT}review/answers/<str:asg>/", project_review_answer, name="project_review_answer"),
    path(f"{PROJECT}review/appeals/", project_appeals, name="project_appeals"),
    path(f"{PROJECT}review/time/", project_time, name="project_time"),
    path(f"{PROJECT}review/confirm/", project_confirm, name="project_confirm"),
    path(f"{PROJECT}people/", project_people, name="project_people"),
    path(f"{PROJECT}quality/", project_quality, name="project_quality"),
    path(f"{PROJECT}quality/disputed/", project_disputed, name="project_disputed"),
    path(f"{PROJECT}gold/", project_gold, name="project_gold"),
    path(f"{PROJECT}gold/candidates/", project_gold_candidates, name="project_gold_candidates"),
    path(f"{PROJECT}gold/<str:tsk>/", project_gold_task, name="project_gold_task"),
    path(f"{PROJECT}people/<str:worker>/", project_worker, name="project_worker"),
    path(f"{PROJECT}rules/", project_rules, name="project_rules"),
    path(f"{PROJECT}results/", project_results, name="project_results"),
    path(f"{PROJECT}results/<str:exp>/", project_export, name="project_export"),
    path(f"{PROJECT}results/<str:exp>/file", project_export_file, name="project_export_file"),
    path(f"{PROJECT}file/", project_file, name="project_file"),
    path(f"{PROJECT}file/revise/", project_revise, name="project_revise"),
    path(f"{PROJECT}threads/", project_threads, name="project_threads"),
    path(f"{PROJECT}threads/<str:thr>/", project_thread, name="project_thread"),
]
