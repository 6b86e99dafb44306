/** A line through values without axes, for a table's cell: `label` says what it shows. */
export function Sparkline({
  values,
  label,
  className = "",
}: {
  values: readonly number[];
  label: string;
  className?: string;
}) {
  if (values.length < 2) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (at: number) => 2 + (76 * at) / (values.length - 1);
  const y = (value: number) => 18 - (16 * (value - low)) / Math.max(1e-9, high - low) - 0;
  const points = values.map((value, at) => `${x(at)},${y(value)}`).join(" ");
  return (
    <svg viewBox="0 0 80 20" role="img" aria-label={label} className={`inline-block h-5 w-20 ${className}`}>
      <polyline points={points} fill="none" stroke="currentColor" strokeWidth="1.5" />
      <circle cx={x(values.length - 1)} cy={y(values.at(-1) as number)} r="2" fill="currentColor" />
    </svg>
  );
}
