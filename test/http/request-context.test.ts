import fc from "fast-check";
import { expect, it } from "vitest";
import { networkOf, preferencesOf } from "../../src/http/request-context.ts";

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002:0000:0000:0000:0001", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["2001:db8:0:0:1::", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["::ffff:cb00:7107", "203.0.113.7"],
  ["not an address", null],
  ["203.0.113.7, 10.0.0.1", null],
  ["[::1]", null],
  ["::1]/x[", null],
  ["999.999.999.999", null],
  ["fe80::1%eth0", null],
  ["2001:db8::1::2", null],
])("the network of %s is %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

it("the network of an IPv6 address is its /64 in one spelling", () => {
  fc.assert(
    fc.property(fc.ipV6(), fc.boolean(), (address, upper) => {
      const network = networkOf(address);
      expect(network).not.toBeNull();
      expect(networkOf(upper ? address.toUpperCase() : address)).toBe(network);
      if (network?.endsWith("/64")) expect(networkOf(network.replace("::/64", ":1:2:3:4"))).toBe(network);
    }),
  );
});

it.each([
  ["de_DE", ["de_DE"]],
  ["de;level=1;q=0.9, en;q=0.5", ["de", "en"]],
  ["en;q=0.1;x=1, pt_BR ; Q = 0.8", ["pt_BR", "en"]],
  ["fr;q=0, *;q=oops, de", ["de"]],
])("the languages of %j are %j", (header, languages) => {
  expect(preferencesOf(header)).toEqual(languages);
});
