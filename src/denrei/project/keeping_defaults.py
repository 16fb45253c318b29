"""How long data is kept where an organization chose nothing: `DENREI_RETENTION` (OPS-8)."""

from __future__ import annotations

from denrei.domain import retention
from denrei.domain.retention import Period
from denrei.project.environment import Environment, SettingError

NAME = "DENREI_RETENTION"


def read(environment: Environment) -> dict[str, Period]:
    """Return kind → period of those that are set. SettingError."""
    try:
        return retention.defaults(environment.words(NAME))
    except retention.UnknownPeriodError as error:
        raise SettingError(f"{NAME}：{error}") from error
