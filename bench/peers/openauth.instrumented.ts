import { instrument, type Measurable } from "../instrument.ts";
import worker, { type PeerEnv } from "./openauth.ts";

export default instrument(worker as Measurable<PeerEnv>, { kv: "SESSIONS" });
