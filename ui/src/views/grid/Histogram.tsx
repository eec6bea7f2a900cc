import type { ColumnStatistics } from "../../api/generated";

/** The heights of the bars, each between 0 and 1: of the histogram, else of the most frequent values. */
function barsOf(column: ColumnStatistics): number[] {
  const counts = column.histogram?.counts ?? column.top?.map((one) => one.count) ?? [];
  const most = Math.max(1, ...counts);
  return counts.map((count) => count / most);
}

interface Props {
  column: ColumnStatistics;
  className: string | undefined;
  missingClass?: string | undefined;
  chosen?: boolean;
  height?: number;
}

/** Small bars; what is missing stands as a bar of its own at the right. */
export function Histogram({ column, className, missingClass, chosen, height = 24 }: Props) {
  const bars = barsOf(column);
  const all = column.count + column.missing;
  const slots = bars.length + (column.missing > 0 && missingClass ? 2 : 0);
  const wide = 100 / Math.max(1, slots);
  const tall = (share: number) => (share > 0 ? Math.max(1, share * height) : 0);
  return (
    <svg
      className={className}
      data-chosen={chosen}
      viewBox={`0 0 100 ${height}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {bars.map((share, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have no other name
          key={index}
          x={index * wide}
          y={height - tall(share)}
          width={wide * (bars.length > 40 ? 1 : 0.86)}
          height={tall(share)}
        />
      ))}
      {column.missing > 0 && missingClass && (
        <rect
          className={missingClass}
          x={(slots - 1) * wide}
          y={height - tall(column.missing / Math.max(1, all))}
          width={wide * 0.86}
          height={tall(column.missing / Math.max(1, all))}
        />
      )}
    </svg>
  );
}
