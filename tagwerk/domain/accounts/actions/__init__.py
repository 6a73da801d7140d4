"""What happens to people, organisations and keys. The only code that writes this room's tables."""

from tagwerk.domain.accounts.actions.keys import (
    NewKey,
    create_api_key,
    note_key_use,
    recall_key,
    revoke_api_key,
    rotate_api_key,
    sign_in_with_key,
)
from tagwerk.domain.accounts.actions.members import (
    accept_invitation,
    change_role,
    decline_invitation,
    invite_member,
    invite_worker,
    remove_member,
    withdraw_invitation,
)
from tagwerk.domain.accounts.actions.organisations import (
    approve_organisation,
    found_organisation,
    update_organisation,
)
from tagwerk.domain.accounts.actions.people import (
    Simulated,
    agree_to_terms,
    complete_sign_up,
    confirm_email,
    create_person,
    create_simulated_worker,
    deactivate_person,
    make_operator,
    reactivate_person,
    set_languages,
    update_profile,
)

__all__ = [
    "NewKey",
    "Simulated",
    "accept_invitation",
    "agree_to_terms",
    "approve_organisation",
    "change_role",
    "complete_sign_up",
    "confirm_email",
    "create_api_key",
    "create_person",
    "create_simulated_worker",
    "deactivate_person",
    "decline_invitation",
    "found_organisation",
    "invite_member",
    "invite_worker",
    "make_operator",
    "note_key_use",
    "reactivate_person",
    "recall_key",
    "remove_member",
    "revoke_api_key",
    "rotate_api_key",
    "set_languages",
    "sign_in_with_key",
    "update_organisation",
    "update_profile",
    "withdraw_invitation",
]
