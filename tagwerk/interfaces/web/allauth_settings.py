"""allauth's settings, as constants because it reads them from the settings module; taken over there by a star.

Sign-in is by e-mail and password or by passkey; the address must be confirmed; a second step is offered.
"""

ACCOUNT_ADAPTER = "tagwerk.interfaces.web.allauth.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "tagwerk.interfaces.web.allauth.SignUp"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up, and in no other
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second step is told by e-mail
ACCOUNT_CONFIRM_EMAIL_ON_GET = False  # mail scanners open links
ACCOUNT_CHANGE_EMAIL = True  # one address at a time; the old one counts until the new one is confirmed
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = None  # the form asks
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "signup": "20/m/ip",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "confirm_email": "1/3m/key",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
}

MFA_ADAPTER = "tagwerk.interfaces.web.allauth.SecondSteps"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = False  # an account without a password needs confirmation by code; not offered
MFA_TOTP_ISSUER = "tagwerk"
MFA_TOTP_TOLERANCE = 1

SOCIALACCOUNT_ADAPTER = "tagwerk.interfaces.web.allauth.SocialAccounts"
SOCIALACCOUNT_AUTO_SIGNUP = False  # age, terms and languages are asked here, wherever one comes from
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # nobody enters an account because a provider knows its address
