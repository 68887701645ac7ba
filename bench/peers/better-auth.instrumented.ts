import { instrument, type Measurable } from "../instrument.ts";
import worker, { type PeerEnv } from "./better-auth.ts";

export default instrument(worker as Measurable<PeerEnv>, { d1: "DB", kv: "SESSIONS" });
