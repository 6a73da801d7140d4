"""Who may call what: one row per operation. `test_access.py` tries every row, and fails for an operation without one."""

from typing import Any

READ = {"projects:read", "projects:write", "results:read"}
WRITE = {"projects:write"}
RESULTS = {"results:read"}
MONEY = {"money:read"}
HOOKS = {"webhooks"}
TEAMS = {"teams"}
WORK = {"work"}
ANY = {*READ, *MONEY, *HOOKS, *TEAMS, *WORK}
NOBODY_NEEDED: set[str] = set()  # open to everybody

# operation → (the scopes of which a key needs one, a body that is right)
TABLE: dict[str, tuple[set[str], Any]] = {
    "openapi": (NOBODY_NEEDED, None),
    "me": (ANY, None),
    # projects
    "list_projects": (READ, None),
    "create_project": (WRITE, {"file": "FILE"}),
    "get_project": (READ, None),
    "revise_project": (WRITE, {"file": "FILE"}),
    "estimate_project": (READ, None),
    "advise_next_batch": (
        READ,
        {"points": [{"labels": n, "accuracy": 0.8 - 1 / n} for n in (10, 20, 40, 80, 160)] * 3, "more": 160},
    ),
    "launch_project": (WRITE, {}),
    "pause_project": (WRITE, None),
    "resume_project": (WRITE, None),
    "finish_project": (WRITE, None),
    "archive_project": (WRITE, None),
    "raise_budget": (WRITE, {"budget": "5.00"}),
    "get_progress": (READ, None),
    "get_quality": (READ, None),
    "list_disputed_tasks": (READ, None),
    # tasks and media
    "add_tasks": (WRITE, {"tasks": [{"text": "more"}]}),
    "upload_tasks": (WRITE, b'{"text": "more"}'),
    "download_bad_rows": (WRITE, None),
    "list_tasks": (READ, None),
    "get_task": (READ, None),
    "list_notes": (READ, None),
    "write_note": (WRITE, {"text": "Ask again."}),
    "list_media": (READ, None),
    "upload_media": (WRITE, b"GIF89a"),
    "upload_archive": (WRITE, b"PK"),
    # answers and results
    "feed_answers": (WRITE, None),
    "list_task_answers": (WRITE, None),
    "approve_answers": (WRITE, {"answers": ["ANSWER"]}),
    "approve_all_answers": (WRITE, None),
    "exclude_answer": (WRITE, {"reason": "Not about the text."}),
    "include_answer": (WRITE, None),
    "reject_answer": (WRITE, {"code": "low_effort", "reason": "No."}),
    "next_review": (WRITE, {}),
    "review_answer": (WRITE, {"verdict": "approve"}),
    "get_review": (WRITE, None),
    "list_pointed_reviews": (WRITE, None),
    "list_reviewers": (WRITE, None),
    "reject_answers": (WRITE, {"answers": ["ANSWER"], "code": "low_effort", "reason": "No."}),
    "list_waiting_rejections": (WRITE, None),
    "decide_rejections": (WRITE, {"answers": ["ANSWER"], "confirm": False}),
    "list_appeals": (WRITE, None),
    "get_appeal": (WRITE, None),
    "decide_appeal": (WRITE, {"granted": True, "reply": "You are right about it."}),
    "get_requester": (ANY, None),
    "list_workers": (WRITE, None),
    "pause_worker": (WRITE, {"reason": "Too quick."}),
    "resume_worker": (WRITE, None),
    "get_worker": (WRITE, None),
    "list_signals": (WRITE, None),
    "decide_signal": (WRITE, {"state": "seen"}),
    "preview_rule": (WRITE, {"rule": {"collector": "day", "answers": 5, "action": "limit_today"}}),
    "list_objections": (WRITE, None),
    "decide_objection": (WRITE, {"granted": False, "answer": "No."}),
    "ask_for_answers": (WRITE, {"answers": 1}),
    "overrule_result": (WRITE, {"value": "neutral"}),
    "list_gold": (WRITE, None),
    "list_gold_candidates": (WRITE, None),
    "promote_results": (WRITE, {"tasks": ["TASK"]}),
    "change_gold": (WRITE, {"answers": {"sentiment": "neutral"}}),
    "list_results": (RESULTS, None),
    "list_models": (READ, None),
    "refit_models": (WRITE, None),
    "start_export": (RESULTS, {"format": "csv"}),
    "list_exports": (RESULTS, None),
    "get_export": (RESULTS, None),
    "download_export": (RESULTS, None),
    # money
    "get_balance": (MONEY, None),
    "list_movements": (MONEY, None),
    "get_spending": (MONEY, None),
    # webhooks
    "list_webhooks": (HOOKS, None),
    "create_webhook": (HOOKS, {"url": "https://example.org/h", "events": ["project.finished"]}),
    "get_webhook": (HOOKS, None),
    "change_webhook": (HOOKS, {"description": "x"}),
    "remove_webhook": (HOOKS, None),
    "rotate_secret": (HOOKS, None),
    "test_webhook": (HOOKS, None),
    "list_deliveries": (HOOKS, None),
    "replay_delivery": (HOOKS, None),
    # qualifications and members
    "list_qualifications": (READ, None),
    "create_qualification": (WRITE, {"slug": "new", "title": "New"}),
    "list_holders": (WRITE, None),
    "grant_qualification": (WRITE, {"worker": "ada@example.org", "score": 5}),
    "grant_list": (WRITE, {"csv": "worker,score\nada@example.org,5\n"}),
    "revoke_qualification": (WRITE, None),
    "list_members": (READ, None),
    "list_teams": (READ, None),
    "create_team": (TEAMS, {"name": "Day"}),
    "rename_team": (TEAMS, {"name": "Nights"}),
    "delete_team": (TEAMS, None),
    "list_team_members": (READ, None),
    "add_team_members": (TEAMS, {"members": ["MEMBER"]}),
    "remove_team_member": (TEAMS, None),
    # a worker's own
    "list_work_projects": (WORK, None),
    "enrol": (WORK, {"consent": True}),
    "next_task": (WORK, None),
    "get_assignment": (WORK, None),
    "get_feedback": (WORK, None),
    "submit": (WORK, {"answers": {"sentiment": "neutral"}}),
    "submit_and_next": (WORK, {"answers": {"sentiment": "neutral"}}),
    "change_answer": (WORK, {"answers": {"sentiment": "neutral"}}),
    "save_draft": (WORK, {"answers": {}}),
    "return_task": (WORK, None),
    "skip_task": (WORK, {"reason": "x"}),
    "stop_task": (WORK, None),
    "renew_task": (WORK, None),
    "get_design": (WORK, None),
    "get_decision": (WORK, None),
    "make_appeal": (WORK, {"text": "I have read all of it."}),
    "withdraw_appeal": (WORK, None),
    "accept_rejection": (WORK, None),
    "hand_in_rework": (WORK, {"answers": {"sentiment": "neutral"}}),
    "decline_rework": (WORK, None),
    "return_rework": (WORK, None),
    "list_my_work": (WORK, None),
    "get_earnings": (WORK, None),
    "list_my_movements": (WORK, None),
    "list_my_payouts": (WORK, None),
    "get_next_payout": (WORK, None),
    "get_judged": (WORK, None),
    "object_to_pause": (WORK, {"text": "I was right."}),
}
# Of an organisation's lists, what another organisation gets is its own, not a refusal.
OWN_LISTS = {
    "openapi", "me", "get_requester", "list_projects", "create_project", "get_balance", "list_movements", "list_webhooks",
    "create_webhook", "list_qualifications", "create_qualification", "list_members", "list_teams", "create_team",
}  # fmt: skip
# Of a worker's operations, what another worker gets is their own, not a refusal.
OWN_WORK = {
    "openapi", "me", "get_requester", "list_work_projects", "enrol", "next_task", "list_my_work", "get_earnings", "list_my_movements",
    "get_judged", "list_my_payouts", "get_next_payout",
}  # fmt: skip
