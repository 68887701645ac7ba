"""Signs in and refreshes with two OAuth libraries. Prints what each of them got, as JSON.

Arguments: the address of the service, an identifier and its password. The libraries are those of
Debian: python3-requests-oauthlib and python3-authlib.
"""

import json
import os
import sys

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from oauthlib.oauth2 import LegacyApplicationClient, OAuth2Error
from requests_oauthlib import OAuth2Session as OAuthlibSession

# The service is on loopback.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

address, username, password = sys.argv[1:]
LOGIN, REFRESH, ME = (address + path for path in ("/auth/login", "/auth/refresh", "/users/me"))


class Oauthlib:
    """requests-oauthlib, which sends the client in a Basic header."""

    error = OAuth2Error

    def __init__(self):
        self.session = OAuthlibSession(client=LegacyApplicationClient(client_id="app"))

    def login(self, password):
        return self.session.fetch_token(LOGIN, username=username, password=password, client_secret="x", audience="api")

    def refresh(self, url, token):
        return self.session.refresh_token(url, refresh_token=token)


class Authlib:
    """Authlib, which refreshes at the URL where it got the token."""

    error = OAuthError

    def __init__(self):
        self.session = AuthlibSession("app", "x", scope="profile", token_endpoint=LOGIN)

    def login(self, password):
        return self.session.fetch_token(LOGIN, username=username, password=password, audience="api")

    def refresh(self, url, token):
        return self.session.refresh_token(url, refresh_token=token)


def refused(library, act):
    try:
        act()
    except library.error as refusal:
        return [refusal.error, refusal.description]
    return None


def drive(library):
    wrong = refused(library, lambda: library.login("wrong-horse-7"))
    first = dict(library.login(password))
    me = library.session.get(ME).status_code
    refreshed = [dict(library.refresh(url, first["refresh_token"])) for url in (REFRESH, LOGIN)]
    return {
        "wrong": wrong,
        "me": [me, library.session.get(ME).status_code],
        "isNew": all(token["access_token"] != first["access_token"] for token in refreshed),
        "types": sorted({token["token_type"].lower() for token in [first, *refreshed]}),
        "invalid": refused(library, lambda: library.refresh(REFRESH, "x")),
    }


print(json.dumps({library.__name__: drive(library()) for library in (Oauthlib, Authlib)}))
