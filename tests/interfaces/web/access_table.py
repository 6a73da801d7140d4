"""Who may open and send what: one row per page, by the name of its address.

`test_access.py` tries every row as everybody, and fails for a page without one.
"""

from typing import Any

PEOPLE = {
    None: "nobody is signed in",
    "cyn": "belongs nowhere",
    "eve": "owns another organisation",
    "ben": "works, and holds the task, the attempt, the notice and the key",
    "ada": "owns the organisation",
    "max": "manager",
    "rob": "reviewer",
    "fin": "finance",
    "vic": "viewer",
    "dan": "operates",
}
ROLES = {"max": "manager", "rob": "reviewer", "fin": "finance", "vic": "viewer"}
EVERYBODY = set(PEOPLE)
SIGNED_IN = EVERYBODY - {None}
OURS = {"ada", *ROLES}
MEMBERS = OURS | {"eve"}
LOOK = OURS | {"dan"}
MANAGE = {"ada", "max"}
REVIEW = MANAGE | {"rob"}
MONEY = MANAGE | {"fin"}
OWNER = {"ada"}
HOLDER = {"ben"}
INVITED = {"gus"}
OPERATORS = {"dan"}
NOT_OFFERED = None  # a method that the page does not have

# name of the address → (who may open it, who may send it, what is sent)
TABLE: dict[str, tuple[set[Any] | None, set[Any] | None, dict[str, str]]] = {
    # for everybody
    "start": (EVERYBODY, EVERYBODY, {}),
    "terms": (EVERYBODY, NOT_OFFERED, {}),
    "healthz": (EVERYBODY, NOT_OFFERED, {}),
    "gallery": (EVERYBODY, EVERYBODY, {}),
    "gallery_task": (EVERYBODY, EVERYBODY, {}),
    "csp_report": (NOT_OFFERED, EVERYBODY, {}),
    "language": (NOT_OFFERED, EVERYBODY, {"language": "de"}),
    # for people
    "inbox": (SIGNED_IN, NOT_OFFERED, {}),
    "inbox_read": (NOT_OFFERED, SIGNED_IN, {"newest": "{notice}"}),
    "notice": (HOLDER, NOT_OFFERED, {}),
    "invitations": (SIGNED_IN, NOT_OFFERED, {}),
    "invitation_accept": (NOT_OFFERED, INVITED, {"{invitation}-agrees_to_name": "on"}),
    "invitation_decline": (NOT_OFFERED, INVITED, {}),
    "profile": (SIGNED_IN, NOT_OFFERED, {}),
    "profile_change": (NOT_OFFERED, SIGNED_IN, {}),
    "profile_languages": (NOT_OFFERED, SIGNED_IN, {}),
    "worker_keys": (SIGNED_IN, SIGNED_IN, {}),
    "worker_key_replace": (NOT_OFFERED, HOLDER, {}),
    "worker_key_revoke": (NOT_OFFERED, HOLDER, {}),
    "terms_consent": (SIGNED_IN, SIGNED_IN, {}),
    "found": (SIGNED_IN, SIGNED_IN, {}),
    # for workers
    "work": (SIGNED_IN, NOT_OFFERED, {}),
    "my_work": (SIGNED_IN, NOT_OFFERED, {}),
    "earnings": (SIGNED_IN, NOT_OFFERED, {}),
    "my_qualifications": (SIGNED_IN, NOT_OFFERED, {}),
    "entry_test": (NOT_OFFERED, SIGNED_IN, {}),
    "entry_test_attempt": (HOLDER, HOLDER, {"_task": "{test_task}"}),
    "task": (HOLDER, HOLDER, {}),
    "task_draft": (NOT_OFFERED, HOLDER, {}),
    "task_renew": (NOT_OFFERED, HOLDER, {}),
    "task_leave": (HOLDER, HOLDER, {}),
    "task_stop": (NOT_OFFERED, HOLDER, {}),
    "task_answer": (HOLDER, HOLDER, {}),
    "task_undo": (NOT_OFFERED, HOLDER, {}),
    "task_accept_rejection": (NOT_OFFERED, HOLDER, {}),
    "task_thread": (HOLDER, HOLDER, {"text": "x"}),
    "introduction": (SIGNED_IN, NOT_OFFERED, {}),
    "next_task": (SIGNED_IN, SIGNED_IN, {}),
    # for operators
    "operator": (OPERATORS, NOT_OFFERED, {}),
    "operator_check_book": (NOT_OFFERED, OPERATORS, {}),
    "operator_people": (OPERATORS, OPERATORS, {"email": "x@example.org"}),
    "operator_person": (OPERATORS, OPERATORS, {"step": "deactivate"}),
    "operator_organisations": (OPERATORS, NOT_OFFERED, {}),
    "operator_organisation_approve": (NOT_OFFERED, OPERATORS, {}),
    "operator_deposits": (OPERATORS, OPERATORS, {}),
    "operator_late": (OPERATORS, NOT_OFFERED, {}),
    "operator_late_pay": (NOT_OFFERED, OPERATORS, {}),
    "operator_jobs": (OPERATORS, NOT_OFFERED, {}),
    "operator_jobs_retry_all": (NOT_OFFERED, OPERATORS, {}),
    "operator_job_retry": (NOT_OFFERED, OPERATORS, {}),
    "operator_qualifications": (OPERATORS, OPERATORS, {"title": "x", "slug": "x"}),
    "operator_qualification": (OPERATORS, OPERATORS, {"what": "retire"}),
    # an organisation
    "organisations": (SIGNED_IN, NOT_OFFERED, {}),
    "organisation": (OURS, OWNER, {"name": "x"}),
    "organisation_members": (OURS, OWNER, {"email": "new@example.org", "role": "viewer"}),
    "organisation_member_role": (NOT_OFFERED, OWNER, {"role": "reviewer"}),
    "organisation_member_remove": (NOT_OFFERED, OWNER, {}),
    "organisation_invitation_withdraw": (NOT_OFFERED, OWNER, {}),
    "organisation_money": (MONEY, NOT_OFFERED, {}),
    "organisation_movements_file": (MONEY, NOT_OFFERED, {}),
    "organisation_qualifications": (MANAGE, MANAGE, {"title": "x", "slug": "x"}),
    "organisation_qualification": (MANAGE, MANAGE, {"what": "retire"}),
    "organisation_keys": (MANAGE, MANAGE, {"name": "x", "scopes": "webhooks"}),
    "organisation_key_replace": (NOT_OFFERED, MANAGE, {}),
    "organisation_key_revoke": (NOT_OFFERED, MANAGE, {}),
    "organisation_webhooks": (MANAGE, MANAGE, {"url": "https://example.org", "events": "budget.low"}),
    "organisation_webhook": (MANAGE, MANAGE, {"url": "https://example.org", "events": "budget.low"}),
    "organisation_webhook_test": (NOT_OFFERED, MANAGE, {}),
    "organisation_webhook_switch": (NOT_OFFERED, MANAGE, {"active": "no"}),
    "organisation_webhook_rotate": (NOT_OFFERED, MANAGE, {}),
    "organisation_webhook_remove": (NOT_OFFERED, MANAGE, {}),
    "organisation_webhook_replay_failed": (NOT_OFFERED, MANAGE, {}),
    "organisation_webhook_replay": (NOT_OFFERED, MANAGE, {}),
    "organisation_activity": (MANAGE, NOT_OFFERED, {}),
    # projects
    "projects": (MEMBERS, MEMBERS, {}),
    "project_new": (MANAGE | {"eve"}, MANAGE | {"eve"}, {}),
    "project": (LOOK, LOOK, {}),
    "setup": (MANAGE, NOT_OFFERED, {}),
    "setup_data": (MANAGE, MANAGE, {"do": "discard"}),
    "setup_design": (MANAGE, MANAGE, {"yaml": "title: x", "do": "go"}),
    "setup_preview": (MANAGE, MANAGE, {"yaml": "title: x"}),
    "setup_people": (MANAGE, MANAGE, {"who": "team", "do": "go"}),
    "setup_quality": (MANAGE, MANAGE, {"least": "1", "do": "go"}),
    "setup_pay": (MANAGE, MANAGE, {"per": "none", "do": "go"}),
    "setup_check": (MANAGE, MANAGE, {"do": "go"}),
    "setup_try": (MANAGE, MANAGE, {"row": "1"}),
    "setup_launch": (MANAGE, MANAGE, {"how": "all"}),
    "project_pilot": (MANAGE, NOT_OFFERED, {}),
    "project_launch": (NOT_OFFERED, MANAGE, {}),
    "project_pause": (NOT_OFFERED, MANAGE, {}),
    "project_resume": (NOT_OFFERED, MANAGE, {}),
    "project_budget": (NOT_OFFERED, MANAGE, {"budget": "5"}),
    "project_finish": (NOT_OFFERED, MANAGE, {}),
    "project_archive": (NOT_OFFERED, MANAGE, {}),
    "project_import": (MANAGE, MANAGE, {}),
    "project_example_csv": (MANAGE, NOT_OFFERED, {}),
    "project_example_jsonl": (MANAGE, NOT_OFFERED, {}),
    "project_import_report": (MANAGE, NOT_OFFERED, {}),
    "project_bad_rows": (MANAGE, NOT_OFFERED, {}),
    "project_media": (MANAGE, MANAGE, {}),
    "project_media_piece": (NOT_OFFERED, MANAGE, {"name": "x.png", "size": "10"}),
    "project_tasks": (LOOK, LOOK, {}),
    "project_task": (LOOK, REVIEW, {"do": "write", "answer": "{answered}", "text": "x"}),
    "project_review": (REVIEW, REVIEW, {"do": "approve", "answer": "{answered}"}),
    "project_people": (REVIEW, REVIEW, {"do": "pause", "worker": "{pseudonym}", "reason": "x"}),
    "project_results": (MANAGE, MANAGE, {"format": "csv"}),
    "project_export": (MANAGE, NOT_OFFERED, {}),
    "project_export_file": (MANAGE, NOT_OFFERED, {}),
    "project_file": (LOOK, LOOK, {}),
    "project_revise": (MANAGE, MANAGE, {}),
    "project_threads": (LOOK, LOOK, {}),
    "project_thread": (LOOK, REVIEW, {"text": "x"}),
}
