/** Numbers of a trace as a person reads them. */

export function duration(ms: number | undefined): string {
  if (ms === undefined) return "";
  if (ms < 10) return `${Math.round(ms * 10) / 10} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

export function statusWords(status: string | undefined): string {
  return (status ?? "")
    .replaceAll("_", " ")
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
}

/** Scores come as shares of one or as percentages (rapidfuzz): both are shown as percentages. */
export function percent(score: number): number {
  return Math.round(Math.min(100, score <= 1 ? score * 100 : score));
}
