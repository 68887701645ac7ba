import { DEVICE_GRANT, type GrantType } from "../../contract/oauth-client.ts";
import { grantToClient } from "./client-credentials.ts";
import { exchangeDeviceCode } from "./device.ts";
import { exchangeCode, exchangeRefreshToken, type Grant } from "./token.ts";

const GRANTS: Record<GrantType, Grant> = {
  authorization_code: exchangeCode,
  refresh_token: exchangeRefreshToken,
  client_credentials: grantToClient,
  [DEVICE_GRANT]: exchangeDeviceCode,
};

/** Finds a grant by its `grant_type`. */
export const grantOf = (type: string): Grant | undefined =>
  Object.hasOwn(GRANTS, type) ? GRANTS[type as GrantType] : undefined;
