"""What a page may load and do: our own files and the media origin, nothing inline, nobody's frame.

Trusted Types forbid turning text into markup or script in the browser at all; our modules never do. htmx gets the one
policy it needs, and so does the address of the service worker. A page that must show more (pictures at a requester's
address) widens its own response with `csp.decorators.csp_update`.
"""

from typing import Any

from csp.constants import NONCE, NONE, SELF


def policy(media_origin: str = "") -> dict[str, Any]:
    """django-csp's setting for an instance whose uploaded files live at `media_origin`."""
    media = [SELF, media_origin] if media_origin else [SELF]
    return {
        "DIRECTIVES": {
            "default-src": [NONE],
            "script-src": [SELF, NONCE],
            "style-src": [SELF],
            "img-src": media,
            "media-src": media,
            "font-src": [SELF],
            "connect-src": [SELF],
            "manifest-src": [SELF],
            "form-action": [SELF],
            "frame-ancestors": [NONE],
            "base-uri": [NONE],
            "require-trusted-types-for": ["'script'"],
            "trusted-types": ["htmx", "app"],
            "report-uri": ["/csp"],
        }
    }
