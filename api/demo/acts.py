"""What people do by hand in the demo, as GraphQL documents; each has one field."""

from __future__ import annotations

_ERRORS = "userErrors { message }"

POLICY = f"""mutation($o: ID!, $input: PolicyUpdateInput!) {{
  policyUpdate(organizationId: $o, input: $input) {{ {_ERRORS} }} }}"""
CONTACT = f"""mutation($o: ID!, $input: MailContactInput!) {{
  mailContactAdd(organizationId: $o, input: $input) {{ {_ERRORS} }} }}"""
ROLE = f"""mutation($o: ID!, $name: String!, $above: ID) {{
  roleCreate(organizationId: $o, name: $name, aboveRoleId: $above) {{ roles {{ id key }} {_ERRORS} }} }}"""
ROLES = "query($o: ID!) { organization(id: $o) { roles { id key } } }"
PERMISSIONS = (
    f"mutation($id: ID!, $named: [String!]!) {{ rolePermissionsSet(id: $id, permissions: $named) {{ {_ERRORS} }} }}"
)
GROUPS = "query($o: ID!) { organization(id: $o) { groups(first: 100) { nodes { id displayName directory { id } } } } }"
PREVIEW = "query($input: PreviewInput!) { preview(input: $input) { token } }"
MAP = f"""mutation($o: ID!, $mappings: [MappingInput!]!, $seen: String!) {{
  groupMappingsSet(organizationId: $o, mappings: $mappings, previewToken: $seen) {{ {_ERRORS} }} }}"""
MARK = f"""mutation($id: ID!, $seen: String) {{
  groupMark(id: $id, givesAccess: true, previewToken: $seen) {{ {_ERRORS} }} }}"""
DIRECTORY = f"""mutation($o: ID!, $name: String!, $provider: Provider!) {{
  directoryCreate(organizationId: $o, input: {{ name: $name, provider: $provider }}) {{
    secret directory {{ id }} {_ERRORS} }} }}"""
DIRECTORY_CHANGE = f"""mutation($id: ID!, $input: DirectoryUpdateInput!, $seen: String) {{
  directoryUpdate(id: $id, input: $input, previewToken: $seen) {{ {_ERRORS} }} }}"""
KEY = f"""mutation($id: ID!, $days: Int) {{
  directoryKeyRotate(id: $id, expiresInDays: $days, overlapHours: 0) {{ secret {_ERRORS} }} }}"""
CONNECTION = f"""mutation($o: ID!, $input: SsoConnectionCreateInput!) {{
  ssoConnectionCreate(organizationId: $o, input: $input) {{ connection {{ id }} {_ERRORS} }} }}"""
ACTIVATE = f"""mutation($id: ID!) {{
  ssoConnectionActivate(id: $id) {{ {_ERRORS} }} }}"""
SWITCH_OFF = f"mutation($id: ID!) {{ ssoConnectionSwitchOff(id: $id) {{ {_ERRORS} }} }}"
ENDPOINT = f"""mutation($o: ID!, $input: WebhookEndpointCreateInput!) {{
  webhookEndpointCreate(organizationId: $o, input: $input) {{ {_ERRORS} }} }}"""
TOKEN = f"""mutation($o: ID!, $input: ApiTokenCreateInput!) {{
  apiTokenCreate(organizationId: $o, input: $input) {{ {_ERRORS} }} }}"""
CAP = f"""mutation($o: ID!, $cap: MinorUnits!) {{
  spendingCapAccept(organizationId: $o, monthlyCap: $cap) {{ {_ERRORS} }} }}"""
INVITE = f"""mutation($o: ID!, $input: MemberInviteInput!) {{
  memberInvite(organizationId: $o, input: $input) {{ token {_ERRORS} }} }}"""
OVERRIDE = f"""mutation($ref: MemberRef!, $role: ID!, $reason: String!, $until: DateTime) {{
  memberRoleOverrideSet(ref: $ref, roleId: $role, reason: $reason, expiresAt: $until) {{ {_ERRORS} }} }}"""
RENAME = f"""mutation($ref: MemberRef!, $input: MemberUpdateInput!) {{
  memberUpdate(ref: $ref, input: $input) {{ {_ERRORS} }} }}"""
DEACTIVATE = f"""mutation($ref: MemberRef!, $reason: String) {{
  memberDeactivate(ref: $ref, reason: $reason) {{ {_ERRORS} }} }}"""
DOMAIN = f"""mutation($o: ID!, $name: String!) {{
  domainAdd(organizationId: $o, name: $name) {{ {_ERRORS} }} }}"""
