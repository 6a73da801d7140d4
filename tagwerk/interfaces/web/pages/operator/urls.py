"""The pages of this group by their addresses."""

from django.urls import URLPattern, URLResolver, path

from tagwerk.interfaces.web.pages.operator import (
    audit,
    bank,
    bank_entry,
    decisions,
    deposits,
    instance_settings,
    jobs,
    late,
    organisation,
    organisations,
    overview,
    people,
    person,
    person_payouts,
    qualification,
    qualifications,
    run,
    runs,
    viewing,
    wages,
)
from tagwerk.interfaces.web.pages.operator import set_up as first_run

set_up: list[URLPattern | URLResolver] = [
    path("", first_run.set_up, name="set_up"),
    path("name/", first_run.name, name="set_up_name"),
    path("money/", first_run.money, name="set_up_money"),
    path("operator/", first_run.operator, name="set_up_operator"),
    path("mail/", first_run.mail, name="set_up_mail"),
    path("done/", first_run.done, name="set_up_done"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.overview, name="operator"),
    path("book/", overview.check_book, name="operator_check_book"),
    path("people/", people.people, name="operator_people"),
    path("viewing/stop/", viewing.stop, name="operator_view_stop"),
    path("people/<str:person>/", person.person, name="operator_person"),
    path("people/<str:person>/payouts/", person_payouts.person_payouts, name="operator_person_payouts"),
    path("payouts/", runs.runs, name="operator_runs"),
    path("payouts/holds/<str:hold>/end/", person_payouts.end_hold, name="operator_hold_end"),
    path("payouts/<str:run>/", run.run, name="operator_run"),
    path("organisations/", organisations.organisations, name="operator_organisations"),
    path("organisations/<str:org>/", organisation.organisation, name="operator_organisation"),
    path("organisations/<str:org>/approve/", organisations.approve, name="operator_organisation_approve"),
    path("log/", audit.audit, name="operator_audit"),
    path("deposits/", deposits.deposits, name="operator_deposits"),
    path("bank/", bank.bank, name="operator_bank"),
    path("bank/<str:entry>/", bank_entry.bank_entry, name="operator_bank_entry"),
    path("decisions/", decisions.decisions, name="operator_decisions"),
    path("decisions/<str:project>/", decisions.decisions_of_project, name="operator_decisions_of_project"),
    path("late/", late.late, name="operator_late"),
    path("late/<str:project>/<str:assignment>/", late.pay, name="operator_late_pay"),
    path("wages/", wages.wages, name="operator_wages"),
    path("wages/minimum-wages.csv", wages.wages_file, name="operator_wages_file"),
    path("settings/", instance_settings.instance_settings, name="operator_settings"),
    path("jobs/", jobs.jobs, name="operator_jobs"),
    path("jobs/retry/", jobs.retry_all, name="operator_jobs_retry_all"),
    path("jobs/<int:job>/retry/", jobs.retry, name="operator_job_retry"),
    path("qualifications/", qualifications.qualifications, name="operator_qualifications"),
    path("qualifications/<str:qualification>/", qualification.qualification, name="operator_qualification"),
]
