"""What a page may load: nothing but our own."""

from csp.constants import NONCE, NONE, SELF

POLICY = {"DIRECTIVES": {"default-src": [NONE], "script-src": [SELF, NONCE], "style-src": [SELF], "img-src": [SELF], "connect-src": [SELF], "form-action": [SELF], "base-uri": [NONE], "frame-ancestors": [NONE]}}
