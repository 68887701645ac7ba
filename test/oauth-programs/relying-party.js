/** A website that signs users in with express-openid-connect. */
import { randomBytes } from "node:crypto";
import express from "express";
import oidc from "express-openid-connect";

/**
 * Starts the site at `home`, a loopback URL. Its front page says who is signed in, and `/renewed`
 * says so with a new access token. `/login` and `/logout` are those of the package.
 *
 * @param {{ home: string, issuer: string, id: string, secret: string }} settings
 */
export function startRelyingParty({ home, issuer, id, secret }) {
  const site = express();
  site.use(
    oidc.auth({
      issuerBaseURL: issuer,
      baseURL: home,
      clientID: id,
      clientSecret: secret,
      secret: randomBytes(32).toString("hex"),
      authRequired: false,
      idpLogout: true,
      idTokenSigningAlg: "ES256",
      authorizationParams: { response_type: "code", scope: "openid email offline_access" },
    }),
  );
  const greet = async (user, response) => response.send(`<h1>Hello, ${(await user.fetchUserInfo()).email}</h1>`);
  site.get("/", async ({ oidc: user }, response) => {
    if (user.isAuthenticated()) await greet(user, response);
    else response.send("<h1>Nobody is signed in</h1>");
  });
  site.get("/renewed", async ({ oidc: user }, response) => {
    await user.accessToken.refresh();
    await greet(user, response);
  });
  return site.listen(Number(new URL(home).port), "localhost");
}
