// "There is no column "Age". Did you mean "age"?": the hint taken.

import { quoted } from "../form/complete";
import type { Field, Json } from "../form/fields";

/** The value with the hint of a message taken, and the name hinted at; null where the message has none. */
export function suggestion(
  field: Field,
  value: Json | undefined,
  problem: string,
): { name: string; value: Json } | null {
  const name = /Did you mean "(.+?)"\?/.exec(problem)?.[1];
  const wrong = /there is no column "(.+?)"/i.exec(problem)?.[1];
  if (!name || !wrong) return null;
  if (field.kind === "column" && value === wrong) return { name, value: name };
  if (field.kind === "columns" && Array.isArray(value) && value.includes(wrong))
    return { name, value: value.map((one) => (one === wrong ? name : one)) };
  if (field.kind === "formula" && typeof value === "string") {
    const plain = wrong.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const next = value.replace(new RegExp(`"${plain}"|(?<![\\w"'])${plain}(?![\\w"'])`, "gu"), quoted(name));
    return next === value ? null : { name, value: next };
  }
  return null;
}
