/** Server-sent events out of a stream (WHATWG HTML, 9.2.6), since EventSource cannot send a token. */

export interface ServerEvent {
  type: string;
  data: string;
  id: string | null;
}

/** Feeds on text as it arrives, cut anywhere, and gives whole events. */
export class EventParser {
  /** Milliseconds to wait before connecting again, as the server asked. */
  retry: number | null = null;
  #rest = "";
  #type = "";
  #data: string[] = [];
  #id: string | null = null;

  feed(text: string): ServerEvent[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.flatMap((line) => this.#take(line.replace(/\r$/, "")));
  }

  #take(line: string): ServerEvent[] {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#type = value;
    else if (field === "data") this.#data.push(value);
    else if (field === "id") this.#id = value;
    else if (field === "retry" && /^\d+$/.test(value)) this.retry = Number(value);
    return [];
  }

  #dispatch(): ServerEvent[] {
    const [type, data, id] = [this.#type, this.#data, this.#id];
    this.#type = "";
    this.#data = [];
    return data.length > 0 ? [{ type: type || "message", data: data.join("\n"), id }] : [];
  }
}
