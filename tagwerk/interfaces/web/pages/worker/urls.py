"""The worker's pages by their addresses."""

from django.urls import URLPattern, URLResolver, path

from tagwerk.interfaces.web.pages.worker import (
    answer,
    available,
    decision,
    earnings,
    entry_test,
    home,
    introduction,
    leave,
    mine,
    next_task,
    qualifications,
    sitting,
    task,
    thread,
    why,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="work"),
    path("list/", available.available, name="work_list"),
    path("list/why/", why.why, name="work_why"),
    path("mine/", mine.my_work, name="my_work"),
    path("sitting/", sitting.sitting, name="sitting"),
    path("earnings/", earnings.earnings, name="earnings"),
    path("earnings/movements.<str:form>", earnings.earnings_file, name="earnings_file"),
    path("qualifications/", qualifications.my_qualifications, name="my_qualifications"),
    path("qualifications/tests/<str:test>/", entry_test.start, name="entry_test"),
    path("qualifications/attempts/<str:attempt>/", entry_test.attempt, name="entry_test_attempt"),
    path("task/<str:assignment>/", task.task, name="task"),
    path("task/<str:assignment>/draft/", task.draft, name="task_draft"),
    path("task/<str:assignment>/renew/", task.renew, name="task_renew"),
    path("task/<str:assignment>/leave/", leave.leave, name="task_leave"),
    path("task/<str:assignment>/stop/", leave.stop, name="task_stop"),
    path("task/<str:assignment>/answer/", answer.answer, name="task_answer"),
    path("task/<str:assignment>/decision/", decision.decision, name="task_decision"),
    path("task/<str:assignment>/undo/", answer.undo, name="task_undo"),
    path("task/<str:assignment>/accept/", mine.accept_rejection, name="task_accept_rejection"),
    path("task/<str:assignment>/thread/", thread.thread, name="task_thread"),
    path("<str:project>/", introduction.introduction, name="introduction"),
    path("<str:project>/next", next_task.next_task, name="next_task"),
    path("<str:project>/ahead", next_task.ahead, name="next_ahead"),
    path("<str:project>/stop", sitting.stop_for_now, name="stop_for_now"),
]
