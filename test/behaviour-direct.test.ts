import { describe } from "vitest";

import { handle } from "../router.ts";
import { addBehaviourTests } from "./behaviour.ts";

describe("the handlers, called directly", () => {
  addBehaviourTests(async (app) => ({
    fetch: (request) => {
      const named = request.headers.get("x-real-ip");
      const client = { address: named ?? "192.0.2.1", viaProxy: named !== null };
      return handle(request, { ...app, client });
    },
    close: async () => {},
  }));
});
