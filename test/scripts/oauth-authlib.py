"""Takes each step of an OpenID client with Authlib, and prints what it got as JSON.

The argument is JSON: the issuer, a client that users allow ("id", "secret"), a client that signs
("signer", "key" as PEM), and the resource of its tokens. The script prints the address where a
browser signs in, and waits for it on loopback. Authlib is Debian's python3-authlib.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlsplit

from authlib.integrations.base_client import BaseApp, FrameworkIntegration, OAuth2Mixin, OAuthError, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oauth2.rfc8414 import AuthorizationServerMetadata
from authlib.oidc.discovery import get_well_known_url

# The service is on loopback.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
settings = json.loads(sys.argv[1])


class App(OAuth2Mixin, OpenIDMixin, BaseApp):
    """The client that Authlib gives to Flask, without Flask."""

    client_cls = OAuth2Session


class Callback(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.query = {name: value for name, (value,) in parse_qs(urlsplit(self.path).query).items()}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<h1>Arrived</h1>")

    def log_message(self, *_):
        pass


def refused(act):
    try:
        act()
    except OAuthError as refusal:
        return refusal.error
    return None


app = App(
    FrameworkIntegration("gatehouse"),
    client_id=settings["id"],
    client_secret=settings["secret"],
    server_metadata_url=get_well_known_url(settings["issuer"], external=True),
    client_kwargs={"scope": "openid email offline_access", "code_challenge_method": "S256"},
)
metadata = app.load_server_metadata()
# That of OpenID demands RS256, which the service has if its operator chose an RSA key.
AuthorizationServerMetadata(metadata).validate()

server = HTTPServer(("127.0.0.1", 0), Callback)
redirect_uri = f"http://127.0.0.1:{server.server_port}/callback"
started = app.create_authorization_url(redirect_uri)
print(started["url"], flush=True)
server.handle_request()
answer = server.query

token = app.fetch_access_token(redirect_uri, code=answer["code"], code_verifier=started["code_verifier"])
claims = app.parse_id_token(token, started["nonce"])
userinfo = app.userinfo(token=token)

session = OAuth2Session(settings["id"], settings["secret"], token=token)
refreshed = session.refresh_token(metadata["token_endpoint"])
introspect = lambda: session.introspect_token(metadata["introspection_endpoint"], token=refreshed["access_token"]).json()
before = introspect()
session.revoke_token(metadata["revocation_endpoint"]).raise_for_status()

signer = OAuth2Session(
    settings["signer"],
    settings["key"],
    token_endpoint_auth_method="private_key_jwt",
    revocation_endpoint_auth_method="private_key_jwt",
)
signer.register_client_auth_method(PrivateKeyJWT(metadata["token_endpoint"]))
own = signer.fetch_token(metadata["token_endpoint"], resource=settings["resource"])
signed = signer.introspect_token(metadata["introspection_endpoint"], token=own["access_token"]).json()

print(
    json.dumps(
        {
            "answer": [answer["state"] == started["state"], answer["iss"]],
            "claims": claims,
            "userinfo": userinfo,
            "isRotated": refreshed["refresh_token"] != token["refresh_token"],
            "introspected": [before, introspect()],
            "revoked": refused(lambda: session.refresh_token(metadata["token_endpoint"])),
            "signed": signed,
        }
    )
)
