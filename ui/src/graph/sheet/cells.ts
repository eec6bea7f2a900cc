// What a text typed into a cell is, by the type of its column; as peephole/nodes/io/by_hand.py reads it.

export type Cell = string | number | boolean | null;

const WHOLE = /^[-+]?\d+$/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const NO_NUMBER = /^[-+]?(nan|inf|infinity)$/i;
const COMMA = /^[-+]?\d+,\d+$/;
/** May be a decimal comma, may be thousands: not read as a number. */
const THOUSANDS = /^[-+]?[1-9]\d{0,2},\d{3}$/;
const CODE = /^[-+]?0\d/; // a postal code or the like: its noughts count
const YES = ["true", "yes", "1"];
const NO = ["false", "no", "0"];
const DATE = /^(\d{4})-?(\d\d)-?(\d\d)$/;
const DOTTED = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const TIME = /^\d{1,2}:\d\d(:\d\d([.,]\d{1,6})?)?$/;
const ZONE = /(Z|[-+]\d\d:?\d\d)$/;
const LARGEST = 2n ** 63n;

/** A cell as it is shown, copied and typed over. */
export const shown = (cell: Cell | undefined): string => (cell === null || cell === undefined ? "" : String(cell));

const isDay = (year: number, month: number, day: number): boolean => {
  const found = new Date(Date.UTC(2000, month - 1, day));
  found.setUTCFullYear(year, month - 1, day);
  return year > 0 && found.getUTCMonth() === month - 1 && found.getUTCDate() === day;
};

function isDate(text: string): boolean {
  const [, year, month, day] = DATE.exec(text) ?? [];
  return isDay(Number(year), Number(month), Number(day));
}

function isTime(text: string): boolean {
  const [hour = 0, minute = 0, second = 0] = text.split(":").map((one) => Number(one.replace(",", ".")));
  return TIME.test(text) && hour < 24 && minute < 60 && second < 60;
}

/** A day and a time of day, apart by a space or a T. */
function halves(text: string): [string, string] {
  const [, day = "", time = ""] = /^(\S+?)(?:[ T](.+))?$/.exec(text) ?? [];
  return [day, time];
}

function isDatetime(text: string): boolean {
  const [day, time] = halves(text);
  return isDate(day) && (time === "" || (/^\d\d:/.test(time) && isTime(time.replace(ZONE, ""))));
}

const isWhole = (text: string): boolean => WHOLE.test(text) && -LARGEST <= BigInt(text) && BigInt(text) < LARGEST;

/** Whether a node takes the cell as one of that type. */
export function fits(cell: Cell | undefined, type: string): boolean {
  if (cell === null || cell === undefined || cell === "") return true;
  const text = String(cell).trim();
  switch (type) {
    case "integer":
      return typeof cell === "number" ? Number.isSafeInteger(cell) : typeof cell === "string" && isWhole(text);
    case "number":
      return typeof cell === "number" || (typeof cell === "string" && (NUMBER.test(text) || NO_NUMBER.test(text)));
    case "boolean":
      return [...YES, ...NO].includes(text.toLowerCase());
    case "date":
      return isDate(text);
    case "datetime":
      return isDatetime(text);
    case "time":
      return isTime(text) && /^\d\d:/.test(text);
    default:
      return true;
  }
}

/** 31.1.2013 as 2013-01-31. */
function isoDay(text: string): string {
  const [, day = "", month = "", year = ""] = DOTTED.exec(text) ?? [];
  return year ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : text;
}

const isoTime = (text: string): string => (/^\d:/.test(text) ? `0${text}` : text);

/** What is kept of a text typed into a cell: nothing is a missing value, and what does not fit stays as typed. */
export function read(text: string, type: string): Cell {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  const value = made(trimmed, type);
  return value !== undefined && fits(value, type) ? value : type === "text" ? text : trimmed;
}

function made(text: string, type: string): Cell | undefined {
  switch (type) {
    case "integer":
      return isWhole(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
    case "number":
      return readNumber(text);
    case "boolean":
      return YES.includes(text.toLowerCase()) ? true : NO.includes(text.toLowerCase()) ? false : undefined;
    case "date":
      return isoDay(text);
    case "datetime": {
      const [day, time] = halves(text);
      return time ? `${isoDay(day)} ${isoTime(time)}` : isoDay(day);
    }
    case "time":
      return isoTime(text);
    default:
      return undefined;
  }
}

function readNumber(text: string): number | undefined {
  const plain = COMMA.test(text) && !THOUSANDS.test(text) ? text.replace(",", ".") : text;
  const found = Number(plain);
  return NUMBER.test(plain) && Number.isFinite(found) ? found : undefined;
}

/** Types that a text is taken for unasked, the narrowest first. */
const LIKELY: [string, (text: string) => boolean][] = [
  ["integer", (text) => !CODE.test(text) && isWhole(text)],
  ["number", (text) => !CODE.test(text.replace(/^([-+]?0)[.,]/, "$1x")) && readNumber(text) !== undefined],
  ["boolean", (text) => /^(true|false)$/i.test(text)],
  ["date", (text) => (text.includes("-") || DOTTED.test(text)) && isDate(isoDay(text))],
  ["datetime", (text) => text.includes(":") && isDatetime(String(made(text, "datetime")))],
  ["time", (text) => isTime(isoTime(text)) && /^\d\d:/.test(isoTime(text))],
];

/** The type that all these texts are likely to be of. */
export function proposed(texts: readonly string[]): string {
  const given = texts.map((one) => one.trim()).filter(Boolean);
  const found = given.length > 0 && LIKELY.find(([, is]) => given.every(is));
  return found ? found[0] : "text";
}

/** Whether a text is likely to be a name, and no value. */
export const isName = (text: string): boolean => text.trim() !== "" && proposed([text]) === "text";
