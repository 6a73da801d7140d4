"""The one way in: any request under /api/v1/ gets its answer here, in JSON, whatever happens.

It needs no session, no cookie and no page, so the middleware `ApiDoor` answers before all that is set up.
"""

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from tagwerk.base.errors import Invalid
from tagwerk.base.replies import Reply, reply_once
from tagwerk.interfaces.api.asking import authenticate, prove
from tagwerk.interfaces.api.problems import Unsupported, nothing_here, problem
from tagwerk.interfaces.api.reading import close_upload, uploaded

PREFIX = "/api/v1/"
_IDEMPOTENCY_KEY = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass
class Route:
    """A method of an address: what answers, which query parameters it knows, whether its reply is kept under a key."""

    run: Callable[..., HttpResponseBase]
    query: frozenset[str]
    takes_upload: bool
    keeps_reply: bool


@dataclass
class Step:
    """A place in the tree of addresses: segments of fixed text, a segment that is an id, or an end."""

    fixed: dict[str, "Step"] = field(default_factory=dict)
    name: str = ""
    varying: "Step | None" = None
    methods: dict[str, Route] = field(default_factory=dict)


class ApiDoor:
    """Middleware: answers what is under /api/v1/ and hands everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(PREFIX):
            return answer(request)
        return self.get_response(request)


def answer(request: HttpRequest, path: str | None = None) -> HttpResponseBase:
    """The answer to a request; `path`, below the prefix, is what Django's own routing would pass."""
    try:
        route, values = _find(
            request.path_info[len(PREFIX) :] if path is None else path, request.method or ""
        )
        _check_query(request, route)
        response = _run(request, route, values)
    except Exception as wrong:
        response = problem(request, wrong)
    finally:
        close_upload(request)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Content-Type-Options"] = "nosniff"
    if isinstance(response, HttpResponse) and response.content:  # else the server sends it in chunks
        response.headers.setdefault("Content-Length", str(len(response.content)))
    return response


answer.csrf_exempt = True  # type: ignore[attr-defined]  # a key in a header is nothing that a browser adds by itself


def _run(request: HttpRequest, route: Route, values: dict[str, str]) -> HttpResponseBase:
    name = request.META.get("HTTP_IDEMPOTENCY_KEY") if request.method == "POST" else None
    if name is None or not route.keeps_reply:
        return route.run(request, **values)
    if not _IDEMPOTENCY_KEY.fullmatch(name):
        raise Invalid(
            "idempotency_key_unreadable",
            "An idempotency key has 1 to 200 characters of ASCII without spaces.",
            path="Idempotency-Key",
        )
    actor = authenticate(request)
    assert actor.key_id is not None, "who asks here has come with a key"
    made = reply_once(
        key_id=actor.key_id,
        name=name,
        digest=_digest(request, route),
        reply=lambda: _reply(route.run(request, **values)),
    )
    response = HttpResponse(made.body, status=made.status, content_type=made.content_type)
    if made.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _digest(request: HttpRequest, route: Route) -> bytes:
    if route.takes_upload:
        with uploaded(request) as upload:
            body = upload.digest
    else:
        body = hashlib.sha256(request.body).digest()
    return hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + body).digest()


def _reply(response: HttpResponseBase) -> Reply:
    assert isinstance(response, HttpResponse), "what creates something answers in one piece"
    return Reply(response.status_code, response.headers["Content-Type"], response.content)


def _find(path: str, method: str) -> tuple[Route, dict[str, str]]:
    step: Step | None = tree()
    values: dict[str, str] = {}
    for segment in path.rstrip("/").split("/"):
        assert step is not None
        following = step.fixed.get(segment)
        if following is None and step.varying is not None and segment:
            values[step.name] = segment
            following = step.varying
        step = following
        if step is None:
            break
    if step is None or not step.methods:
        raise nothing_here()
    if method not in step.methods:
        methods = ", ".join(sorted(step.methods))
        raise Unsupported("method_unknown", "This address knows only: {methods}.", methods=methods)
    return step.methods[method], values


@cache
def tree() -> Step:
    """All operations as a tree of their addresses' segments: finding one does not grow slower with their number."""
    from tagwerk.interfaces.api.operations import (
        api,
    )  # the operations, at first use: importing them takes a while

    root = Step()
    for router in api._get_bound_routers():
        for path, view in router.path_operations.items():
            for operation in view.operations:
                _place(root, path.strip("/").split("/"), operation)
    return root


def _place(root: Step, segments: Iterable[str], operation: Any) -> None:
    step = root
    for segment in segments:
        if segment.startswith("{"):
            name = segment[1:-1]
            assert step.name in ("", name), f"one place has two names: {step.name}, {name}"
            step.name = name
            step.varying = step.varying or Step()
            step = step.varying
        else:
            step = step.fixed.setdefault(segment, Step())
    view = operation.view_func
    run = _directly(operation) if getattr(view, "proves_key", False) else operation.run
    keeps_reply = not getattr(view, "in_many_transactions", False)
    route = Route(run, _query_names(operation), getattr(view, "takes_upload", False), keeps_reply)
    for method in operation.methods:
        assert method not in step.methods, f"two operations at {operation.path}"
        step.methods[method] = route


def _directly(operation: Any) -> Callable[..., HttpResponseBase]:
    """What is asked for most often is called past ninja's checks of what it has not, and asks for its key itself."""
    (key,), view = operation.auth_callbacks, operation.view_func

    def run(request: HttpRequest, **values: str) -> HttpResponseBase:
        try:
            key.recalled(request)
            return cast(HttpResponseBase, view(request, **values))
        except Exception:
            prove(request)
            raise

    return run


def _query_names(operation: Any) -> frozenset[str]:
    return frozenset(
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    )


def _check_query(request: HttpRequest, route: Route) -> None:
    """What is not known is refused: a misspelt filter must not silently answer with everything."""
    if not request.META.get("QUERY_STRING"):
        return
    for name, values in request.GET.lists():
        if name not in route.query:
            raise Invalid(
                "parameter_unknown",
                "There is no parameter “{name}” here; known are: {known}.",
                path=name[:60],
                name=name[:60],
                known=", ".join(sorted(route.query)) or "–",
            )
        if any("\0" in value for value in values):
            raise Invalid(
                "text_impossible", "A text holds characters that are none (NUL or half of a pair).", path=name
            )
