"""The shapes of the dispatcher's questions and answers (OpenID AuthZEN Authorization API 1.0)."""

import re
from datetime import datetime
from typing import Annotated, Literal, TypeVar

import msgspec
from flask import request

from certification.actions.dispatch import Evaluation, Question
from certification.visit import YEARS, Scope, Tier, Visit
from foundation import clock
from foundation.problem import json_path
from foundation.web import ApiError

MOST = 10_000
TEAM = 50
Shape = TypeVar("Shape")
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]
Name = Annotated[str, msgspec.Meta(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Subject(msgspec.Struct, frozen=True):
    """Who is asked about."""

    type: Literal["staff"]
    id: Text


class Action(msgspec.Struct, frozen=True):
    """What is to be done."""

    name: Literal["dispatch"]


class Properties(msgspec.Struct, frozen=True):
    """The customer's rank and reach, the window, the programme and, where the order names one, the company.

    ``logo``: the operator's logo is to be worn.
    """

    programme: Text
    customer_tier: Tier
    scope: Scope
    starts: Moment
    ends: Moment
    partner: Text | None = None
    logo: bool = False


class Resource(msgspec.Struct, frozen=True):
    """The visit; ``id`` is the number of the work order."""

    type: Literal["visit"]
    properties: Properties
    id: Name = ""


class Context(msgspec.Struct, frozen=True):
    """Who else goes, and the instant to replay."""

    team: Annotated[list[Text], msgspec.Meta(max_length=TEAM)] = []
    at: Moment | None = None


class Part(msgspec.Struct, frozen=True):
    """One question of a batch; what it leaves out comes from the batch."""

    subject: Subject | None = None
    action: Action | None = None
    resource: Resource | None = None
    context: Context | None = None


class Options(msgspec.Struct, frozen=True):
    """When a batch may stop."""

    evaluations_semantic: Literal["execute_all", "deny_on_first_deny", "permit_on_first_permit"] = "execute_all"


class Batch(Part, frozen=True):
    evaluations: list[Part] = []
    options: Options = Options()


class Sought(msgspec.Struct, frozen=True):
    """Where to look."""

    type: Literal["staff"]
    properties: dict[Literal["city", "partner"], Text] = {}


class Page(msgspec.Struct, frozen=True):
    """Which portion of a search."""

    token: Annotated[str, msgspec.Meta(max_length=80)] = ""
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = 1000


class Search(msgspec.Struct, frozen=True):
    """Who may go?"""

    subject: Sought
    action: Action
    resource: Resource
    context: Context = Context()
    page: Page = Page()


_AT = re.compile(r" - at `(.*)`$")
_MISSING = re.compile(r"missing required field `(\w+)`")


def read(shape: type[Shape]) -> Shape:
    """The body as ``shape``; raises ApiError 422 with the JSON path of what is wrong."""
    try:
        return msgspec.json.decode(request.get_data(cache=False), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        text = str(error)
        at, missing = _AT.search(text), _MISSING.search(text)
        path = (at[1] if at else "$") + (f".{missing[1]}" if missing else "")
        raise wrong(path, "is required" if missing else _AT.sub("", text)) from error


def wrong(path: str, why: str) -> ApiError:
    """422 for one field."""
    return ApiError(422, "bad_shape", f"{path}: {why}", fields={path: why})


def question(part: Part, path: tuple[str | int, ...] = (), defaults: Part | None = None) -> Question:
    """The question that ``part`` asks; ``path`` leads to it."""
    above = defaults or Part()
    subject, action, resource = part.subject or above.subject, part.action or above.action, part.resource or above.resource
    if subject is None or action is None or resource is None:
        missing = "subject" if subject is None else "action" if action is None else "resource"
        raise wrong(json_path((*path, missing)), "is required")
    context = part.context or above.context or Context()
    if context.at is not None and context.at > clock.now():
        raise wrong(json_path((*path, "context", "at")), "lies in the future; a replay looks at the past")
    if context.at is not None and context.at.year not in YEARS:
        raise wrong(json_path((*path, "context", "at")), _YEAR)
    return Question(visit((subject.id, *context.team), resource, path), context.at)


_YEAR = f"must lie in the years {YEARS[0]} to {YEARS[-1]}"


def visit(team: tuple[str, ...], resource: Resource, path: tuple[str | int, ...] = ()) -> Visit:
    """The visit of a resource with its team, each once."""
    asked = resource.properties
    for name in ("starts", "ends"):
        if getattr(asked, name).year not in YEARS:
            raise wrong(json_path((*path, "resource", "properties", name)), _YEAR)
    return Visit(
        tuple(dict.fromkeys(team)), asked.programme, asked.customer_tier, asked.scope, asked.starts, asked.ends, resource.id, asked.partner,
        asked.logo,
    )


def stops(evaluation: Evaluation, semantic: str) -> bool:
    """Whether a batch with that semantic ends at this answer."""
    return semantic == ("permit_on_first_permit" if evaluation.answer.decision else "deny_on_first_deny")


__all__ = ["MOST", "Batch", "Part", "Search", "question", "read", "stops", "visit", "wrong"]
