"""Verifies WebAuthn responses with Debian's python3-fido2. Prints a list of booleans as JSON.

Input: a list of objects with `created`, a registration, and maybe `used`, an authentication with
its credential. The relying party is that of test/support/security-key.ts.
"""

import json
import sys

from fido2.client import ClientData
from fido2.ctap2 import AttestationObject, AuthenticatorData
from fido2.server import Fido2Server
from fido2.utils import websafe_decode


def accepts(case, rp_id, origin, challenge, user_verification):
    server = Fido2Server({"id": rp_id, "name": rp_id}, verify_origin=lambda asked: asked == origin)
    state = {"challenge": challenge, "user_verification": user_verification}
    try:
        response = case["created"]["response"]
        registered = server.register_complete(
            {**state, "challenge": case.get("registration_challenge", challenge)},
            ClientData(websafe_decode(response["clientDataJSON"])),
            AttestationObject(websafe_decode(response["attestationObject"])),
        )
        if registered.credential_data is None:
            return False
        if "used" in case:
            response = case["used"]["response"]
            server.authenticate_complete(
                {**state, "challenge": case.get("authentication_challenge", challenge)},
                [registered.credential_data],
                websafe_decode(case["used"]["id"]),
                ClientData(websafe_decode(response["clientDataJSON"])),
                AuthenticatorData(websafe_decode(response["authenticatorData"])),
                websafe_decode(response["signature"]),
            )
        return True
    # It has no class of its own for broken input.
    except Exception:
        return False


request = json.load(sys.stdin)
print(json.dumps([accepts(case, *request["ceremony"]) for case in request["cases"]]))
