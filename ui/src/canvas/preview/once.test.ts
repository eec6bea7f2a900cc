import { describe, expect, it } from "vitest";
import { once } from "./once";

describe("what previews ask for", () => {
  it("is asked once, two at a time, and again where it failed", async () => {
    let running = 0;
    let most = 0;
    let asked = 0;
    const ask = async (): Promise<number> => {
      asked += 1;
      running += 1;
      most = Math.max(most, running);
      await new Promise((done) => setTimeout(done, 1));
      running -= 1;
      return asked;
    };
    await Promise.all([..."abcdefab"].map((name) => once(name, ask)));
    expect(most).toBe(2);
    expect(asked).toBe(6);

    const fail = () => Promise.reject(new Error("no"));
    await expect(once("g", fail)).rejects.toThrow("no");
    expect(await once("g", async () => 7)).toBe(7);
  });

  it("is let go where there is much of it", async () => {
    for (let i = 0; i < 300; i += 1) await once(`many ${i}`, async () => i);
    expect(await once("many 299", async () => -1)).toBe(299);
    expect(await once("many 0", async () => -1)).toBe(-1);
  });
});
