"""Kinds of text that contracts are made of: names, longer texts, links, languages."""

from typing import Annotated

from pydantic import Field, HttpUrl, PlainSerializer, StringConstraints, WithJsonSchema

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, pattern=r"\S", strip_whitespace=True)]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"\S", strip_whitespace=True)]
Link = Annotated[
    HttpUrl,
    PlainSerializer(str, return_type=str),
    WithJsonSchema(
        {"type": "string", "format": "uri", "maxLength": 2083, "pattern": "^https?://"}, mode="serialization"
    ),
]
# An address in characters that RDF and JSON write alike, so that it can stand anywhere in a credential.
_PLAIN = r"(?:[A-Za-z0-9._~:@!$&'()*+,;=/-]|%[0-9A-Fa-f]{2})"
_ADDRESS = (
    rf"https?://[A-Za-z0-9][A-Za-z0-9.-]*(?::[0-9]{{1,5}})?(?:/{_PLAIN}*)?"
    rf"(?:\?(?:{_PLAIN}|\?)*)?(?:#(?:{_PLAIN}|\?)*)?"
)
PlainLink = Annotated[str, StringConstraints(max_length=2000, pattern=f"^{_ADDRESS}$")]
Image = Annotated[
    str,
    StringConstraints(
        max_length=32_768,
        pattern=rf"^({_ADDRESS}"
        r"|data:image/(png|jpeg|webp|svg\+xml);base64,[A-Za-z0-9+/]+={0,2})$",
    ),
    Field(description="An image's address, or the image itself as a data: URI of at most 32 KiB."),
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
