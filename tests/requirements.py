"""Which requirement is proved by which tests, and what is still open. tests/test_requirements.py checks both lists."""

from __future__ import annotations

from collections.abc import Mapping

_ACCESS = "members/test_access.py"
_ACCESS_GROUPS = "scim/test_access_groups.py"
_ADMISSION = "scim/test_admission.py"
_CONNECTIONS = "identity/oidc/test_connections.py"
_CONTENTION = "scim/test_contention.py"
_DELETIONS = "scim/test_deletions.py"
_DIAGNOSIS = "scim/test_diagnosis.py"
_DIRECTORY_STATES = "scim/test_directory_states.py"
_DRIFT = "scim/test_drift.py"
_IMPORTS = "members/test_imports.py"
_INVITATIONS = "members/test_invitations.py"
_JIT = "sign_in/test_jit.py"
_KEYS = "auth/test_keys.py"
_LANDING = "identity/oidc/test_landing.py"
_LIFECYCLE = "scim/test_lifecycle.py"
_MAINTENANCE = "scim/test_maintenance.py"
_PLANS = "scim/test_plans.py"
_PREVIEWS = "scim/test_previews.py"
_PROFILES = "members/test_profiles.py"
_PROVISIONING_ROLES = "provisioning/test_roles.py"
_SAML = "identity/saml/test_flow.py"
_SCIM_ROLES = "scim/test_roles.py"
_INVOICES = "billing/test_invoices.py"
_SEATS = "scim/test_seats.py"
_SETTLEMENTS = "billing/test_settlements.py"
_SEAT_TYPES = "scim/test_seat_types.py"
_SIGN_INS = "members/test_sign_ins.py"
_STORIES = "scim/test_stories.py"
_WEBHOOKS = "webhooks/test_fan_out.py"
_WEBHOOKS_END_TO_END = "webhooks/test_end_to_end.py"
_GUESTS = "graphql/test_guests.py"
_HELP = "dashboard/test_help.py"
_OUTSIDE = "scim/test_outside_suites.py"
_PASSWORDS = "identity/test_passwords.py"
_NAVIGATION = "dashboard/test_navigation.py"
_PROVISIONING_PAGES = "dashboard/test_provisioning.py"
_PEOPLE_ROWS = "dashboard/test_people_rows.py"
_PORTAL = "dashboard/test_portal.py"
_SETUP = "dashboard/test_setup.py"
_ATTRIBUTES = "dashboard/test_attributes.py"
_CATALOGUE = "provisioning/test_attribute_catalogue.py"
_DIRECTORY_PAGE = "dashboard/test_directory.py"
_IN_BROWSERS = "browser/test_set_up.py"
_MEMBER_EDIT = "dashboard/test_member_edit.py"
_NOTES = "graphql/test_attributes.py"

