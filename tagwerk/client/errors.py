"""What the platform refuses, and when it cannot be reached."""


class ApiError(Exception):
    """The platform refused a request.

    `code` is stable, `message` says in words what is wrong and what to do, `path` names the place in what was sent
    (or is None), `status` is the HTTP status.
    """

    def __init__(self, code: str, message: str, path: str | None = None, status: int = 0) -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.code = code
        self.message = message
        self.path = path
        self.status = status


class Unreachable(ApiError):
    """The platform did not answer, however often it was asked; `__cause__` says why."""

    def __init__(self, message: str) -> None:
        super().__init__("unreachable", message)
