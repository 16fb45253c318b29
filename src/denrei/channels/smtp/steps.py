"""The steps from a host's name to a connection that takes mail; a failure names the one it happened in."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from denrei.channels import SendError
from denrei.domain.failures import Reason
from denrei.domain.states import Phase


class Step(StrEnum):
    """What is being done; the value begins `SendError.detail`.

    Those of POP before SMTP are said to operators as they stand (the alarm of a gateway): nobody who
    set up a mail server expects to read of another one.
    """

    POP_NAME = "送信前のPOPサーバーの名前解決"
    POP_CONNECT = "送信前のPOPサーバーへの接続"
    POP_GREETING = "送信前のPOPサーバーの最初の応答"
    POP_STLS = "送信前のPOPの暗号化の開始（STLS）"
    POP_TLS = "送信前のPOPの暗号化（TLS）"
    POP_SIGN_IN = "送信前のPOPサインイン"
    NAME = "name"
    CONNECT = "connect"
    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    TLS = "TLS"
    AUTH = "AUTH"
    SENDER = "MAIL"


#: Told of each step that was done, and what the other side said.
Told = Callable[[Step, str], None]


class StepError(SendError):
    """A step failed; nothing of a message was written."""

    def __init__(self, step: Step, reason: Reason, said: str, *, retryable: bool = True) -> None:
        super().__init__(
            reason, retryable=retryable, phase=Phase.UNSENT, detail=f"{step.value}: {said}"
        )
        self.step = step
        #: The words of the server or of the system.
        self.said = said


def untold(step: Step, said: str) -> None:
    """Hear of a step where nobody wants to."""


class Steps:
    """Which step is being done."""

    def __init__(self, first: Step, told: Told) -> None:
        self.now = first
        self._told = told

    def begin(self, step: Step) -> None:
        """Go on to a step."""
        self.now = step

    def done(self, said: str = "") -> None:
        """Tell that the step went well."""
        self._told(self.now, said)

    def failed(self, reason: Reason, said: str, *, retryable: bool = True) -> StepError:
        """Return the failure of the step."""
        return StepError(self.now, reason, said, retryable=retryable)

    def broken(self, error: Exception) -> StepError:
        """Return the failure of the step by an error of the system."""
        said = str(error) or "no answer in time"
        if self.now in {Step.TLS, Step.POP_TLS}:
            return self.failed(Reason.GATEWAY, said)
        is_late = isinstance(error, TimeoutError) and self.now not in {
            Step.CONNECT,
            Step.POP_CONNECT,
        }
        return self.failed(Reason.TIMEOUT if is_late else Reason.CONNECTION, said)
