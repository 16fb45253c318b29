"""Who works with the console of the invented city: one operator of each kind, one password."""

from __future__ import annotations

from dataclasses import dataclass

#: Of everybody here; the demo listens on this machine only.
PASSWORD = "denrei-demo"  # noqa: S105 - of people who do not exist


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """One operator of the city."""

    login: str
    name: str
    #: A `denrei.accounts.models.Role`.
    role: str
    #: Name of the unit that bounds what he sees; "" is the whole city.
    unit: str = ""


#: The first one is named on the terminal.
CLERKS = (
    Clerk(login="bousai", name="防災 太郎", role="admin"),
    Clerk(login="kiki", name="危機 管子", role="admin"),
    Clerk(login="kikaku", name="企画 花子", role="sender"),
    Clerk(login="kansa", name="監査 次郎", role="viewer"),
    Clerk(login="gakko", name="学校 三枝", role="admin", unit="北浜小学校"),
)

#: Who sent what was sent before anybody looked.
DUTY = CLERKS[1]


def hire(organization_id: int, domain: str) -> None:
    """Create the operators, with addresses of a domain; one of a unit without people is left out."""
    from denrei.accounts import tenancy
    from denrei.accounts.models import Operator, Role, Unit

    with tenancy.acting_for(organization_id):
        units = {unit.name: unit for unit in Unit.objects.all()}
        for clerk in CLERKS:
            if clerk.unit and clerk.unit not in units:
                continue
            operator = Operator(
                organization_id=organization_id,
                login=clerk.login,
                name=clerk.name,
                email=f"{clerk.login}@{domain}",
                role=Role(clerk.role),
                unit=units.get(clerk.unit),
            )
            operator.set_password(PASSWORD)
            operator.save()
