"""Which requirement is proved by which tests, and what is still open. tests/test_requirements.py checks both lists."""

from __future__ import annotations

from collections.abc import Mapping

_ADMISSION = "scim/test_admission.py"
_KEYS = "auth/test_keys.py"
_LIFE = "scim/test_lifecycle.py"
_RECORDS = "scim/test_records.py"
_ROLES = "scim/test_roles.py"
_RULES = "provisioning/test_roles.py"
_SEATS = "scim/test_seat_types.py"
_STATES = "scim/test_directory_states.py"

PROVED: Mapping[str, tuple[str, ...]] = {
    "R003": ("scim/test_preconditions.py::test_versions_and_times_change_with_every_change_and_only_then",),
    "R015": (f"{_ADMISSION}::test_a_member_is_linked_by_address_within_the_verified_domains",),
    "R023": (f"{_KEYS}::test_the_three_ends_of_a_key_have_three_texts",),
    "R032": ("commands/test_operating.py::test_connecting_a_directory_answers_what_the_identity_provider_needs",),
    "R035": (f"{_KEYS}::test_only_the_hash_and_the_last_four_letters_are_kept",),
    "R042": ("idp/test_recordings.py::test_the_identity_provider_gets_what_it_needs",),
    "R043": ("scim/test_outside_suites.py::test_scim2_tester_finds_nothing_wrong",),
    "R048": (f"{_STATES}::test_without_new_people_only_members_come",),
    "R049": (f"{_STATES}::test_without_changes_the_member_keeps_name_and_address_and_may_still_be_locked_out",),
    "R052": (
        f"{_STATES}::test_a_pilot_lets_in_a_few_until_it_goes_live",
        f"{_STATES}::test_a_pilot_is_exact_also_when_many_come_at_once",
    ),
    "R054": (f"{_LIFE}::test_a_created_user_is_an_active_member",),
    "R055": (f"{_LIFE}::test_a_changed_name_reaches_the_member",),
    "R056": (f"{_LIFE}::test_deactivation_keeps_the_resource_and_its_member",),
    "R057": (
        f"{_LIFE}::test_reactivation_is_the_same_member",
        f"{_LIFE}::test_a_person_who_returns_is_the_same_member",
        f"{_ROLES}::test_somebody_who_comes_back_has_the_role_of_now",
    ),
    "R058": (f"{_LIFE}::test_deletion_deprovisions_the_member_and_keeps_the_history",),
    "R063": (
        f"{_LIFE}::test_one_person_in_two_organizations_is_one_account_and_two_members",
        f"{_LIFE}::test_an_account_of_another_organization_is_not_shared_before_the_domain_is_verified",
    ),
    "R069": (f"{_ADMISSION}::test_somebody_without_an_address_is_told_which_field_to_map",),
    "R071": (f"{_ADMISSION}::test_an_address_that_must_not_change_does_not",),
    "R072": (f"{_ADMISSION}::test_an_address_may_change_within_the_domains_by_default",),
    "R073": (f"{_ADMISSION}::test_only_people_of_the_verified_domains_come_in",),
    "R074": (f"{_ROLES}::test_a_role_comes_with_membership_and_goes_with_it",),
    "R075": (f"{_ROLES}::test_a_role_comes_with_membership_and_goes_with_it",),
    "R091": (
        f"{_SEATS}::test_a_nested_object_chooses_the_seat",
        f"{_SEATS}::test_a_path_with_the_urn_chooses_the_seat",
    ),
    "R093": (
        f"{_ADMISSION}::test_a_domain_has_one_spelling",
        f"{_ADMISSION}::test_what_nobody_owns_is_no_domain",
    ),
    "R094": (f"{_ADMISSION}::test_only_people_of_the_verified_domains_come_in",),
    "R102": (f"{_ADMISSION}::test_a_domain_is_verified_by_one_organization_only",),
    "R103": (f"{_ROLES}::test_removing_a_group_takes_its_role_away",),
    "R104": (f"{_ROLES}::test_a_renamed_group_keeps_its_mapping",),
    "R107": (f"{_ROLES}::test_groups_are_roles_where_that_was_chosen",),
    "R108": (f"{_ROLES}::test_a_role_comes_with_membership_and_goes_with_it",),
    "R110": (
        f"{_ROLES}::test_removing_a_group_takes_its_role_away",
        f"{_ROLES}::test_leaving_all_mapped_groups_does_what_was_chosen",
    ),
    "R111": (f"{_ROLES}::test_mapping_a_group_changes_its_members_and_nobody_else",),
    "R112": (f"{_ROLES}::test_people_in_no_mapped_group_get_the_default_role",),
    "R113": (f"{_ROLES}::test_a_default_role_above_viewer_needs_a_second_word",),
    "R114": (f"{_ROLES}::test_an_override_ends_when_it_expires_or_is_cleared",),
    "R116": (f"{_RULES}::test_the_effective_role_is_the_highest_of_groups_and_override_for_every_combination",),
    "R117": (f"{_RULES}::test_sales_department_gives_viewer_and_the_selector_says_admin_so_the_person_is_admin",),
    "R118": (
        f"{_RULES}::test_the_selector_says_viewer_and_a_group_gives_account_manager_so_the_person_is_account_manager",
        f"{_ROLES}::test_an_override_raises_and_has_no_effect_below_a_group",
    ),
    "R119": (f"{_RULES}::test_a_mapped_group_below_the_default_role_counts_and_the_default_does_not",),
    "R120": (f"{_ROLES}::test_a_role_comes_with_membership_and_goes_with_it",),
    "R122": (f"{_ROLES}::test_the_directory_can_name_roles_where_that_is_switched_on",),
    "R123": (f"{_ROLES}::test_a_role_is_made_where_it_is_wanted_and_its_key_is_never_used_again",),
    "R125": (
        "scim/test_last_admin.py::test_no_directory_takes_the_last_admin_away",
        "scim/test_last_admin.py::test_two_last_admins_cannot_both_go_at_once",
    ),
    "R128": (f"{_SEATS}::test_no_value_means_the_default",),
    "R129": (f"{_SEATS}::test_other_values_are_refused_with_the_three_that_exist",),
    "R141": (f"{_KEYS}::test_rotation_ends_the_old_key_at_once",),
    "R143": (f"{_KEYS}::test_the_three_ends_of_a_key_have_three_texts",),
    "R148": (f"{_STATES}::test_a_pause_loses_nothing",),
    "R151": (f"{_RECORDS}::test_what_a_request_altered_hangs_on_its_trace_id",),
    "R152": (
        "scim/test_diagnosis.py::test_somebody_who_was_never_sent",
        "scim/test_diagnosis.py::test_somebody_who_was_refused_with_the_request_that_was",
        "scim/test_diagnosis.py::test_somebody_who_is_deactivated_gone_or_suspended",
        "scim/test_diagnosis.py::test_nothing_of_another_organization_is_told",
    ),
    "R155": ("scim/test_diagnosis.py::test_somebody_who_was_never_sent",),
    "R156": (f"{_ADMISSION}::test_an_address_that_must_not_change_does_not",),
}
"""By the number of the requirement: tests as `file::name` below tests/."""

