"""What happens to people, organisations and keys. The only code that writes this room's tables."""

from tagwerk.domain.accounts.actions.fees import set_organisation_fee
from tagwerk.domain.accounts.actions.instance import (
    change_instance,
    create_first_operator,
    end_set_up,
    write_about_fairwork,
)
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
    change_preferences,
    complete_sign_up,
    confirm_email,
    create_person,
    create_simulated_worker,
    make_operator,
    set_languages,
    set_password,
    update_profile,
)
from tagwerk.domain.accounts.actions.suspending import (
    lift_suspension_of_organisation,
    lift_suspension_of_person,
    suspend_organisation,
    suspend_person,
)
from tagwerk.domain.accounts.actions.teams import (
    change_team_members,
    create_team,
    delete_team,
    rename_team,
)
from tagwerk.domain.accounts.actions.viewing import begin_viewing, end_viewing
from tagwerk.domain.accounts.actions.wages import put_wages, remove_wage

__all__ = [
    "NewKey",
    "Simulated",
    "accept_invitation",
    "agree_to_terms",
    "approve_organisation",
    "begin_viewing",
    "change_instance",
    "change_preferences",
    "change_role",
    "change_team_members",
    "complete_sign_up",
    "confirm_email",
    "create_api_key",
    "create_first_operator",
    "create_person",
    "create_simulated_worker",
    "create_team",
    "decline_invitation",
    "delete_team",
    "end_set_up",
    "end_viewing",
    "found_organisation",
    "invite_member",
    "invite_worker",
    "lift_suspension_of_organisation",
    "lift_suspension_of_person",
    "make_operator",
    "note_key_use",
    "put_wages",
    "recall_key",
    "remove_member",
    "remove_wage",
    "rename_team",
    "revoke_api_key",
    "rotate_api_key",
    "set_languages",
    "set_organisation_fee",
    "set_password",
    "sign_in_with_key",
    "suspend_organisation",
    "suspend_person",
    "update_organisation",
    "update_profile",
    "withdraw_invitation",
    "write_about_fairwork",
]
