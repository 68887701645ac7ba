/**
 * Two identity providers, in this process. Each vouches for the person who is there, and has an
 * issuer of its own. They are lenient, so that the service alone protects: a code works more than
 * once and at both providers, and only `acme` checks the code verifier.
 */
import nodeCrypto from "node:crypto";
import { CLIENT_ID, CLIENT_SECRET, keyPair, sign } from "../support/upstream.ts";
import { controllerOf, PEOPLE, type Person, REACHABLE } from "./people.ts";

export const PROVIDERS = ["acme", "other"] as const;
export type Provider = (typeof PROVIDERS)[number];

/** What a provider says about the address of its user. By default it is the verified one. */
export type AddressClaim = "new" | "unverified" | "victims" | "none";

/** An account at a provider: everyone has two at each. */
export interface Upstream {
  provider: Provider;
  person: Person;
  account: number;
}

/** An authorization code: whom it vouches for, and the request that it answers. */
interface Code extends Omit<Upstream, "provider"> {
  claims: AddressClaim | undefined;
  nonce: string;
  challenge: string;
}

/** Nothing listens there. */
export const issuerOf = (provider: Provider) => `http://127.0.0.1:1/${provider}`;

/** The subjects of one person at a provider are those of another person at the other provider. */
const subjectOf = ({ provider, person, account }: Upstream) =>
  `${(PEOPLE.indexOf(person) + 2 * PROVIDERS.indexOf(provider)) % PEOPLE.length}-${account}`;

/** Names an identity: issuer and subject. */
export const keyOf = (upstream: Upstream) => `${issuerOf(upstream.provider)} ${subjectOf(upstream)}`;

const UPSTREAMS = PROVIDERS.flatMap((provider) =>
  PEOPLE.flatMap((person) => [0, 1].map((account): Upstream => ({ provider, person, account }))),
);
const PERSONS = new Map(UPSTREAMS.map((upstream) => [keyOf(upstream), upstream.person]));

/** The person who controls the account at a provider that an identity names. */
export const personOf = (key: string): Person | undefined => PERSONS.get(key);

/** The address in the claims about a person, and whether the provider has verified it. */
export function addressIn(person: Person, claims: AddressClaim | undefined) {
  const [own, other] = REACHABLE[person].emails;
  const victim = person === "owner" ? "user" : "owner";
  const email = { new: other, victims: REACHABLE[victim].emails[0], unverified: own, none: null }[claims ?? "new"];
  const address = claims === undefined ? own : email;
  const isVerified = claims === undefined || claims === "new";
  if (isVerified && controllerOf(address ?? "") !== person) throw new Error("an honest provider verifies");
  return { address, isVerified };
}

function claimsOf({ person, claims }: Code) {
  const { address, isVerified } = addressIn(person, claims);
  return {
    given_name: claims ?? "own",
    ...(address !== null && { email: address, email_verified: claims === "victims" ? "true" : isVerified }),
  };
}

/** The setting IDENTITY_PROVIDERS. */
export const SETTING = JSON.stringify(
  PROVIDERS.map((id) => ({
    id,
    name: id,
    issuer: issuerOf(id),
    client_id: CLIENT_ID,
    client_secret: CLIENT_SECRET,
  })),
);

type Around = <T>(call: () => Promise<T>) => Promise<T>;

export function createUpstreams(around: Around) {
  const codes = new Map<string, Code>();

  async function redeem(provider: Provider, form: URLSearchParams): Promise<Response> {
    const code = codes.get(form.get("code") ?? "");
    const challenge = nodeCrypto
      .createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url");
    if (!code || (provider === "acme" && code.challenge !== challenge)) {
      return Response.json({ error: "invalid_grant" }, { status: 400 });
    }
    const now = Math.floor(Date.now() / 1000);
    const { nonce } = code;
    const claims = { iss: issuerOf(provider), aud: CLIENT_ID, sub: subjectOf({ ...code, provider }), nonce };
    const id_token = await sign({ ...claims, ...claimsOf(code), iat: now, exp: now + 300 }, await keyPair());
    return Response.json({ token_type: "Bearer", access_token: "an-access-token", id_token });
  }

  async function answer(provider: Provider, path: string, form: URLSearchParams): Promise<Response> {
    const issuer = issuerOf(provider);
    if (path === "/token") return redeem(provider, form);
    if (path === "/keys") return Response.json({ keys: [(await keyPair()).jwk] });
    return Response.json({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      jwks_uri: `${issuer}/keys`,
    });
  }

  return {
    /** Returns a code for whoever is there, in answer to a request. */
    vouch(code: Code): string {
      const text = crypto.randomUUID();
      codes.set(text, code);
      return text;
    },

    /** Performs an act while requests to the providers are answered here. */
    async during<T>(act: () => Promise<T>): Promise<T> {
      const real = globalThis.fetch;
      globalThis.fetch = (async (input: RequestInfo, init?: RequestInit) => {
        const provider = PROVIDERS.find((each) => `${input}`.startsWith(`${issuerOf(each)}/`));
        if (!provider) return real(input, init);
        const path = `${input}`.slice(issuerOf(provider).length);
        return around(() => answer(provider, path, init?.body as URLSearchParams));
      }) as typeof fetch;
      try {
        return await act();
      } finally {
        globalThis.fetch = real;
      }
    },
  };
}
