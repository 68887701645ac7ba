import { instrument, type Measurable } from "../instrument.ts";
import worker, { type FloorEnv } from "./floor.ts";

export default instrument(worker as Measurable<FloorEnv>, { d1: "DB", kv: "DENYLIST", queue: "MESSAGES" });
