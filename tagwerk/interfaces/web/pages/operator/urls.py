"""The pages of this group by their addresses."""

from django.urls import URLPattern, URLResolver, path

from tagwerk.interfaces.web.pages.operator import (
    deposits,
    jobs,
    late,
    organisations,
    overview,
    people,
    person,
    qualification,
    qualifications,
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="operator"),
    path("book/", overview.check_book, name="operator_check_book"),
    path("people/", people.people, name="operator_people"),
    path("people/<str:person>/", person.person, name="operator_person"),
    path("organisations/", organisations.organisations, name="operator_organisations"),
    path("organisations/<str:org>/approve/", organisations.approve, name="operator_organisation_approve"),
    path("deposits/", deposits.deposits, name="operator_deposits"),
    path("late/", late.late, name="operator_late"),
    path("late/<str:project>/<str:assignment>/", late.pay, name="operator_late_pay"),
    path("jobs/", jobs.jobs, name="operator_jobs"),
    path("jobs/retry/", jobs.retry_all, name="operator_jobs_retry_all"),
    path("jobs/<int:job>/retry/", jobs.retry, name="operator_job_retry"),
    path("qualifications/", qualifications.qualifications, name="operator_qualifications"),
    path("qualifications/<str:qualification>/", qualification.qualification, name="operator_qualification"),
]
