/** Publishes the metadata of a provider at this server. Returns the setting that all tests have. */
export async function publishProvider(upstreams: string): Promise<string> {
  const issuer = `${upstreams}/acme`;
  const metadata = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
  };
  const answers = { "/.well-known/openid-configuration": { body: JSON.stringify(metadata) } };
  await fetch(issuer, { method: "PUT", body: JSON.stringify(answers) });
  return JSON.stringify([{ id: "acme", name: "Acme", issuer, client_id: "our-client", client_secret: "canary" }]);
}
