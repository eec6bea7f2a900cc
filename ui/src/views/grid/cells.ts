// How values of each Arrow type read in a cell.

import { type DataType, Precision, Type } from "apache-arrow";
import { gridTexts } from "../../texts/grid";

export interface Cell {
  text: string;
  /** How it is set: numbers to the right, what is missing faint. */
  kind: "text" | "number" | "missing" | "empty" | "image" | "bytes" | "flag";
  bytes?: Uint8Array;
}

const LONGEST = 300;

/** A value as a cell shows it. */
export function cellOf(value: unknown, type: DataType): Cell {
  if (value === null || value === undefined) return { text: gridTexts.missing, kind: "missing" };
  switch (type.typeId) {
    case Type.Int:
      return { text: String(value).replace("-", "−"), kind: "number" };
    case Type.Float:
      return { text: number(value as number, digitsOf(type)), kind: "number" };
    case Type.Decimal:
      return { text: decimal(value as Uint32Array, (type as unknown as { scale: number }).scale), kind: "number" };
    case Type.Bool:
      return { text: value ? "true" : "false", kind: "flag" };
    case Type.Binary:
    case Type.LargeBinary:
    case Type.FixedSizeBinary: {
      const bytes = value as Uint8Array;
      if (imageType(bytes)) return { text: gridTexts.image, kind: "image", bytes };
      return { text: gridTexts.bytes(bytes.length), kind: "bytes", bytes };
    }
    default: {
      const text = plain(value, type);
      if (text === "") return { text: gridTexts.empty, kind: "empty" };
      const short = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
      return { text: short.replaceAll("\t", " ").replaceAll(/\r?\n|\r/g, " ⏎ "), kind: "text" };
    }
  }
}

/** The whole value as text, to copy and to read in full. */
export function plain(value: unknown, type: DataType): string {
  if (value === null || value === undefined) return "";
  switch (type.typeId) {
    case Type.Date:
      return date(value as number);
    case Type.Timestamp:
      return moment(value as number);
    case Type.Time:
      return time(value as number | bigint, type);
    case Type.Duration:
      return duration(value as bigint | number, type);
    case Type.Decimal:
      return decimal(value as Uint32Array, (type as unknown as { scale: number }).scale);
    case Type.List:
    case Type.FixedSizeList: {
      const item = type.children[0]?.type;
      return `[${[...(value as Iterable<unknown>)].map((one) => inner(one, item)).join(", ")}]`;
    }
    case Type.Struct: {
      const row = (value as { toJSON: () => Record<string, unknown> }).toJSON();
      const parts = type.children.map((child) => `${child.name}: ${inner(row[child.name], child.type)}`);
      return `{${parts.join(", ")}}`;
    }
    case Type.Binary:
    case Type.LargeBinary:
      return gridTexts.bytes((value as Uint8Array).length);
    default:
      return typeof value === "object" ? JSON.stringify(value) : String(value);
  }
}

const inner = (value: unknown, type: DataType | undefined): string =>
  value === null || value === undefined ? gridTexts.missing : type ? plain(value, type) : String(value);

const EXACT_DECIMALS = 4;
const LEAST_DIGITS = 7;

/** How many digits of a float mean something. */
const digitsOf = (type: DataType): number =>
  (type as unknown as { precision: Precision }).precision === Precision.DOUBLE ? 15 : 7;

/** A number as it is where it has up to four decimals, as money has; else rounded to four, or to seven digits if that is more. */
export function number(value: number, digits = 15): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-5) return value.toExponential(4).replaceAll("-", "−");
  const exact = Number(value.toPrecision(digits));
  const decimals = String(exact).split(".")[1]?.length ?? 0;
  const rounded = Math.max(LEAST_DIGITS, Math.floor(Math.log10(size)) + 1 + EXACT_DECIMALS);
  return String(decimals <= EXACT_DECIMALS ? exact : Number(exact.toPrecision(Math.min(rounded, 15)))).replace(
    "-",
    "−",
  );
}

function decimal(words: Uint32Array, scale: number): string {
  let whole = 0n;
  for (let at = words.length - 1; at >= 0; at -= 1) whole = (whole << 32n) | BigInt(words[at] ?? 0);
  const bits = BigInt(words.length * 32);
  if (whole >> (bits - 1n)) whole -= 1n << bits;
  const digits = (whole < 0n ? -whole : whole).toString().padStart(scale + 1, "0");
  const text = scale > 0 ? `${digits.slice(0, -scale)}.${digits.slice(-scale)}` : digits;
  return whole < 0n ? `−${text}` : text;
}

const iso = (milliseconds: number): string => {
  const moment = new Date(milliseconds);
  return Number.isNaN(moment.getTime()) ? String(milliseconds) : moment.toISOString();
};
const date = (milliseconds: number): string => iso(Number(milliseconds)).slice(0, 10);

function moment(milliseconds: number): string {
  const text = iso(Number(milliseconds)).replace("T", " ").replace("Z", "");
  return text.endsWith(":00.000") ? text.slice(0, -7) : text.replace(/\.000$/, "");
}

const PER_SECOND = [1, 1e3, 1e6, 1e9];

function time(value: number | bigint, type: DataType): string {
  const unit = PER_SECOND[(type as unknown as { unit: number }).unit] ?? 1;
  const seconds = Number(value) / unit;
  const text = iso(seconds * 1000).slice(11, 23);
  return text.endsWith(".000") ? text.slice(0, 8) : text;
}

function duration(value: bigint | number, type: DataType): string {
  const unit = PER_SECOND[(type as unknown as { unit: number }).unit] ?? 1;
  let rest = Math.abs(Number(value) / unit);
  const days = Math.floor(rest / 86400);
  rest -= days * 86400;
  const clock = iso(rest * 1000).slice(11, 19);
  return `${Number(value) < 0 ? "−" : ""}${days ? `${days} d ` : ""}${clock}`;
}

/** The kind of picture that bytes hold, told by how they begin. */
export function imageType(bytes: Uint8Array): string | null {
  const begins = (...start: number[]) => start.every((byte, index) => bytes[index] === byte);
  if (begins(0x89, 0x50, 0x4e, 0x47)) return "image/png";
  if (begins(0xff, 0xd8, 0xff)) return "image/jpeg";
  if (begins(0x47, 0x49, 0x46, 0x38)) return "image/gif";
  if (begins(0x42, 0x4d)) return "image/bmp";
  if (begins(0x52, 0x49, 0x46, 0x46) && bytes[8] === 0x57) return "image/webp";
  return null;
}

const LONGEST_FLOAT = "−1.2346e−320".length; // cut off, an exponent would be another number

/** How wide a column begins, in pixels: by its name, its type and what a few of its cells read. */
export function widthOf(name: string, type: DataType, values: readonly string[]): number {
  const head = name.length * 7.6 + 60; // with the marks of type and order
  const least = type.typeId === Type.Float ? LONGEST_FLOAT : 0;
  const longest = Math.max(least, ...values.map((one) => Math.min(one.length, 40)));
  const most = type.typeId === Type.Utf8 || type.typeId === Type.LargeUtf8 || type.typeId === Type.List ? 320 : 220;
  return Math.round(Math.min(most, Math.max(84, head, longest * 7.2 + 26)));
}
