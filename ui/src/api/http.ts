import type { Failure, Problem } from "./generated";

/** An answer of 400 or more, with what the person should read. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.what);
  }
}

const unreachable: Problem = {
  id: "unreachable",
  what: "The studio does not answer.",
  remedy: "Look at the terminal where it was started.",
  setting: null,
  position: null,
  trace: "",
};

/** The answer as it came; throws Refusal where there is none, or one of 400 or more. */
export async function request(path: string, init?: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: "same-origin", ...init });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refusal(0, { ...unreachable, trace: String(error) });
  }
  if (answer.ok) return answer;
  throw new Refusal(answer.status, await problemOf(answer));
}

async function problemOf(answer: Response): Promise<Problem> {
  const text = await answer.text();
  try {
    return (JSON.parse(text) as Failure).problem;
  } catch {
    return { ...unreachable, id: "no-answer", what: `The studio answered ${answer.status}.`, trace: text };
  }
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await request(path, signal ? { signal } : undefined);
  return (await answer.json()) as T;
}

/** Posts JSON; for answers without a body. */
export function post(path: string, body: unknown): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  return request(path, { method: "POST", headers, body: JSON.stringify(body) });
}

export async function postJson<T>(path: string, body: unknown): Promise<T> {
  const answer = await post(path, body);
  return (await answer.json()) as T;
}
