import { appCode } from "./authenticator.ts";
import { created } from "./passkeys.ts";
import { PASSWORD } from "./passwords.ts";
import { browserWithApp, CREDENTIALS, type PreparedJane, type Route, startedApp, withPasskey } from "./route.ts";
import { createPasskey } from "./security-key.ts";

const withBrowser = async (jane: PreparedJane) => {
  await browserWithApp(jane);
  return {};
};

const CHANGE_OF_FACTORS: Route = {
  status: 303,
  form: {},
  prepare: withBrowser,
  cost: { d1: 2, kv: 1, queue: 1 },
  limits: [CREDENTIALS],
};

/** Jane's browser after she added a passkey by the API. */
async function passkeyPage(jane: PreparedJane) {
  const { id, ...tokens } = await withPasskey(jane);
  Object.assign(jane.own, tokens);
  return { fields: { id } };
}

const openedPasskey = (act: string) => async (jane: PreparedJane) => ({
  path: `/account/passkeys/${act}?id=${(await passkeyPage(jane)).fields.id}`,
});

/** The rows of the account pages of second factors and passkeys. */
export const FACTOR_PAGE_ROUTES: Record<string, Route> = {
  "GET /account/authenticator/add": { status: 200, cost: { d1: 1 } },
  "POST /account/authenticator/add": {
    status: 303,
    form: { password: PASSWORD },
    cost: { d1: 2, hashes: 1 },
    limits: [CREDENTIALS],
  },
  // A browser that has started nothing is led to the start.
  "GET /account/authenticator/confirm": { status: 303, cost: {} },
  "POST /account/authenticator/confirm": {
    status: 303,
    form: { code: "123456" },
    prepare: async (jane) => ({ fields: { code: appCode(await startedApp(jane)) } }),
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/authenticator/remove": { status: 200, prepare: withBrowser, cost: { d1: 1 } },
  "POST /account/authenticator/remove": CHANGE_OF_FACTORS,
  "GET /account/password/remove": {
    status: 200,
    async prepare(jane) {
      await passkeyPage(jane);
      return {};
    },
    cost: { d1: 1 },
  },
  "POST /account/password/remove": {
    ...CHANGE_OF_FACTORS,
    async prepare(jane) {
      await passkeyPage(jane);
      return {};
    },
  },
  "GET /account/recovery-codes": { status: 303, cost: {} },
  "POST /account/recovery-codes": { status: 303, form: {}, cost: {} },
  "GET /account/recovery-codes/new": { status: 200, prepare: withBrowser, cost: { d1: 1 } },
  "POST /account/recovery-codes/new": CHANGE_OF_FACTORS,
  "GET /account/confirm-identity": { status: 200, prepare: withBrowser, cost: { d1: 1 } },
  "POST /account/confirm-identity": {
    status: 303,
    form: { code: "123456" },
    prepare: async (jane) => ({ fields: { code: (await browserWithApp(jane)).code } }),
    cost: { d1: 2, kv: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/passkeys": { status: 200, cost: { d1: 1 } },
  "GET /account/passkeys/add": { status: 200, cost: { d1: 2 } },
  // Answers with the page of the second step.
  "POST /account/passkeys/add": {
    status: 200,
    form: { password: PASSWORD },
    cost: { d1: 2, hashes: 1 },
    limits: [CREDENTIALS],
  },
  "POST /account/passkeys/create": {
    status: 303,
    form: { credential: "{}" },
    async prepare({ own, post }) {
      const options = await post("/users/me/passkeys/options", {}, own.access_token);
      return { fields: { credential: JSON.stringify(created(await createPasskey(), options)) } };
    },
    cost: { d1: 2, kv: 2, queue: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/passkeys/rename": { status: 200, prepare: openedPasskey("rename"), cost: { d1: 1 } },
  "POST /account/passkeys/rename": {
    status: 303,
    form: { id: "x", name: "My phone" },
    prepare: passkeyPage,
    cost: { d1: 1 },
    limits: [CREDENTIALS],
  },
  "GET /account/passkeys/remove": { status: 200, prepare: openedPasskey("remove"), cost: { d1: 2 } },
  "POST /account/passkeys/remove": {
    status: 303,
    form: { id: "x", name: "Passkey" },
    prepare: passkeyPage,
    cost: { d1: 2, kv: 1, queue: 1 },
    limits: [CREDENTIALS],
  },
  "POST /account/confirm-identity/options": { status: 200, form: {}, cost: { d1: 1 }, limits: [CREDENTIALS] },
};