OPEN: Mapping[str, str] = {
    "signing in, just in time, invitations": (
        "R002 R004 R006 R007 R009 R011 R012 R013 R016 R017 R021 R022 R062 R064 R065 R066 R067 R068 R096 R100"
    ),
    "counting and limiting seats, purchases": ("R005 R126 R127 R130 R131 R132 R133 R134 R135 R136 R137 R138 R139 R140"),
    "pages, guides, set-up": (
        "R014 R020 R024 R025 R026 R027 R028 R029 R030 R031 R033 R034 R036 R037 R038 R039 R040 R041 R045 R046 R047 R051"
        " R053 R076 R077 R078 R079 R080 R081 R082 R083 R084 R085 R089 R090 R092 R097 R098 R099 R101 R106 R109 R115"
        " R142 R149 R153 R154 R164"
    ),
    "plans": "R018 R019",
    "mails, webhooks, proof by DNS": "R008 R060 R088",
    "removal after a time, deleting a set-up, drift": (
        "R050 R059 R121 R144 R145 R146 R147 R157 R158 R159 R160 R161 R162 R163"
    ),
    "proved in parts only": "R001 R010 R044 R061 R070 R086 R087 R095 R105 R124 R150 R165",
}
"""What is missing, and the requirements that wait for it."""
