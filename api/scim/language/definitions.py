"""The schemas that Rollcall speaks: User, Group, enterprise User (RFC 7643 §4, §8.7), and the seat-type extension."""

from __future__ import annotations

from .schemas import (
    CORE,
    EXTENSION,
    Attribute,
    Mutability,
    ResourceType,
    Returned,
    Schema,
    Type,
    Uniqueness,
)

ENTERPRISE_URN = EXTENSION + "enterprise:2.0:User"
SEAT_TYPES = ("full", "lite", "free")
SEAT_TYPE_NAME = "SeatType"


def _plural(name: str, description: str, *types: str, value: Attribute | None = None) -> Attribute:
    """A multi-valued complex attribute with the default sub-attributes of RFC 7643 §2.4."""
    return Attribute(
        name,
        Type.COMPLEX,
        description,
        multi_valued=True,
        sub_attributes=(
            value or Attribute("value", description=f"The value of one of the {name}."),
            Attribute("display", description="A name for people to read."),
            Attribute("type", description="What the value is for.", canonical_values=types),
            Attribute("primary", Type.BOOLEAN, "Whether this is the preferred value; true for at most one."),
        ),
    )


NAME = Attribute(
    "name",
    Type.COMPLEX,
    "The parts of the person's real name.",
    sub_attributes=(
        Attribute("formatted", description="The full name as it is displayed."),
        Attribute("familyName", description="The family name."),
        Attribute("givenName", description="The given name."),
        Attribute("middleName", description="The middle names."),
        Attribute("honorificPrefix", description="Titles before the name."),
        Attribute("honorificSuffix", description="Suffixes after the name."),
    ),
)

ADDRESSES = Attribute(
    "addresses",
    Type.COMPLEX,
    "Postal addresses.",
    multi_valued=True,
    sub_attributes=(
        Attribute("formatted", description="The full address as it is displayed."),
        Attribute("streetAddress", description="Street and house number."),
        Attribute("locality", description="City."),
        Attribute("region", description="State or region."),
        Attribute("postalCode", description="Postal code."),
        Attribute("country", description="Country."),
        Attribute("type", description="What the address is for.", canonical_values=("work", "home", "other")),
        Attribute("primary", Type.BOOLEAN, "Whether this is the preferred address; true for at most one."),
    ),
)

USER_GROUPS = Attribute(
    "groups",
    Type.COMPLEX,
    "The groups of which the user is a direct member.",
    multi_valued=True,
    mutability=Mutability.READ_ONLY,
    sub_attributes=(
        Attribute("value", description="The group's id.", case_exact=True, mutability=Mutability.READ_ONLY),
        Attribute(
            "$ref",
            Type.REFERENCE,
            "The group's URL.",
            case_exact=True,
            mutability=Mutability.READ_ONLY,
            reference_types=("Group",),
        ),
        Attribute("display", description="The group's name.", mutability=Mutability.READ_ONLY),
        Attribute(
            "type",
            description="How the user belongs to the group.",
            mutability=Mutability.READ_ONLY,
            canonical_values=("direct", "indirect"),
        ),
    ),
)

USER = Schema(
    CORE + "User",
    "User",
    "A person.",
    (
        Attribute(
            "userName",
            description="The name by which the identity provider knows the user; unique, compared without case.",
            required=True,
            uniqueness=Uniqueness.SERVER,
        ),
        NAME,
        Attribute("displayName", description="The name shown to people."),
        Attribute("nickName", description="What the person likes to be called."),
        Attribute(
            "profileUrl", Type.REFERENCE, "A page about the user.", case_exact=True, reference_types=("external",)
        ),
        Attribute("title", description="The person's title, such as “Vice President”."),
        Attribute("userType", description="The relation between the organization and the user."),
        Attribute("preferredLanguage", description="Preferred languages as in HTTP's Accept-Language."),
        Attribute("locale", description="Locale for dates, numbers and money."),
        Attribute("timezone", description="Time zone in the Olson format."),
        Attribute("active", Type.BOOLEAN, "Whether the user may use the service."),
        Attribute(
            "password",
            description="Accepted because identity providers send it; never kept.",
            case_exact=True,
            mutability=Mutability.WRITE_ONLY,
            returned=Returned.NEVER,
        ),
        _plural("emails", "E-mail addresses.", "work", "home", "other"),
        _plural("phoneNumbers", "Telephone numbers.", "work", "home", "mobile", "fax", "pager", "other"),
        _plural("ims", "Instant messaging addresses.", "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"),
        _plural(
            "photos",
            "URLs of pictures of the user.",
            "photo",
            "thumbnail",
            value=Attribute(
                "value", Type.REFERENCE, "The picture's URL.", case_exact=True, reference_types=("external",)
            ),
        ),
        ADDRESSES,
        USER_GROUPS,
        _plural("entitlements", "Entitlements of the user."),
        _plural("roles", "Roles of the user."),
        _plural(
            "x509Certificates",
            "Certificates issued to the user.",
            value=Attribute("value", Type.BINARY, "The certificate, DER encoded in base64.", case_exact=True),
        ),
    ),
)

