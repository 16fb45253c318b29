"""Files on their way in: one that is too large is let go before it fills a disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest

from denrei.directory.intake.receiving import MAX_BYTES

#: Where a request says that a file of its was let go.
_TOO_LARGE = "denrei.file_too_large"


class Bounded(FileUploadHandler):
    """Stands before the handlers that keep a file; the other fields of the form come through."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count."""
        super().new_file(*args, **kwargs)
        self._bytes = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass on what comes. Raises SkipFile, by which Django forgets the file."""
        del start  # where a chunk begins is said only by handlers that know
        self._bytes += len(raw_data)
        if self._bytes > MAX_BYTES:
            assert self.request is not None
            self.request.META[_TOO_LARGE] = True
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile[bytes] | None:
        """Leave the file to the next handler."""
        del file_size
        return None


def was_too_large(request: HttpRequest) -> bool:
    """Tell whether a file of the request was let go."""
    return bool(request.META.get(_TOO_LARGE))
