"""The description of what is published outside ``/api/v1``: keys, credentials, status lists, issuer, achievements."""

from typing import Any

HERE = [{"url": "/", "description": "These addresses are not below /api/v1."}]
TOKEN = {"type": "string", "description": "A compact JWS (ES256); its kid is in /.well-known/jwks.json."}


def _published(summary: str, schema: dict[str, Any], media: str, *names: str, integers: tuple[str, ...] = ()) -> dict[str, Any]:
    """A GET that anybody may make, with its path's parameters."""
    error = {"description": "Error", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}}
    answers: dict[str, Any] = {"200": {"description": "OK", "content": {media: {"schema": schema}}}}
    if names:
        answers["404"] = error
    operation: dict[str, Any] = {"summary": summary, "security": [], "servers": HERE, "responses": answers}
    if names:
        kinds = {name: "integer" if name in integers else "string" for name in names}
        operation["parameters"] = [{"name": name, "in": "path", "required": True, "schema": {"type": kind}} for name, kind in kinds.items()]
    return {"get": operation}


def _moved(summary: str) -> dict[str, Any]:
    """A GET that leads elsewhere."""
    found = _published(summary, {"type": "string"}, "text/html", "number")
    answers = found["get"]["responses"]
    answers["303"] = {"description": "To the page that says what the licence is worth now"}
    del answers["200"]
    return found


JWKS = {"type": "object", "properties": {"keys": {"type": "array", "items": {"type": "object"}}}}
LINKED = {"type": "object", "description": "JSON-LD in the terms of Open Badges 3.0; a page for people where text/html is preferred."}
PATHS: dict[str, dict[str, Any]] = {
    "/.well-known/jwks.json": _published("The public keys (RFC 7517)", JWKS, "application/jwk-set+json"),
    "/credentials/{number}.jwt": _published(
        "A licence as an OpenBadgeCredential, secured as a JWT", TOKEN, "application/vc+jwt", "number"),
    "/credentials/{number}.png": _published(
        "A badge with the credential baked in", {"type": "string", "contentMediaType": "image/png"}, "image/png", "number"),
    "/credentials/{number}": _moved("A credential's identifier"),
    "/credentials/status/{name}": _published(
        "A BitstringStatusListCredential: revocation or suspension (with -2, -3… for further lists)", TOKEN, "application/vc+jwt", "name"),
    "/credentials/issuer": _published("The issuer's profile", LINKED, "application/json"),
    "/credentials/achievements/{code}/{edition}": _published(
        "What a credential attests: an edition of a programme", LINKED, "application/json", "code", "edition", integers=("edition",)),
}
