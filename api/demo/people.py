"""Who is in the demo: made-up people, in domains that nobody can own (RFC 2606)."""

from __future__ import annotations

from dataclasses import dataclass

ORGANIZATION, DIRECTORY = "Acme", "Okta"
DOMAIN = "acme.example.com"
CONTRACTORS, AGENCY, LABS = "northgate.example.org", "harbour.example.org", "acme-labs.example.com"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as their directory knows them; `arrives` and `leaves` are so many days ago."""

    given: str
    family: str
    title: str
    department: str
    seat_type: str
    groups: tuple[str, ...]
    arrives: int
    leaves: int | None = None
    domain: str = DOMAIN

    @property
    def email(self) -> str:
        """Their address, which is their userName."""
        return f"{self.given}.{self.family}@{self.domain}".lower().replace("'", "").replace(" ", "")

    @property
    def name(self) -> str:
        """Their full name."""
        return f"{self.given} {self.family}"


ADMINS, MANAGERS, INSPECTORS = "Rollcall Admins", "Site Managers", "Safety Inspectors"
ENGINEERS, WAREHOUSE, SALES, FINANCE, EVERYBODY = "Engineering", "Warehouse", "Sales", "Finance", "Everyone at Acme"

GROUPS = (ADMINS, MANAGERS, INSPECTORS, ENGINEERS, WAREHOUSE, SALES, FINANCE, EVERYBODY)
"""What Okta pushes; the last one is mapped to no role."""

ROLES = {
    ADMINS: "admin",
    MANAGERS: "account-manager",
    INSPECTORS: "editor",
    ENGINEERS: "editor",
    SALES: "viewer",
    FINANCE: "viewer",
    WAREHOUSE: "knowledge-base-viewer",
}
"""What an admin maps them to."""

_TABLE = """
Imani       Okoro       Head of Operations      Operations   full  121      Rollcall Admins, Site Managers
Sofia       Marchetti   IT Lead                 IT           full  121      Rollcall Admins, Engineering
Tomas       Lindgren    Site Manager            Operations   full  121      Site Managers
Adaeze      Nwosu       Site Manager            Operations   full  121      Site Managers
Yuki        Sakamoto    Safety Inspector        Safety       full  121      Safety Inspectors
Priya       Raman       Safety Inspector        Safety       full  121      Safety Inspectors
Mateo       Quispe      Safety Inspector        Safety       full  121      Safety Inspectors
Hanna       Vogel       Safety Trainer          Safety       full  121      Safety Inspectors
Noah        Becker      Sales Representative    Sales        full  121      Sales
Amara       Diallo      Head of Sales           Sales        full  121      Sales
Liam        O'Connell   Sales Representative    Sales        full  121      Sales
Mei         Zhang       Controller              Finance      full  121      Finance
Ravi        Deshmukh    Accountant              Finance      full  121      Finance
Elif        Kaya        Plant Engineer          Engineering  full  121      Engineering
Jonas       Petersen    Plant Engineer          Engineering  full  121      Engineering
Zanele      Dlamini     Process Engineer        Engineering  full  121      Engineering
Lucia       Moretti     Process Engineer        Engineering  full  120-70   Engineering
Omar        Haddad      Maintenance Lead        Engineering  full  120      Engineering
Freya       Nilsson     Quality Analyst         Safety       lite  120      Safety Inspectors
Kofi        Mensah      Quality Analyst         Safety       lite  120      Safety Inspectors
Chloe       Dubois      Receptionist            Operations   lite  120      -
Andrei      Popescu     Dispatcher              Operations   lite  120      -
Leilani     Kealoha     Payroll Clerk           Finance      lite  120      Finance
Marta       Kowalska    Warehouse Lead          Warehouse    full  119      Warehouse, Site Managers
Samuel      Tesfaye     Picker                  Warehouse    free  119      Warehouse
Ines        Carvalho    Picker                  Warehouse    free  119      Warehouse
Dmitri      Volkov      Forklift Driver         Warehouse    free  119      Warehouse
Aroha       Ngata       Forklift Driver         Warehouse    free  119      Warehouse
Bilal       Chaudhry    Picker                  Warehouse    free  119      Warehouse
Nadia       Rahimi      Picker                  Warehouse    free  119      Warehouse
Pedro       Salazar     Packer                  Warehouse    free  119      Warehouse
Thuy        Pham        Packer                  Warehouse    free  102      Warehouse
Jelena      Markovic    Packer                  Warehouse    free  95       Warehouse
Oskar       Wojcik      Sales Representative    Sales        full  88-44    Sales
Fatima      Zahra       Sales Engineer          Sales        full  81       Sales
Henrik      Aalto       Process Engineer        Engineering  full  74       Engineering
Nomvula     Khumalo     Site Manager            Operations   full  66       Site Managers
Carlos      Ibarra      Safety Inspector        Safety       full  59       Safety Inspectors
Grace       Achieng     Plant Engineer          Engineering  full  52       Engineering
Viktor      Hruska      Accountant              Finance      full  45-21    Finance
Sunita      Gurung      Process Engineer        Engineering  full  38       Engineering
Malik       Johnson     Sales Representative    Sales        full  27       Sales
Ayla        Demir       Safety Trainer          Safety       lite  24       Safety Inspectors
Emeka       Eze         Process Engineer        Engineering  full  17       Engineering
Rosa        Jimenez     Sales Representative    Sales        full  11-9     Sales
Tariq       Aziz        Plant Engineer          Engineering  full  4        Engineering
Esi         Owusu       Sales Representative    Sales        full  2        Sales
"""

_CONTRACTORS = """
Diego       Fuentes     Electrician             Contractors  lite  109      Site access      northgate.example.org
Agnes       Lund        Electrician             Contractors  lite  109      Site access      northgate.example.org
Hamza       Yilmaz      Welder                  Contractors  free  109      Site access      northgate.example.org
Bronwyn     Pugh        Welder                  Contractors  free  109      Site access      northgate.example.org
Sione       Tupou       Scaffolder              Contractors  free  108      Site access      northgate.example.org
Klara       Novotna     Surveyor                Contractors  lite  97       Site access      northgate.example.org
Paulo       Mendes      Plumber                 Contractors  free  97       Site access      harbour.example.org
Irina       Sokolova    Crane Operator          Contractors  free  97       Site access      harbour.example.org
Yaw         Boateng     Plumber                 Contractors  free  83-33    Site access      harbour.example.org
Lena        Fischer     Surveyor                Contractors  lite  55       Site access      northgate.example.org
"""
"""What Entra ID brings, from two agencies."""

_FIELD = """
Mina        Park        Field Technician        Field        lite  20       -
Jack        Whaanga     Field Technician        Field        free  19       -
Salma       Idrissi     Field Technician        Field        free  18       -
"""
"""The pilot of the field offices, by JumpCloud."""


def _read(table: str) -> tuple[Person, ...]:
    return tuple(_person(line) for line in table.strip().splitlines())


def _person(line: str) -> Person:
    given, family, title, department, seat, days, more = (
        line[:12],
        line[12:24],
        line[24:48],
        line[48:61],
        line[61:67],
        line[67:76],
        line[76:],
    )
    arrives, _, leaves = days.strip().partition("-")
    groups, _, domain = more.partition("      ")
    named = tuple(each.strip() for each in groups.split(",") if each.strip() != "-")
    return Person(
        given.strip(),
        family.strip(),
        title.strip(),
        department.strip(),
        seat.strip(),
        named,
        int(arrives),
        int(leaves) if leaves else None,
        domain.strip() or DOMAIN,
    )


WORKFORCE, CONTRACTED, FIELD = _read(_TABLE), _read(_CONTRACTORS), _read(_FIELD)
ADMIN, MANAGER, VIEWER = f"imani.okoro@{DOMAIN}", f"tomas.lindgren@{DOMAIN}", f"noah.becker@{DOMAIN}"
OPERATOR = "operator@rollcall.example.com"
SITE_ACCESS = "Site access"
STRANGER = Person("Joe", "Marsh", "Rigger", "Contractors", "free", (), 0, domain=AGENCY)
"""Whom Entra ID brings in vain."""
