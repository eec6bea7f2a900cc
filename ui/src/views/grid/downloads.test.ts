import { afterEach, expect, test, vi } from "vitest";
import { useNotices } from "../../store/notices";
import { gridTexts } from "../../texts/grid";
import { download, useDownload } from "./downloads";

const QUERY = { document: "d", node: "n", port: "table", sort: "", where: "" };

afterEach(() => {
  vi.unstubAllGlobals();
  useNotices.setState({ notices: [] });
});

/** A studio that tells these lines, and then ends, or breaks off. */
function telling(lines: string[], breaks = false): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string) => {
    asked.push(address);
    const parts = lines.map((line) => new TextEncoder().encode(line));
    return new Response(
      new ReadableStream({
        pull(controller) {
          const part = parts.shift();
          if (part) controller.enqueue(part);
          else if (breaks) controller.error(new TypeError("network error"));
          else controller.close();
        },
      }),
    );
  });
  return asked;
}

const said = (): string[] => useNotices.getState().notices.map(({ text }) => text);

test.each([true, false])("a download that breaks off is told", async (breaks) => {
  telling(['{"done": 0.5}\n', '{"rea'], breaks);
  await download(QUERY, "csv");
  expect(said()).toEqual([gridTexts.brokeOff]);
  expect(useDownload.getState().running).toBeNull();
});

test("one that is stopped says nothing, and one that is refused says why, once", async () => {
  vi.stubGlobal(
    "fetch",
    (_: string, { signal }: RequestInit) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  );
  const going = download(QUERY, "csv");
  useDownload.getState().running?.stop();
  await going;
  expect(said()).toEqual([]);
  telling(['{"problem": {"id": "x", "what": "The disk is full.", "remedy": ""}}\n']);
  await download(QUERY, "csv");
  expect(said()).toEqual(["The disk is full."]);
});

test("a file that is whole is fetched, guarded where asked", async () => {
  const clicked = vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(() => undefined);
  const asked = telling(['{"done": 0.5}\n{"ready": "ticket"}\n']);
  await download(QUERY, "csv", true);
  expect(asked[0]).toContain("guard=true");
  expect(clicked).toHaveBeenCalledOnce();
  expect(said()).toEqual([]);
});
