/** The errors of sign-in with an identity provider. */
export const providerErrors = {
  invalid_state: {
    status: 400,
    title: "Sign-in expired",
    detail:
      "This sign-in at an identity provider was used, has expired, or was started in another browser. Start again.",
  },
  identity_exists: {
    status: 409,
    title: "Identity exists",
    detail: "This identity is linked to another account, or the account has too many. Nothing was changed.",
  },
  provider_refused: {
    status: 400,
    title: "Sign-in not confirmed",
    detail:
      "The identity provider did not confirm this sign-in, or its answer failed a check. Nothing was changed. Start again.",
  },
  provider_denied: {
    status: 403,
    title: "Sign-in canceled",
    detail: "The user or the identity provider canceled the sign-in. Nothing was changed.",
  },
  provider_unavailable: {
    status: 503,
    title: "Identity provider unavailable",
    detail: "The identity provider does not answer, or not as it should. Nothing was changed. Try again in a moment.",
  },
} as const;
