"""Takes a form's file into memory. What somebody uploads never touches our disk, however large it is."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class InMemory(FileUploadHandler):
    """Django's own gives a larger file up; here the length of the whole request was judged before."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._memory = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self._memory.write(raw_data)
        return None

    def file_complete(self, file_size: int) -> UploadedFile:
        self._memory.seek(0)
        return InMemoryUploadedFile(
            self._memory, self.field_name, self.file_name or "file", self.content_type, file_size, self.charset
        )