ENTERPRISE_USER = Schema(
    ENTERPRISE_URN,
    "EnterpriseUser",
    "What organizations keep about their people.",
    (
        Attribute("employeeNumber", description="The number that the organization gave the person."),
        Attribute("costCenter", description="Cost center."),
        Attribute("organization", description="Organization."),
        Attribute("division", description="Division."),
        Attribute("department", description="Department."),
        Attribute(
            "manager",
            Type.COMPLEX,
            "The person's manager.",
            sub_attributes=(
                Attribute("value", description="The id of the manager's user.", case_exact=True),
                Attribute(
                    "$ref", Type.REFERENCE, "The URL of the manager's user.", case_exact=True, reference_types=("User",)
                ),
                Attribute("displayName", description="The manager's name.", mutability=Mutability.READ_ONLY),
            ),
        ),
    ),
)

GROUP_MEMBERS = Attribute(
    "members",
    Type.COMPLEX,
    "The users and groups in the group.",
    multi_valued=True,
    sub_attributes=(
        Attribute("value", description="The member's id.", case_exact=True, mutability=Mutability.IMMUTABLE),
        Attribute(
            "$ref",
            Type.REFERENCE,
            "The member's URL.",
            case_exact=True,
            mutability=Mutability.IMMUTABLE,
            reference_types=("User", "Group"),
        ),
        Attribute("display", description="The member's name.", mutability=Mutability.READ_ONLY),
        Attribute(
            "type",
            description="Whether the member is a user or a group.",
            mutability=Mutability.IMMUTABLE,
            canonical_values=("User", "Group"),
        ),
    ),
)

GROUP = Schema(
    CORE + "Group",
    "Group",
    "A group of users.",
    (
        Attribute(
            "displayName",
            description="The group's name.",
            required=True,
            uniqueness=Uniqueness.SERVER,
        ),
        GROUP_MEMBERS,
    ),
)

GROUP_TYPE = ResourceType("Group", "/Groups", "Groups of users.", GROUP)


def seat_type_extension(urn: str) -> Schema:
    """The extension by which an identity provider chooses a person's seat (REQUIREMENTS R091, R127 to R129)."""
    seat_type = Attribute(
        "seat_type",
        description="The seat that the user takes; the organization's default when absent or empty.",
        canonical_values=SEAT_TYPES,
    )
    return Schema(urn, SEAT_TYPE_NAME, "Which seat the user takes.", (seat_type,))


def user_type(seat_type_urn: str, extensions: tuple[Schema, ...] = ()) -> ResourceType:
    """The User resource type of one organization: enterprise, seat type and the organization's own extensions.

    The seat-type extension is there under its URN and under that with `:User` behind it, as Entra's documentation
    would have it. The latter is the one that `/ResourceTypes` names: clients that take a path apart at its dots cannot
    read a URN that ends in `2.0`.
    """
    both = (seat_type_extension(f"{seat_type_urn}:User"), seat_type_extension(seat_type_urn))
    return ResourceType(
        "User", "/Users", "People.", USER, (ENTERPRISE_USER, *both, *extensions), unannounced=frozenset({seat_type_urn})
    )
