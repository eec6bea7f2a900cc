// A table that is written into a file and fetched: it goes on while other things are looked at.

import { create } from "zustand";
import type { DownloadTold } from "../../api/generated";
import { Refusal, request } from "../../api/http";
import { notify, notifyProblem } from "../../store/notices";
import { gridTexts } from "../../texts/grid";
import { portPath, type Query } from "./pages";

export type Kind = "csv" | "parquet" | "xlsx";

/** below the header; what a sheet of Excel can hold */
export const MOST_IN_SHEET = 1_048_575;

interface Download {
  /** the share done; null while nothing is written */
  running: { done: number; stop: () => void } | null;
}

export const useDownload = create<Download>()(() => ({ running: null }));

/**
 * Have the rows written as they are shown, and hand the file to the browser; one at a time.  guard: of what a spreadsheet
 * program would compute in a text file.
 */
export async function download(query: Query, kind: Kind, guard = false): Promise<void> {
  if (useDownload.getState().running) return;
  const leaving = new AbortController();
  const stop = () => leaving.abort();
  const tell = (done: number) => useDownload.setState({ running: { done, stop } });
  tell(0);
  try {
    const asked = new URLSearchParams({ format: kind, sort: query.sort, where: query.where, guard: `${guard}` });
    const address = `${portPath(query, "downloads")}?${asked}`;
    const answer = await request(address, { method: "POST", signal: leaving.signal });
    let ended = false;
    for await (const told of linesOf(answer)) {
      ended = Boolean(told.problem ?? told.ready);
      if (told.problem) notifyProblem(told.problem);
      else if (told.ready) fetchFile(`/api/documents/${encodeURIComponent(query.document)}/downloads/${told.ready}`);
      else tell(told.done ?? 0);
    }
    if (!ended) brokeOff();
  } catch (error) {
    if (error instanceof Refusal) notifyProblem(error.problem);
    else if (!leaving.signal.aborted) brokeOff(String(error));
  } finally {
    useDownload.setState({ running: null });
  }
}

const brokeOff = (trace?: string): void =>
  notify({ tone: "bad", text: gridTexts.brokeOff, remedy: gridTexts.brokeOffRemedy, trace });

async function* linesOf(answer: Response): AsyncGenerator<DownloadTold> {
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const part = await reader?.read();
    if (!part || part.done) return;
    const lines = (text + part.value).split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as DownloadTold;
  }
}

function fetchFile(address: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = "";
  link.click();
}
