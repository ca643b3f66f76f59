import { describe, expect, it } from "vitest";
import {
  sectionsOf,
  settingInWords,
  settingProblems,
  settingTrouble,
  strangeSettings,
  withSetting,
} from "../src/canvas/forms/settings";
import type { Schema } from "../src/wire/canvas";

const schema: Schema = {
  properties: {
    amend: { type: "boolean" },
    resume: { enum: ["ask", "notify"] },
    idle_minutes: { type: "integer", minimum: 5, maximum: 1440 },
  },
};
const form = {
  sections: { Interruptions: ["resume", "most_held"], Pauses: ["idle_minutes"] },
  choices: { notify: "Say so and go on" },
  app: {},
};

describe("settings of a task", () => {
  it("stand in the sections of the App's page, without those a task has not", () => {
    expect(sectionsOf(schema, form)).toEqual([
      { title: "Interruptions", names: ["resume"] },
      { title: "Pauses", names: ["idle_minutes"] },
      { title: "Other", names: ["amend"] },
    ]);
  });

  it("are left to the App when nothing is chosen", () => {
    expect(withSetting({ amend: true, resume: "ask" }, "amend", undefined)).toEqual({
      resume: "ask",
    });
    expect(withSetting({ resume: "ask" }, "amend", false)).toEqual({ resume: "ask", amend: false });
  });

  it("that no form knows are kept apart", () => {
    expect(strangeSettings(schema, { amend: true, tone: "kind" })).toEqual({ tone: "kind" });
  });

  it("are said in words", () => {
    expect(settingInWords("notify", form)).toBe("Say so and go on");
    expect(settingInWords(false, form)).toBe("No");
    expect(settingInWords(15, form)).toBe("15");
    expect(settingInWords(undefined, undefined)).toBe("–");
  });

  it.each([
    [4, "It must be from 5 to 1440."],
    [1441, "It must be from 5 to 1440."],
    [5.5, "It must be a whole number."],
    [5, null],
    [undefined, null],
  ])("with the number %s have the trouble %s", (value, trouble) => {
    expect(settingTrouble(value, schema.properties?.idle_minutes ?? {})).toBe(trouble);
  });

  it("carry what the server says of them", () => {
    const message = "The dialog's setting “amend” must be true or false.";
    const problems = settingProblems([{ message }, { message: "Something else." }]);
    expect([...problems]).toEqual([["amend", [message]]]);
  });
});
