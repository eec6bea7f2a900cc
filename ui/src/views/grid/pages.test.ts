import { tableFromArrays, tableToIPC } from "apache-arrow";
import { afterEach, expect, test, vi } from "vitest";
import { Pages } from "./pages";

const QUERY = { document: "d", node: "n", port: "table", sort: "", where: "" };

interface Asked {
  offset: number;
  signal: AbortSignal;
}

/** A server with so many rows, each its own number; `asked` tells what it was asked for. */
function serving(rows: number, head = false): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (address: string, options: RequestInit) => {
    const query = new URL(address, "http://studio").searchParams;
    const offset = Number(query.get("offset"));
    const count = Math.max(0, Math.min(Number(query.get("limit")), rows - offset));
    asked.push({ offset, signal: options.signal as AbortSignal });
    await new Promise((done) => setTimeout(done, 2));
    const table = tableFromArrays({ n: Int32Array.from({ length: count }, (_, k) => offset + k) });
    const headers = { "X-Rows": String(rows), ...(head && offset === 0 ? { "X-Head": "true" } : {}) };
    return new Response(tableToIPC(table, "stream") as BodyInit, { headers });
  });
  return asked;
}

/** Until all that was asked for has come. */
const settled = (pages: Pages): Promise<void> =>
  vi.waitFor(
    () => {
      // biome-ignore lint/complexity/useLiteralKeys: only so may a test look at what is private
      expect([pages["asked"].size, pages.ordering]).toEqual([0, false]);
    },
    { interval: 1, timeout: 5000 },
  );

/** What stands in a row. */
const cell = (pages: Pages, row: number): unknown => {
  const found = pages.at(row);
  return found?.table.getChildAt(0)?.get(found.index);
};

const begun = async (rows: number) => {
  const asked = serving(rows);
  const pages = new Pages(QUERY, () => {});
  pages.want(0, 20);
  await settled(pages);
  return { asked, pages, offsets: () => asked.splice(0).map((one) => one.offset) };
};

afterEach(() => vi.unstubAllGlobals());

test("while one scrolls, the page that comes next is there before it is seen", async () => {
  const { pages, offsets } = await begun(1000);
  expect(offsets()).toEqual([0]);
  pages.want(30, 50);
  await settled(pages);
  expect(offsets()).toEqual([200]);
  expect([cell(pages, 199), cell(pages, 200), cell(pages, 399)]).toEqual([199, 200, 399]);
  pages.want(190, 210);
  await settled(pages);
  expect(offsets()).toEqual([400]);
});

test("upwards the page before comes next", async () => {
  const { pages, offsets } = await begun(1000);
  offsets();
  pages.want(700, 720);
  await settled(pages);
  expect(offsets()).toEqual([600]); // a jump: nobody knows where to
  pages.want(690, 710);
  await settled(pages);
  expect(offsets()).toEqual([400]);
  expect([cell(pages, 400), cell(pages, 719)]).toEqual([400, 719]);
});

test("nothing is asked for beyond the ends", async () => {
  const { pages, offsets } = await begun(450);
  offsets();
  pages.want(380, 400);
  await settled(pages);
  expect(offsets()).toEqual([200]);
  pages.want(410, 430);
  pages.want(420, 440);
  await settled(pages);
  expect(offsets()).toEqual([400]);
  pages.want(10, 30);
  pages.want(0, 20);
  await settled(pages);
  expect(offsets()).toEqual([]);
});

test("what is not seen any more is called off", async () => {
  const { asked, pages } = await begun(10_000);
  asked.splice(0);
  pages.want(5000, 5020);
  pages.want(8000, 8020);
  await settled(pages);
  expect(asked.map((one) => [one.offset, one.signal.aborted])).toEqual([
    [5000, true],
    [8000, false],
  ]);
  expect([cell(pages, 5000), cell(pages, 8019)]).toEqual([undefined, 8019]);
});

test("where only the first rows are in order, the others are put in order unasked, once", async () => {
  const asked = serving(50_000, true);
  const changes: boolean[] = [];
  const pages: Pages = new Pages({ ...QUERY, sort: "n" }, () => changes.push(pages.ordering));
  pages.want(0, 20);
  await settled(pages);
  expect(asked.map((one) => one.offset)).toEqual([0, 49_999]);
  expect(changes).toEqual([true, false]);
});

test("putting in order stops when another question is asked", async () => {
  const asked = serving(50_000, true);
  const pages = new Pages({ ...QUERY, sort: "n" }, () => {});
  pages.want(0, 20);
  await vi.waitFor(() => expect(asked.length).toBe(2), { interval: 0 });
  expect(pages.ordering).toBe(true);
  pages.close();
  expect(pages.ordering).toBe(false);
  expect(asked.map((one) => one.signal.aborted)).toEqual([false, true]);
});

test("a question that was left asks for nothing more", async () => {
  const { pages, offsets } = await begun(10_000);
  offsets();
  pages.close();
  pages.want(5000, 5020);
  await settled(pages);
  expect(offsets()).toEqual([]);
});
