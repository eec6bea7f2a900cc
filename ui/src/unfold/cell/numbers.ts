/** A number for a formula, as peephole/neural/traces/equations.py writes it: four digits, powers of ten written out. */
export function formulaNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [digits = "0", power = "0"] = value.toExponential(3).split("e");
  const exponent = Number(power);
  const short = (text: string) => (text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text);
  if (exponent < -4 || exponent >= 4) return `${short(digits)} \\cdot 10^{${exponent}}`;
  return short(value.toFixed(Math.max(0, 3 - exponent)));
}

const UP = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Steps, units and columns are counted from 0 in a trace, and from 1 on the page, as t = 1 ... T. */
export function counted(index: number): number {
  return index + 1;
}

/** A number for a wire: three digits, a true minus, powers of ten raised. */
export function wireNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "·";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const [mantissa = "0", power = "0"] = Math.abs(value)
    .toExponential(digits - 1)
    .split("e");
  const sign = value < 0 ? "−" : "";
  const exponent = Number(power);
  if (exponent < -3 || exponent >= 5) {
    const raised = [...String(Math.abs(exponent))].map((d) => UP[Number(d)]).join("");
    return `${sign}${mantissa}·10${exponent < 0 ? "⁻" : ""}${raised}`;
  }
  return sign + Math.abs(value).toFixed(Math.max(0, digits - 1 - exponent));
}

/** A share of a whole as a percentage. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return "";
  const size = Math.abs(share) * 100;
  const text = size >= 9.95 || size === 0 ? size.toFixed(0) : size >= 0.095 ? size.toFixed(1) : "<0.1";
  return `${share < 0 && size >= 0.095 ? "−" : ""}${text} %`;
}
