import type { Calendar } from "../pipeline/windows";

/** Some places of a calendar, such that the next one is known at once, wherever one looks from. */
export class Marks {
  private readonly flags: Uint8Array;
  /** The first marked place at or after each; worked out when it is asked for. */
  private following: Int32Array | null = null;

  constructor(private readonly size: number) {
    this.flags = new Uint8Array(size);
  }

  add(place: number): void {
    this.flags[place] = 1;
    this.following = null;
  }

  has(place: number): boolean {
    return this.flags[place] === 1;
  }

  /** The first marked place of a window's reach that is not below `from`; -1 where there is none. */
  next({ to, only }: ReturnType<Calendar["reach"]>, from: number): number {
    this.following ??= this.follow();
    const place = this.following[from] ?? this.size;
    if (place >= to) return -1;
    if (!only) return place;
    return only.find((one) => one >= place && this.flags[one] === 1) ?? -1;
  }

  private follow(): Int32Array {
    const following = new Int32Array(this.size + 1).fill(this.size);
    for (let place = this.size - 1; place >= 0; place--)
      following[place] = this.flags[place] === 1 ? place : (following[place + 1] as number);
    return following;
  }
}
