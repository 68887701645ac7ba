import { instrument, type Measurable } from "../instrument.ts";
import worker, { type PeerEnv } from "./workers-oauth-provider.ts";

export default instrument(worker as Measurable<PeerEnv>, { kv: "OAUTH_KV" });
