import { expect, it } from "vitest";

import { isLocal } from "./is-local.ts";

it.each(["127.0.0.1", "127.8.9.10", "::1"])("takes %s for this machine", (address) => {
  expect(isLocal({ address, viaProxy: false })).toBe(true);
});

it.each(["127.0.0.1", "::1"])("takes %s for nobody's word when a proxy says so", (address) => {
  expect(isLocal({ address, viaProxy: true })).toBe(false);
});

it.each(["", "10.0.0.1", "203.0.113.9", "127.example.com", "127.0.0.1.example.com", "::", "::2", "x127.0.0.1"])(
  "takes '%s' for somewhere else",
  (address) => {
    expect(isLocal({ address, viaProxy: false })).toBe(false);
  },
);
