import { PASSWORD } from "./passwords.ts";

const NEW_PASSWORD = "brand-new-horse-8";

/** A good body for each route that takes one. */
export const GOOD: Record<string, Record<string, unknown>> = {
  "POST /auth/register": {
    email: "john@example.com",
    phone: "+15555550177",
    username: "john",
    password: PASSWORD,
    confirm_password: PASSWORD,
    first_name: "John",
    last_name: "Doe",
    contact: "phone",
    short_description: "…",
    locale: "de",
    turnstile_token: "t",
  },
  "POST /auth/forgot-password": { identifier: "janedoe", turnstile_token: "t" },
  "POST /auth/request-reset": { identifier: "janedoe", turnstile_token: "t" },
  "POST /auth/reset-password": { token: "t", new_password: NEW_PASSWORD, confirm_password: NEW_PASSWORD },
  "POST /auth/reset-password/{token}": { new_password: NEW_PASSWORD, confirm_password: NEW_PASSWORD },
  "POST /auth/verify-reset": {
    identifier: "janedoe",
    otp: "123456",
    new_password: NEW_PASSWORD,
    confirm_password: NEW_PASSWORD,
  },
  "POST /auth/verify": { identifier: "janedoe", otp: "123456" },
  "POST /auth/verify/resend": { identifier: "janedoe", turnstile_token: "t" },
  "POST /users/me/email": { email: "john@example.com", password: PASSWORD },
  "POST /users/me/email/confirm": { otp: "123456" },
  "POST /users/me/phone": { phone: "+15555550177", password: PASSWORD },
  "POST /users/me/phone/confirm": { otp: "123456" },
  "POST /auth/login": { identifier: "janedoe", password: PASSWORD, turnstile_token: "t", transport: "body" },
  "POST /auth/refresh": { refresh_token: "a.b.c" },
  "POST /auth/logout": { refresh_token: "a.b.c", scope: "global" },
  "PATCH /users/me": {
    username: "jane",
    first_name: "Jane",
    last_name: "Doe",
    contact: "phone",
    short_description: "…",
    locale: "en-GB",
  },
  "DELETE /users/me": { password: PASSWORD },
  "POST /users/me/password": {
    current_password: PASSWORD,
    new_password: NEW_PASSWORD,
    confirm_password: NEW_PASSWORD,
  },
  "POST /auth/change-password": {
    old_password: PASSWORD,
    new_password: NEW_PASSWORD,
    confirm_password: NEW_PASSWORD,
  },
};
