/** A moment with how long ago it was: "2026-11-25 15:30 (2 hours)", in the server's time zone. */
export function since(moment: number | null, now: Date): string {
  if (moment === null) return "an unknown time";
  return `${clock(new Date(moment))} (${lapse(now.getTime() - moment)})`;
}

/** "2026-11-25 15:30" */
export function clock(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** Milliseconds in the largest unit of which there is one: "2 hours". */
function lapse(milliseconds: number): string {
  const seconds = Math.max(1, Math.floor(milliseconds / 1000));
  const [name, length] = UNITS.find(([, least]) => seconds >= least) ?? UNITS[3];
  const count = Math.floor(seconds / length);
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}