PROVED: Mapping[str, tuple[str, ...]] = {
    "R001": (f"{_STORIES}::test_an_identity_provider_creates_updates_and_deactivates_without_a_person",),
    "R002": (f"{_SIGN_INS}::test_each_way_can_be_switched_off_alone",),
    "R003": ("scim/test_preconditions.py::test_versions_and_times_change_with_every_change_and_only_then",),
    "R004": (
        f"{_SIGN_INS}::test_the_first_sign_in_makes_a_member_and_the_next_one_updates_the_name",
        f"{_LANDING}::test_the_first_sign_in_makes_a_member_and_the_next_one_updates_the_name",
        f"{_JIT}::test_the_first_sign_in_makes_a_member_and_the_next_one_updates_the_name",
        f"{_JIT}::test_a_sign_in_that_failed_changes_nothing",
    ),
    "R005": (
        f"{_SEATS}::test_people_get_the_seat_that_was_sent_or_else_a_full_one",
        f"{_SEATS}::test_the_seat_table_of_the_first_source",
    ),
    "R006": (
        f"{_SIGN_INS}::test_signing_in_gives_full_seats_only",
        f"{_JIT}::test_seats_groups_and_roles_never_come_by_signing_in",
    ),
    "R007": (
        f"{_SIGN_INS}::test_a_full_house_is_full_for_those_who_sign_in",
        f"{_SEATS}::test_a_full_house_buys_the_seat_that_is_needed",
        f"{_JIT}::test_a_full_house_refuses_or_lets_wait_or_buys",
    ),
    "R008": (
        f"{_WEBHOOKS}::test_a_deactivation_is_an_end_of_access_with_a_deadline_and_a_receipt",
        f"{_WEBHOOKS_END_TO_END}::test_access_that_a_directory_takes_ends_in_the_application",
    ),
    "R009": (
        f"{_ACCESS}::test_a_member_by_signing_in_is_deactivated_by_hand",
        f"{_SIGN_INS}::test_signing_in_brings_nobody_back",
        f"{_JIT}::test_signing_in_brings_nobody_back",
    ),
    "R010": (f"{_STORIES}::test_an_identity_provider_creates_updates_and_deactivates_without_a_person",),
    "R011": (f"{_ACCESS}::test_support_removes_who_came_by_signing_in",),
    "R012": (
        f"{_SIGN_INS}::test_groups_and_roles_never_come_by_signing_in",
        f"{_JIT}::test_seats_groups_and_roles_never_come_by_signing_in",
        f"{_SAML}::test_somebody_new_becomes_a_member_and_is_sent_where_they_wanted",
    ),
    "R013": (
        f"{_SIGN_INS}::test_signing_in_brings_nobody_back",
        f"{_SIGN_INS}::test_no_sign_in_ever_takes_a_member_away",
        "sign_in/test_hostile_calls.py::test_whatever_is_said_nobody_is_lost",
    ),
    "R014": (f"{_PROVISIONING_PAGES}::test_scim_and_just_in_time_are_compared_in_eight_rows",),
    "R015": (
        f"{_ADMISSION}::test_a_member_is_linked_by_address_within_the_verified_domains",
        f"{_IMPORTS}::test_a_directory_finds_whom_it_brings_later",
        f"{_INVITATIONS}::test_a_directory_that_brings_the_invited_lets_them_in",
        f"{_SIGN_INS}::test_a_member_by_signing_in_is_linked_when_a_directory_brings_them",
        "provisioning/test_plan.py::test_a_directory_takes_over_whom_it_links",
    ),
    "R016": (
        f"{_SIGN_INS}::test_both_ways_act_on_one_member",
        f"{_LANDING}::test_a_member_whom_scim_brought_is_found_by_address_and_stays_as_scim_says",
    ),
    "R017": (f"{_SIGN_INS}::test_each_way_can_be_switched_off_alone",),
    "R018": (
        "provisioning/test_plan_catalogue.py::test_a_feature_is_part_of_the_plan_or_granted_where_it_is_an_add_on",
        "provisioning/test_plan_catalogue.py::test_who_lacks_a_feature_is_told_who_has_it_and_whom_to_ask",
        f"{_PLANS}::test_a_directory_needs_a_plan_that_has_scim",
        f"{_PLANS}::test_every_request_of_an_organization_without_scim_is_refused",
    ),
    "R019": (
        "provisioning/test_plan_catalogue.py::test_a_feature_is_part_of_the_plan_or_granted_where_it_is_an_add_on",
        f"{_PLANS}::test_growth_needs_the_add_on_that_the_operator_grants",
    ),
    "R020": (f"{_HELP}::test_whom_to_ask_stands_where_somebody_is_stuck",),
    "R021": (
        f"{_PLANS}::test_an_organization_that_wants_single_sign_on_first_connects_no_directory",
        f"{_PLANS}::test_each_policy_says_how_far_single_sign_on_has_to_be",
    ),
    "R022": (
        f"{_CONNECTIONS}::test_directories_wait_until_single_sign_on_has_come_as_far_as_it_has_to",
        "identity/test_sessions.py::test_where_sso_is_enforced_other_ways_do_not_let_in_but_break_glass_does_and_is_written_down",
    ),
    "R023": (f"{_KEYS}::test_the_three_ends_of_a_key_have_three_texts",),
    "R024": (
        f"{_PROVISIONING_PAGES}::test_a_viewer_is_told_which_permission_is_missing",
        f"{_NAVIGATION}::test_whoever_may_only_read_has_no_entry_for_what_they_cannot_do",
        "graphql/test_every_operation.py::test_without_its_permission_nothing_is_told_and_nothing_done",
    ),
    "R025": (
        f"{_SETUP}::test_each_guide_has_the_names_of_its_console_and_this_organizations_values",
        f"{_PORTAL}::test_whoever_has_it_connects_a_directory_and_gets_the_key",
    ),
    "R026": (f"{_HELP}::test_pages_of_directories_begin_with_a_plan_that_has_them",),
    "R027": (f"{_HELP}::test_a_request_for_help_reaches_whoever_runs_this",),
    "R028": ("browser/test_every_page.py::test_a_page_is_as_it_should_be",),
    "R029": (f"{_NAVIGATION}::test_the_navigation_shows_every_page_in_order_and_where_one_is",),
    "R030": (
        f"{_SETUP}::test_providers_are_chosen_among_and_the_one_for_all_others_is_last",
        f"{_SETUP}::test_every_provider_that_is_known_can_be_chosen_and_has_a_guide",
    ),
    "R031": (
        f"{_SETUP}::test_providers_are_chosen_among_and_the_one_for_all_others_is_last",
        f"{_PORTAL}::test_a_link_works_once_in_a_clean_browser",
    ),
    "R032": ("commands/test_operating.py::test_connecting_a_directory_answers_what_the_identity_provider_needs",),
    "R033": (
        f"{_DIRECTORY_PAGE}::test_the_url_is_shown_on_every_later_visit_with_a_button_that_copies_it",
        f"{_IN_BROWSERS}::test_the_url_and_the_report_are_written_to_the_clipboard",
    ),
    "R034": (f"{_SETUP}::test_each_guide_has_the_names_of_its_console_and_this_organizations_values",),
    "R035": (f"{_KEYS}::test_only_the_hash_and_the_last_four_letters_are_kept",),
    "R036": (f"{_PROVISIONING_PAGES}::test_a_key_is_replaced_at_once_after_a_question",),
    "R037": (f"{_SETUP}::test_whoever_has_a_saml_app_already_reads_other_steps_without_losing_the_key",),
    "R038": (f"{_SETUP}::test_each_guide_has_the_names_of_its_console_and_this_organizations_values",),
    "R039": (f"{_SETUP}::test_each_guide_has_the_names_of_its_console_and_this_organizations_values",),
    "R040": (f"{_SETUP}::test_entra_begins_with_the_warning_about_the_gallery",),
    "R041": (f"{_DIRECTORY_PAGE}::test_microsofts_article_is_named_where_people_come_from_entra_and_nowhere_else",),
    "R042": ("idp/test_recordings.py::test_the_identity_provider_gets_what_it_needs",),
    "R043": ("scim/test_outside_suites.py::test_scim2_tester_finds_nothing_wrong",),
    "R044": (
        "idp/test_recordings.py::test_the_identity_provider_gets_what_it_needs",
        f"{_OUTSIDE}::test_scim2_tester_finds_nothing_wrong",
        f"{_OUTSIDE}::test_scim_sanity_passes_in_its_strict_mode",
    ),
    "R045": (f"{_SETUP}::test_google_is_fetched_and_its_key_file_is_never_shown",),
    "R046": (
        f"{_PORTAL}::test_a_link_works_once_in_a_clean_browser",
        f"{_PORTAL}::test_a_link_that_is_too_old_says_to_ask_for_a_new_one",
        f"{_PORTAL}::test_a_link_for_domains_leads_to_domains_and_no_further",
        f"{_PORTAL}::test_links_are_listed_and_ended_at_once",
        f"{_GUESTS}::test_no_other_operation_works",
        f"{_GUESTS}::test_each_purpose_runs_its_documents",
    ),
    "R047": (
        f"{_PORTAL}::test_no_other_page_and_no_other_organization_is_there",
        f"{_GUESTS}::test_another_organization_is_not_there",
    ),
    "R048": (f"{_DIRECTORY_STATES}::test_without_new_people_only_members_come",),
    "R049": (
        f"{_DIRECTORY_STATES}::test_without_changes_the_member_keeps_name_and_address_and_may_still_be_locked_out",
    ),
    "R050": (
        "commands/test_governing.py::test_groups_are_marked_from_the_command_line",
        f"{_ACCESS_GROUPS}::test_leaving_the_last_access_group_suspends_and_coming_back_lets_in",
        f"{_ACCESS_GROUPS}::test_newcomers_are_suspended_until_a_group_gives_access",
        f"{_ACCESS_GROUPS}::test_switch_and_mark_count_at_once",
        "scim/test_suspensions.py::test_too_many_suspensions_by_groups_are_held_as_well",
        f"{_DIRECTORY_STATES}::test_who_is_inactive_may_be_let_in_and_is_locked_out_again_at_once",
        f"{_DIRECTORY_STATES}::test_the_switch_locks_out_only_whom_no_other_directory_lets_in",
        f"{_PREVIEWS}::test_policies_and_access_are_previewed_with_whom_they_suspend",
        f"{_SCIM_ROLES}::test_leaving_all_mapped_groups_does_what_was_chosen",
    ),
    "R051": (
        f"{_DIRECTORY_PAGE}::test_counters_rise_while_somebody_looks_on",
        f"{_IN_BROWSERS}::test_the_counter_rises_without_a_reload",
    ),
    "R052": (
        f"{_DIRECTORY_STATES}::test_a_pilot_lets_in_a_few_until_it_goes_live",
        f"{_DIRECTORY_STATES}::test_a_pilot_is_exact_also_when_many_come_at_once",
    ),
    "R053": (
        f"{_MEMBER_EDIT}::test_whom_a_directory_manages_wears_a_badge_and_so_do_their_fields",
        f"{_MEMBER_EDIT}::test_nobody_says_so_of_whom_no_directory_manages",
    ),
    "R054": (f"{_LIFECYCLE}::test_a_created_user_is_an_active_member",),
    "R055": (f"{_LIFECYCLE}::test_a_changed_name_reaches_the_member",),
    "R056": (f"{_LIFECYCLE}::test_deactivation_keeps_the_resource_and_its_member",),
    "R057": (
        f"{_LIFECYCLE}::test_reactivation_is_the_same_member",
        f"{_LIFECYCLE}::test_a_person_who_returns_is_the_same_member",
        f"{_SCIM_ROLES}::test_somebody_who_comes_back_has_the_role_of_now",
        f"{_ADMISSION}::test_the_same_person_comes_back_also_where_linking_is_not_automatic",
    ),
    "R058": (
        f"{_LIFECYCLE}::test_deletion_deprovisions_the_member_and_keeps_the_history",
        f"{_STORIES}::test_who_is_deleted_or_deactivated_in_the_idp_is_deactivated_not_deleted_and_can_be_reactivated",
    ),
    "R059": (
        f"{_ACCESS}::test_nothing_is_left_of_whom_the_operator_erases",
        "scim/test_erasures.py::test_a_member_is_erased_after_the_grace_period_and_not_before",
        "scim/test_erasures.py::test_before_the_grace_is_over_the_person_comes_back",
        "scim/test_erasures.py::test_nothing_of_the_person_is_left_in_the_database",
        f"{_MAINTENANCE}::test_a_pass_does_for_every_organization_what_is_due",
    ),
    "R060": (
        f"{_WEBHOOKS_END_TO_END}::test_access_that_a_directory_takes_ends_in_the_application",
        f"{_WEBHOOKS_END_TO_END}::test_removing_users_and_groups_in_the_directory_revokes_access",
    ),
    "R061": (
        f"{_LIFECYCLE}::test_a_created_user_is_an_active_member",
        f"{_LIFECYCLE}::test_deactivation_keeps_the_resource_and_its_member",
    ),
    "R062": (
        "mail/test_silences.py::test_a_directory_that_falls_silent_is_told_of_once_and_once_when_it_calls_again",
        "scim/test_connections.py::test_a_directory_that_falls_silent_is_stale_until_it_calls_again",
    ),
    "R063": (
        f"{_LIFECYCLE}::test_one_person_in_two_organizations_is_one_account_and_two_members",
        f"{_LIFECYCLE}::test_an_account_of_another_organization_is_not_shared_before_the_domain_is_verified",
        f"{_IMPORTS}::test_accounts_of_other_organizations_are_shared_by_verified_domains_only",
        f"{_SIGN_INS}::test_an_account_of_another_organization_is_shared_by_verified_domains_only",
    ),
    "R064": (
        "identity/test_sessions.py::test_somebody_in_two_organizations_switches_without_signing_in_again",
        "graphql/test_browsers.py::test_whoever_is_in_no_organization_yet_learns_where_they_are_a_member",
    ),
    "R065": (f"{_PASSWORDS}::test_nobody_has_a_password_to_begin_with",),
    "R066": (
        "identity/test_codes.py::test_whoever_has_the_code_is_in",
        "identity/test_codes.py::test_a_code_is_tried_five_times_and_not_once_more",
        "identity/test_codes.py::test_where_codes_are_off_nobody_enters_by_one",
        f"{_PASSWORDS}::test_where_passwords_are_off_nobody_enters_by_one",
        f"{_SAML}::test_somebody_new_becomes_a_member_and_is_sent_where_they_wanted",
    ),
    "R067": (f"{_PASSWORDS}::test_without_sso_the_first_sign_in_is_by_a_forgotten_password",),
    "R068": (
        f"{_PASSWORDS}::test_without_sso_the_first_sign_in_is_by_a_forgotten_password",
        "identity/test_codes.py::test_whoever_has_the_code_is_in",
    ),
    "R069": (f"{_ADMISSION}::test_somebody_without_an_address_is_told_which_field_to_map",),
    "R070": (
        "scim/test_protocol.py::test_names_are_taken_without_regard_to_case",
        f"{_ADMISSION}::test_a_member_is_linked_by_address_within_the_verified_domains",
    ),
    "R071": (f"{_ADMISSION}::test_an_address_that_must_not_change_does_not",),
    "R072": (f"{_ADMISSION}::test_an_address_may_change_within_the_domains_by_default",),
    "R073": (f"{_ADMISSION}::test_only_people_of_the_verified_domains_come_in",),
    "R074": (f"{_SCIM_ROLES}::test_a_role_comes_with_membership_and_goes_with_it",),
    "R075": (f"{_SCIM_ROLES}::test_a_role_comes_with_membership_and_goes_with_it",),
    "R076": ("graphql/test_directory_traffic.py::test_the_catalogue_has_thirteen_rows_of_four_columns",),
    "R077": (
        f"{_CATALOGUE}::test_the_catalogue_has_the_rows_of_the_product",
        f"{_MEMBER_EDIT}::test_each_attribute_shows_under_its_label_as_it_was_sent",
    ),
    "R078": (
        f"{_CATALOGUE}::test_the_catalogue_has_the_rows_of_the_product",
        f"{_MEMBER_EDIT}::test_each_attribute_shows_under_its_label_as_it_was_sent",
    ),
    "R079": (
        f"{_CATALOGUE}::test_the_catalogue_has_the_rows_of_the_product",
        f"{_ATTRIBUTES}::test_the_table_has_thirteen_rows_of_four_names_and_says_what_the_source_lacked",
    ),
    "R080": (
        f"{_CATALOGUE}::test_the_catalogue_has_the_rows_of_the_product",
        f"{_MEMBER_EDIT}::test_each_attribute_shows_under_its_label_as_it_was_sent",
        f"{_NOTES}::test_attributes_come_as_they_were_sent_under_their_labels",
    ),
    "R081": (
        f"{_CATALOGUE}::test_the_catalogue_has_the_rows_of_the_product",
        f"{_ATTRIBUTES}::test_the_table_has_thirteen_rows_of_four_names_and_says_what_the_source_lacked",
    ),
    "R082": (
        f"{_CATALOGUE}::test_the_catalogue_has_the_rows_of_the_product",
        f"{_MEMBER_EDIT}::test_each_attribute_shows_under_its_label_as_it_was_sent",
    ),
    "R083": (
        f"{_CATALOGUE}::test_the_catalogue_has_the_rows_of_the_product",
        f"{_MEMBER_EDIT}::test_each_attribute_shows_under_its_label_as_it_was_sent",
        f"{_NOTES}::test_attributes_come_as_they_were_sent_under_their_labels",
    ),
    "R084": (
        f"{_CATALOGUE}::test_the_catalogue_has_the_rows_of_the_product",
        f"{_MEMBER_EDIT}::test_each_attribute_shows_under_its_label_as_it_was_sent",
    ),
    "R085": (
        f"{_NOTES}::test_a_note_is_edited_and_survives_another_catalogue",
        f"{_ATTRIBUTES}::test_notes_are_written_beside_attributes_and_shown_wherever_they_are_looked_at",
    ),
    "R086": (
        "commands/test_extensions.py::test_a_proposal_waits_is_approved_and_listed_with_its_state",
        "scim/test_custom_attributes.py::test_what_an_admin_proposes_is_in_force_when_the_operator_approves",
    ),
    "R087": (
        "scim/test_profile.py::test_a_full_user_has_a_profile_of_nine_fields",
        f"{_WEBHOOKS}::test_a_new_person_is_one_event_with_everything_about_them",
    ),
    "R088": (
        "scim/test_profile.py::test_the_profile_follows_every_write_and_its_change_tells_old_and_new",
        f"{_WEBHOOKS}::test_what_a_directory_says_of_a_person_is_told_by_the_names_of_openid_connect",
    ),
    "R089": (
        f"{_NOTES}::test_the_address_is_never_unmapped",
        f"{_CATALOGUE}::test_who_somebody_is_and_whether_they_come_in_is_never_left_out",
        f"{_ATTRIBUTES}::test_what_is_left_out_is_told_and_who_somebody_is_cannot_be",
    ),
    "R090": (
        f"{_SETUP}::test_attributes_say_how_many_came_with_them",
        "graphql/test_directory_traffic.py::test_which_attributes_came_with_the_users_that_were_sent",
    ),
    "R091": (
        f"{_SEAT_TYPES}::test_a_nested_object_chooses_the_seat",
        f"{_SEAT_TYPES}::test_a_path_with_the_urn_chooses_the_seat",
    ),
    "R092": (f"{_SETUP}::test_seats_are_told_in_both_notations_and_what_happens_without",),
    "R093": (
        f"{_ADMISSION}::test_a_domain_has_one_spelling",
        f"{_ADMISSION}::test_what_nobody_owns_is_no_domain",
    ),
    "R094": (f"{_ADMISSION}::test_only_people_of_the_verified_domains_come_in",),
    "R095": (
        f"{_ADMISSION}::test_only_people_of_the_verified_domains_come_in",
        f"{_ADMISSION}::test_subdomains_count_where_that_was_chosen",
    ),
    "R096": (
        "commands/test_joining.py::test_somebody_is_invited_accepts_and_is_shown_as_external",
        f"{_IMPORTS}::test_people_are_imported_with_seat_role_and_history",
        f"{_INVITATIONS}::test_somebody_from_outside_is_invited_and_accepts",
    ),
    "R097": (f"{_NAVIGATION}::test_links_lead_to_every_page_of_an_organization_and_none_nowhere",),
    "R098": (
        "dashboard/test_operating.py::test_a_domain_is_registered_proved_and_removed",
        "dns/test_domain_proofs.py::test_what_is_published_proves",
        "dns/test_domain_proofs.py::test_what_is_found_instead_is_quoted",
    ),
    "R099": ("dashboard/test_security.py::test_signing_in_makes_members_only_once_that_is_saved",),
    "R100": (
        f"{_SIGN_INS}::test_an_address_of_an_unverified_domain_does_not_join_by_signing_in",
        f"{_LANDING}::test_an_address_counts_only_where_its_domain_is_verified",
        f"{_JIT}::test_only_verified_domains_bring_somebody_new",
        f"{_SAML}::test_whom_the_domain_does_not_cover",
    ),
    "R101": (f"{_DIAGNOSIS}::test_somebody_who_was_refused_with_the_request_that_was",),
    "R102": (f"{_ADMISSION}::test_a_domain_is_verified_by_one_organization_only",),
    "R103": (f"{_SCIM_ROLES}::test_removing_a_group_takes_its_role_away",),
    "R104": (f"{_SCIM_ROLES}::test_a_renamed_group_keeps_its_mapping",),
    "R105": (
        "scim/test_groups.py::test_members_can_be_left_out_of_single_groups_and_of_lists",
        "scim/test_groups.py::test_members_that_are_left_out_are_not_read",
    ),
    "R106": (
        "dashboard/test_groups.py::test_no_groups_yet_says_how_they_come",
        "dashboard/test_groups.py::test_groups_are_found_by_name_and_by_whether_they_are_mapped",
    ),
    "R107": (f"{_SCIM_ROLES}::test_groups_are_roles_where_that_was_chosen",),
    "R108": (
        f"{_SCIM_ROLES}::test_a_role_comes_with_membership_and_goes_with_it",
        f"{_STORIES}::test_a_person_changes_departments_and_the_role_goes_with_the_group",
    ),
    "R109": (f"{_SETUP}::test_each_guide_says_how_users_and_groups_are_assigned",),
    "R110": (
        f"{_SCIM_ROLES}::test_removing_a_group_takes_its_role_away",
        f"{_SCIM_ROLES}::test_leaving_all_mapped_groups_does_what_was_chosen",
        f"{_ACCESS_GROUPS}::test_the_end_of_an_access_group_suspends_those_whom_only_it_let_in",
    ),
    "R111": (
        f"{_SCIM_ROLES}::test_mapping_a_group_changes_its_members_and_nobody_else",
        f"{_CONTENTION}::test_a_mapping_that_changes_while_a_directory_fills_the_group",
        f"{_PREVIEWS}::test_several_groups_are_mapped_at_once",
    ),
    "R112": (
        f"{_SCIM_ROLES}::test_people_in_no_mapped_group_get_the_default_role",
        f"{_PROVISIONING_ROLES}::test_people_in_no_mapped_group_get_the_default_role",
        f"{_STORIES}::test_all_users_that_are_not_in_one_of_these_groups_inherit_the_default_role",
    ),
    "R113": (
        f"{_SCIM_ROLES}::test_a_default_role_above_viewer_needs_a_second_word",
        f"{_PREVIEWS}::test_a_default_above_viewer_is_previewed_with_a_warning_and_done_by_a_second_word",
        f"{_STORIES}::test_all_users_that_are_not_in_one_of_these_groups_inherit_the_default_role",
    ),
    "R114": (
        f"{_SCIM_ROLES}::test_an_override_ends_when_it_expires_or_is_cleared",
        f"{_PROVISIONING_ROLES}::test_an_expired_override_does_nothing_and_says_so",
        f"{_MAINTENANCE}::test_a_pass_does_for_every_organization_what_is_due",
        f"{_PREVIEWS}::test_overrides_are_chosen_for_many_at_once_and_cleared",
        f"{_SCIM_ROLES}::test_an_override_raises_and_has_no_effect_below_a_group",
    ),
    "R115": (
        f"{_PEOPLE_ROWS}::test_a_role_is_chosen_in_the_row_by_a_form_with_a_button",
        f"{_PEOPLE_ROWS}::test_what_is_refused_is_told_in_the_row_which_keeps_what_it_had",
        "browser/test_keys_and_rows.py::test_a_role_is_chosen_in_the_row_and_the_focus_stays",
    ),
    "R116": (
        f"{_PROVISIONING_ROLES}::test_the_effective_role_is_the_highest_of_groups_and_override_for_every_combination",
        f"{_SCIM_ROLES}::test_a_group_below_the_default_role_lowers_and_the_highest_of_several_counts",
    ),
    "R117": (
        f"{_PROVISIONING_ROLES}::test_sales_department_gives_viewer_and_the_selector_says_admin_so_the_person_is_admin",
        f"{_SCIM_ROLES}::test_an_override_raises_and_has_no_effect_below_a_group",
        f"{_STORIES}::test_sales_department_is_mapped_to_viewer_but_the_selector_grants_admin_so_they_are_an_admin",
    ),
    "R118": (
        f"{_PROVISIONING_ROLES}::test_the_selector_says_viewer_and_a_group_gives_account_manager_so_the_person_is_account_manager",
        f"{_SCIM_ROLES}::test_an_override_raises_and_has_no_effect_below_a_group",
        f"{_STORIES}::test_viewer_is_selected_and_a_group_grants_account_manager_so_they_are_an_account_manager",
        f"{_PEOPLE_ROWS}::test_a_choice_below_what_a_group_gives_has_no_effect_and_the_row_says_so",
    ),
    "R119": (
        f"{_PROVISIONING_ROLES}::test_a_mapped_group_below_the_default_role_counts_and_the_default_does_not",
        f"{_SCIM_ROLES}::test_a_group_below_the_default_role_lowers_and_the_highest_of_several_counts",
    ),
    "R120": (
        f"{_SCIM_ROLES}::test_a_role_comes_with_membership_and_goes_with_it",
        f"{_STORIES}::test_a_person_changes_departments_and_the_role_goes_with_the_group",
    ),
    "R121": (
        "commands/test_drift.py::test_drift_is_shown_and_fixed",
        f"{_DRIFT}::test_what_was_forced_into_the_database_is_listed_and_put_right",
        f"{_DRIFT}::test_a_daily_look_is_remembered_with_what_it_found",
    ),
    "R122": (
        f"{_SCIM_ROLES}::test_the_directory_can_name_roles_where_that_is_switched_on",
        f"{_PROVISIONING_ROLES}::test_the_directory_s_attribute_is_a_source_like_a_group",
    ),
    "R123": (f"{_SCIM_ROLES}::test_a_role_is_made_where_it_is_wanted_and_its_key_is_never_used_again",),
    "R124": (
        f"{_PREVIEWS}::test_a_role_is_archived_after_a_preview_for_all_who_had_it_with_one_entry",
        f"{_SCIM_ROLES}::test_a_role_is_archived_with_a_replacement_for_all_who_had_it",
    ),
    "R125": (
        "scim/test_last_admin.py::test_no_directory_takes_the_last_admin_away",
        "scim/test_last_admin.py::test_two_last_admins_cannot_both_go_at_once",
        f"{_ACCESS}::test_the_last_admin_goes_by_the_operator_only",
        f"{_ACCESS_GROUPS}::test_no_switch_and_no_mark_takes_the_last_admin_away",
        f"{_DELETIONS}::test_the_last_admin_stays_whatever_is_chosen",
        "mail/test_causes.py::test_who_would_have_locked_everybody_out_is_told_to_those_who_watch",
    ),
    "R126": (
        f"{_SEATS}::test_people_get_the_seat_that_was_sent_or_else_a_full_one",
        f"{_SEATS}::test_the_default_is_the_organizations",
    ),
    "R127": (f"{_SEATS}::test_people_get_the_seat_that_was_sent_or_else_a_full_one",),
    "R128": (
        f"{_SEAT_TYPES}::test_no_value_means_the_default",
        f"{_SEATS}::test_people_get_the_seat_that_was_sent_or_else_a_full_one",
    ),
    "R129": (f"{_SEAT_TYPES}::test_other_values_are_refused_with_the_three_that_exist",),
    "R130": (
        "billing/test_caps.py::test_seats_of_two_types_bought_at_once_stay_within_one_cap",
        "billing/test_caps.py::test_a_provider_that_wants_more_than_somebody_accepted_gets_nothing",
        "billing/test_host.py::test_a_purchase_is_reserved_and_charged_by_the_host_application",
        "billing/test_stripe.py::test_a_purchase_raises_the_quantity_and_is_prorated_on_the_next_invoice",
        f"{_CONTENTION}::test_no_more_is_bought_at_once_than_somebody_accepted",
        f"{_SETTLEMENTS}::test_a_purchase_is_reserved_with_the_seat_and_confirmed_by_a_worker",
        f"{_SETTLEMENTS}::test_a_refusal_takes_nothing_from_anybody_and_is_tried_again_by_hand",
        f"{_SEATS}::test_a_full_house_buys_the_seat_that_is_needed",
        f"{_STORIES}::test_seats_are_purchased_when_the_limit_is_reached_and_charged_from_the_date_they_were_added",
    ),
    "R131": (
        f"{_SEATS}::test_people_get_the_seat_that_was_sent_or_else_a_full_one",
        f"{_SEATS}::test_a_full_house_buys_the_seat_that_is_needed",
    ),
    "R132": (
        "mail/test_purchase_summaries.py::test_five_seats_bought_in_a_batch_are_one_mail_that_lists_five",
        "mail/test_purchase_summaries.py::test_nothing_bought_is_nothing_sent",
        "mail/test_purchase_summaries.py::test_a_worker_that_dies_in_the_middle_has_told_nobody",
    ),
    "R133": (
        f"{_INVOICES}::test_what_was_added_in_a_period_is_on_its_invoice_from_that_day_on",
        f"{_INVOICES}::test_a_period_is_called_by_the_month_in_which_it_begins",
        "billing/test_stripe.py::test_a_purchase_raises_the_quantity_and_is_prorated_on_the_next_invoice",
        "provisioning/test_proration.py::test_ten_days_into_a_month_of_thirty_two_thirds_of_the_price_are_left",
        "provisioning/test_proration.py::test_a_line_costs_the_days_that_are_left",
        f"{_SEATS}::test_a_full_house_buys_the_seat_that_is_needed",
        f"{_STORIES}::test_seats_are_purchased_when_the_limit_is_reached_and_charged_from_the_date_they_were_added",
    ),
    "R134": (
        f"{_CONTENTION}::test_of_four_hundred_who_may_wait_three_hundred_do",
        f"{_SEATS}::test_nobody_gets_in_when_all_seats_are_taken_and_the_answer_says_what_to_do",
        f"{_SEATS}::test_who_waits_gets_the_seat_that_becomes_free_in_the_same_request",
        f"{_SEATS}::test_a_guest_seat_bridges_the_time_until_a_full_one_is_free",
        f"{_SEATS}::test_more_than_there_are_is_allowed_where_that_was_chosen",
    ),
    "R135": (
        "provisioning/test_thresholds.py::test_usage_reaches_the_next_whole_seat_of_a_percentage",
        "provisioning/test_thresholds.py::test_a_change_of_usage_or_limit_raises_and_clears",
        "provisioning/test_thresholds.py::test_raising_and_clearing_alternate",
        f"{_MAINTENANCE}::test_the_seats_of_a_day_are_remembered_as_often_as_they_change",
        f"{_SEATS}::test_thresholds_are_raised_once_for_each_crossing",
        f"{_SEATS}::test_a_day_is_remembered_as_it_ended",
        "mail/test_causes.py::test_a_threshold_is_told_once_for_each_crossing",
    ),
    "R136": (
        "mail/test_causes.py::test_whom_an_organization_asks_stands_below_its_mails",
        f"{_HELP}::test_whom_to_ask_stands_where_somebody_is_stuck",
    ),
    "R137": (
        f"{_SEATS}::test_a_seat_is_free_again_after_deactivation_and_after_deletion",
        "graphql/test_billing.py::test_seats_that_nobody_needs_are_suggested_to_be_given_back",
    ),
    "R138": (
        f"{_PROFILES}::test_another_seat_type_takes_another_seat_or_is_refused",
        f"{_CONTENTION}::test_seats_of_two_types_change_hands_at_once",
        f"{_SEATS}::test_another_type_of_seat_is_taken_before_the_old_one_is_given_back",
    ),
    "R139": (
        f"{_CONTENTION}::test_of_four_hundred_who_want_a_hundred_seats_a_hundred_get_one",
        f"{_CONTENTION}::test_of_four_hundred_who_may_wait_three_hundred_do",
        f"{_CONTENTION}::test_no_more_is_bought_at_once_than_somebody_accepted",
        f"{_SEATS}::test_two_creates_for_the_last_seat_give_it_to_one",
    ),
    "R140": (
        f"{_ACCESS}::test_letting_somebody_in_needs_a_seat",
        f"{_IMPORTS}::test_people_are_imported_with_seat_role_and_history",
        f"{_IMPORTS}::test_at_the_limit_as_many_come_as_there_are_seats",
        f"{_INVITATIONS}::test_somebody_from_outside_is_invited_and_accepts",
        f"{_INVITATIONS}::test_an_invitation_needs_a_seat",
        f"{_INVITATIONS}::test_a_directory_that_brings_the_invited_lets_them_in",
        f"{_PROFILES}::test_another_seat_type_takes_another_seat_or_is_refused",
        f"{_SIGN_INS}::test_a_full_house_is_full_for_those_who_sign_in",
        "scim/test_waiting.py::test_undone_removals_find_no_more_guest_seats_than_there_are",
    ),
    "R141": (f"{_KEYS}::test_rotation_ends_the_old_key_at_once",),
    "R142": (
        f"{_PROVISIONING_PAGES}::test_a_second_key_is_shown_once_and_its_use_is_proved",
        f"{_PROVISIONING_PAGES}::test_a_key_that_replaces_another_is_waited_for_until_it_is_used",
    ),
    "R143": (f"{_KEYS}::test_the_three_ends_of_a_key_have_three_texts",),
    "R144": (f"{_DELETIONS}::test_each_choice_does_to_people_what_it_says",),
    "R145": (
        "commands/test_operating.py::test_directories_are_listed_with_their_health",
        "provisioning/test_health.py::test_silence_is_told_with_the_choices_for_whom_it_abandoned",
        "scim/test_connections.py::test_somebody_who_is_missing_is_told_that_the_directory_is_silent",
        f"{_DRIFT}::test_people_whom_nobody_manages_are_listed_with_the_reason",
    ),
    "R146": (
        "commands/test_deletions.py::test_a_deletion_shows_what_it_would_do_wants_a_choice_and_the_name",
        f"{_DELETIONS}::test_each_choice_does_to_people_what_it_says",
        f"{_DELETIONS}::test_the_preview_says_what_each_choice_would_do_and_does_nothing",
    ),
    "R147": (
        "commands/test_deletions.py::test_a_deleted_directory_is_listed_apart_and_restored_with_a_key",
        f"{_MAINTENANCE}::test_a_pass_does_for_every_organization_what_is_due",
        "scim/test_restorations.py::test_a_restored_directory_has_its_people_again",
        "scim/test_restorations.py::test_on_day_31_there_is_nothing_to_restore",
        "scim/test_restorations.py::test_a_purge_leaves_members_and_requests",
    ),
    "R148": (f"{_DIRECTORY_STATES}::test_a_pause_loses_nothing",),
    "R149": (
        "provisioning/test_health.py::test_a_wrong_path_is_named_with_the_right_url",
        "scim/test_connections.py::test_a_wrong_path_with_a_valid_key_is_hinted_at_for_a_day",
    ),
    "R150": (
        f"{_ATTRIBUTES}::test_a_wrong_path_is_hinted_at_and_attributes_are_looked_at_from_there",
        "graphql/test_directory_traffic.py::test_which_attributes_came_with_the_users_that_were_sent",
    ),
    "R151": ("scim/test_records.py::test_what_a_request_altered_hangs_on_its_trace_id",),
    "R152": (
        f"{_DIAGNOSIS}::test_somebody_who_was_never_sent",
        f"{_DIAGNOSIS}::test_somebody_who_was_refused_with_the_request_that_was",
        f"{_DIAGNOSIS}::test_somebody_who_is_deactivated_gone_or_suspended",
        f"{_DIAGNOSIS}::test_nothing_of_another_organization_is_told",
        f"{_ACCESS_GROUPS}::test_whoever_looks_for_them_reads_why",
        "scim/test_connections.py::test_somebody_who_is_missing_is_told_that_the_directory_is_silent",
        f"{_DIAGNOSIS}::test_somebody_who_waits_for_a_seat_is_told_what_they_wait_for",
        f"{_DIAGNOSIS}::test_somebody_who_found_no_seat_was_refused",
        f"{_DIAGNOSIS}::test_somebody_whose_removal_is_on_hold_is_here",
    ),
    "R153": (
        f"{_DIRECTORY_PAGE}::test_a_report_has_trace_ids_and_neither_keys_nor_people_beyond_the_address",
        f"{_IN_BROWSERS}::test_the_url_and_the_report_are_written_to_the_clipboard",
    ),
    "R154": (
        f"{_HELP}::test_help_tells_of_the_policies_in_force",
        f"{_HELP}::test_help_tells_another_thing_for_every_choice",
    ),
    "R155": (f"{_DIAGNOSIS}::test_somebody_who_was_never_sent",),
    "R156": (f"{_ADMISSION}::test_an_address_that_must_not_change_does_not",),
    "R157": (f"{_PROFILES}::test_the_last_write_wins_and_the_history_says_whose_it_was",),
    "R158": (
        f"{_PROFILES}::test_the_last_write_wins_and_the_history_says_whose_it_was",
        "provisioning/test_local_edits.py::test_an_edit_stays_while_the_directory_says_nothing_new",
        "provisioning/test_local_edits.py::test_a_new_value_of_the_directory_replaces_an_edit",
        f"{_DRIFT}::test_fields_that_were_edited_here_are_told_and_stay",
    ),
    "R159": (
        f"{_ACCESS}::test_only_the_directory_takes_access_where_that_was_chosen",
        f"{_PROFILES}::test_only_the_directory_edits_its_people_where_that_was_chosen",
    ),
    "R160": (
        "commands/test_row_files.py::test_people_are_imported_previewed_and_updated_by_files",
        "members/test_bulk_updates.py::test_of_a_thousand_rows_three_are_bad_and_the_rest_is_done_once",
        "members/test_bulk_updates.py::test_a_job_that_is_interrupted_goes_on_where_it_was",
    ),
    "R161": (f"{_PROFILES}::test_every_kind_of_actor_is_labelled",),
    "R162": (f"{_DRIFT}::test_fields_that_were_edited_here_are_told_and_stay",),
    "R163": (
        f"{_HELP}::test_a_suggestion_is_shown_until_it_is_dismissed",
        "commands/test_joining.py::test_an_organization_is_shown_with_how_its_people_came",
        "members/test_overview.py::test_ways_are_counted_as_people_came",
    ),
    "R164": (
        "members/test_overview.py::test_a_directory_is_suggested_to_those_who_are_many",
        f"{_HELP}::test_a_suggestion_is_shown_until_it_is_dismissed",
    ),
    "R165": (
        "test_architecture.py::test_a_planted_violation_is_found",
        "test_architecture.py::test_every_contract_has_a_planted_violation",
    ),
}
"""By the number of the requirement: tests as `file::name` below tests/."""

OPEN: Mapping[str, str] = {}
"""What is missing, and the requirements that wait for it."""
