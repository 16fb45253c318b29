"""An organization with people, for the tests of the address book."""

from __future__ import annotations

import pytest

from denrei.accounts import organizations
from denrei.accounts.models import Organization, Preset


@pytest.fixture
def school(db: None) -> Organization:
    """Return an organization without people."""
    return organizations.create("school", "第一小学校", Preset.SCHOOL)
