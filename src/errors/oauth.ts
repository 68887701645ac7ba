/** The errors of OAuth clients. */
export const oauthErrors = {
  invalid_grant: {
    status: 400,
    detail:
      "The code or the refresh token is wrong, was used, has expired, or belongs to another client. Ask the user to authorize again.",
  },
  unknown_client: {
    status: 400,
    detail: "There is no client with this `client_id`.",
  },
  invalid_redirect_uri: {
    status: 400,
    title: "Invalid redirect URI",
    detail: "`redirect_uri` must be one of those that are registered for the client, spelled exactly so.",
  },
  invalid_client_metadata: {
    status: 400,
    detail: "The registration lacks a field, or has one that the service does not support.",
  },
  unauthorized_client: {
    status: 400,
    detail: "The client may not use this grant.",
  },
  invalid_target: {
    status: 400,
    detail: "`resource` must be one that the user authorized, from `OAUTH_RESOURCES`, and only one in a request.",
  },
  authorization_pending: {
    status: 400,
    detail: "The user has not answered yet. Ask again after the interval.",
  },
  slow_down: {
    status: 400,
    detail: "The user has not answered yet. Wait five seconds longer than until now between two requests.",
  },
  access_denied: {
    status: 400,
    detail: "The user did not allow it.",
  },
  expired_token: {
    status: 400,
    title: "Expired device code",
    detail: "The device code has expired. Start again with a new one.",
  },
  invalid_scope: {
    status: 400,
    detail:
      "`scope` must be scopes that the client may have and that the user allowed. Those of OpenID Connect need a user.",
  },
  invalid_client: {
    status: 401,
    detail: "There is no such client, or its secret or its assertion is wrong.",
  },
  registration_disabled: {
    status: 403,
    detail: "The service lets no client register itself. An administrator can create it.",
  },
  insufficient_scope: {
    status: 403,
    detail: "The access token lacks a scope, which `WWW-Authenticate` names.",
  },
  too_many_clients: {
    status: 409,
    detail: "The service has as many OAuth clients as it can have.",
  },
} as const;
