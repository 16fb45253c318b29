"""What uses the entries of an organization's lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from denrei.accounts import organizations, tenancy, units
from denrei.accounts.labels import Label
from denrei.accounts.models import AuditEntry, Operator, Organization, Preset, Role, Unit
from denrei.broadcasts import drafts, masters, presets
from denrei.broadcasts.models import Draft, DraftKind, IncidentType, Instruction, Situation
from denrei.broadcasts.typed import Typed

#: By list: a form that names an entry of it.
FORMS: Mapping[Label, Callable[[str], Typed]] = {
    Label.GROUPS: lambda one: Typed(groups=(one, "999")),
    Label.POSITIONS: lambda one: Typed(positions=(one,)),
    Label.INCIDENTS: lambda one: Typed(incident=one),
    Label.SITUATIONS: lambda one: Typed(situation=one),
    Label.INSTRUCTIONS: lambda one: Typed(instruction=one),
    Label.ANSWERS: lambda one: Typed(choices=("999", one)),
}


@pytest.fixture
def city(db: None) -> Organization:
    created = organizations.create("city", "市", Preset.CITY)
    presets.furnish(created)
    return created


def hire(city: Organization, unit: Unit | None = None) -> Operator:
    with tenancy.acting_for(city.pk):
        return Operator.objects.create(
            organization=city,
            login=unit.code if unit else "all",
            name="見本",
            role=Role.ADMIN,
            unit=unit,
        )


def entry_of(label: Label, city: Organization) -> masters.Master:
    """Return the first entry of a list; a new one where the list is empty."""
    table = masters.TABLES[label]._base_manager
    return table.order_by("id").first() or table.create(organization=city, code="1", name="見本")


def test_each_list_of_the_organization_but_operators_has_a_table_and_a_form() -> None:
    assert {*Label} - {Label.OPERATORS} == {*masters.TABLES} == {*FORMS}


@pytest.mark.spec("MSG-1")
@pytest.mark.parametrize("label", FORMS)
def test_drafts_and_templates_that_name_an_entry_are_found(
    label: Label, city: Organization
) -> None:
    operator = hire(city)
    with tenancy.acting_for(city.pk):
        entry = entry_of(label, city)
        form = FORMS[label](str(entry.pk))
        draft = drafts.create(city, operator, form)
        template = drafts.create(city, operator, form, DraftKind.TEMPLATE, "定期訓練")
        drafts.create(city, operator, Typed())

        use = masters.use_of(label, entry, operator)

        assert ([draft], [template]) == (use.drafts, use.templates)
        assert 2 == masters.mentions(label, operator)[entry.pk]


@pytest.mark.spec("ALL-5")
def test_an_operator_of_a_unit_is_told_of_its_drafts_only(city: Organization) -> None:
    with tenancy.acting_for(city.pk):
        school = units.add(city, "S1", "小学校")
        everywhere, here = hire(city), hire(city, school)
        entry = entry_of(Label.GROUPS, city)
        drafts.create(city, everywhere, FORMS[Label.GROUPS](str(entry.pk)))

        assert [1, 0] == [
            masters.mentions(Label.GROUPS, operator)[entry.pk] for operator in (everywhere, here)
        ]
        assert masters.use_of(Label.GROUPS, entry, here).is_free


def test_a_form_that_holds_nonsense_names_nothing(city: Organization) -> None:
    operator = hire(city)
    with tenancy.acting_for(city.pk):
        for value in ("", "abc", None, ["", "１x"], {"a": 1}, "9" * 40):
            Draft.objects.create(organization=city, form={"incident": value, "groups": value})

        assert not masters.mentions(Label.INCIDENTS, operator)
        assert not masters.mentions(Label.GROUPS, operator)


@pytest.mark.spec("MSG-1")
def test_an_incident_type_takes_its_situations_and_instructions_along(city: Organization) -> None:
    operator = hire(city)
    with tenancy.acting_for(city.pk):
        incident = IncidentType.objects.get(code="1")
        incident_id = incident.pk
        use = masters.use_of(Label.INCIDENTS, incident, operator)
        of = masters.listing(Label.INCIDENTS, city)

        masters.delete(of, incident, use, operator)

        assert not Situation.objects.filter(incident_type=incident_id).exists()
        assert not Instruction.objects.filter(incident_type=incident_id).exists()
        kept = AuditEntry.objects.get(action="incident_type.deleted").before
    names = {kind: [one["name"] for one in kept[kind]] for kind in ("situations", "instructions")}
    assert {
        "situations": [one.name for one in use.situations],
        "instructions": [one.name for one in use.instructions],
    } == names


def test_a_list_under_incident_types_needs_to_be_told_which(city: Organization) -> None:
    with pytest.raises(ValueError, match="situations"):
        masters.listing(Label.SITUATIONS, city)


def test_the_lists_of_two_incident_types_are_apart(city: Organization) -> None:
    with tenancy.acting_for(city.pk):
        first, second = IncidentType.objects.all()[:2]
        lists = [masters.listing(Label.INSTRUCTIONS, city, one).ids() for one in (first, second)]

        assert [list(one.instructions.values_list("id", flat=True)) for one in (first, second)] == (
            lists
        )
        assert len(lists[0]) + len(lists[1]) < Instruction.objects.count()
