import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventParser } from "../../src/widget/sse";

const STREAM =
  'retry: 2000\n\n: heartbeat\n\nid: 3\ndata: {"number": 3}\n\nevent: status\nid: 4\ndata: one\ndata: two\n\n';

describe("a stream of events", () => {
  it("gives the same events however it is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(STREAM.length)), (cuts) => {
        const places = [0, ...cuts.sort((one, other) => one - other), STREAM.length];
        const parser = new EventParser();
        const events = places
          .slice(1)
          .flatMap((end, at) => parser.feed(STREAM.slice(places[at], end)));
        expect(events).toEqual([
          { type: "message", data: '{"number": 3}', id: "3" },
          { type: "status", data: "one\ntwo", id: "4" },
        ]);
        expect(parser.retry).toBe(2000);
      }),
    );
  });

  it("takes lines that end as on other systems", () => {
    expect(new EventParser().feed("data: a\r\n\r\n")).toEqual([
      { type: "message", data: "a", id: null },
    ]);
  });
});
