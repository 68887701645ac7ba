/** The errors of a sign-in that has more steps than one, or other parties. */
export const signInErrors = {
  second_factor_required: {
    status: 403,
    detail:
      "The first factor is right, and this account has a second one. Send the `login_token` with a proof of one of the `factors` to `POST /auth/login/second-factor`.",
  },
  enrollment_required: {
    status: 403,
    detail:
      "The first factor is right, and this account has to add a second one. Send the `login_token` to `POST /auth/login/enroll/totp` or `POST /auth/login/enroll/passkey/options`.",
  },
  other_browser: {
    status: 403,
    title: "Another browser",
    detail:
      "The link was requested in another browser, so it signs nobody in here. Show the code in `otp`: it can be typed in the browser that requested the link.",
  },
  invalid_state: {
    status: 400,
    title: "Sign-in expired",
    detail:
      "This sign-in at an identity provider was used, has expired, or was started in another browser. Start again.",
  },
  identity_exists: {
    status: 409,
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
  provider_not_asked: {
    status: 403,
    title: "Not asked again",
    detail:
      "The identity provider did not ask the user to sign in again, and the last sign-in there is too long ago. Nothing was changed.",
  },
  provider_unavailable: {
    status: 503,
    title: "Identity provider unavailable",
    detail: "The identity provider does not answer, or not as it should. Nothing was changed. Try again in a moment.",
  },
} as const;
