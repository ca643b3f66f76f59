import { Search as SearchIcon } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect, useState } from "react";
import { lookOf } from "../graph/kinds";
import type { GraphModel } from "../graph/model";
import type { Hit } from "../graph/search";
import { useDismiss } from "./useDismiss";

export interface SearchProps {
  model: GraphModel;
  query: string;
  hits: Hit[];
  box: RefObject<HTMLInputElement | null>;
  onQuery: (query: string) => void;
  onShow: (id: string) => void;
}

/** Finds nodes by what they are called, hold, request or decide; Enter goes to the next. */
export function Search({ model, query, hits, box, onQuery, onShow }: SearchProps) {
  const [at, setAt] = useState(-1);
  const [open, setOpen] = useState(false);
  const frame = useDismiss(open && query !== "", () => setOpen(false));
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words begin at the first hit
  useEffect(() => setAt(-1), [query]);

  const go = (index: number) => {
    const hit = hits[(index + hits.length) % hits.length];
    if (!hit) return;
    setAt(hits.indexOf(hit));
    onShow(hit.id);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter") go(event.shiftKey ? at - 1 : at + 1);
    else if (event.key === "ArrowDown") go(at + 1);
    else if (event.key === "ArrowUp") go(at - 1);
    else return;
    event.preventDefault();
  };
  return (
    <div className="dc-search dc-dropdown" ref={frame}>
      <SearchIcon size={15} aria-hidden="true" />
      <input
        ref={box}
        type="search"
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onFocus={() => setOpen(true)}
        onKeyDown={press}
        placeholder="Find nodes"
        aria-label="Find nodes by name, property or variable"
        aria-keyshortcuts="/ Control+F"
      />
      {query.trim() ? (
        <span className="dc-search-count" role="status">
          {hits.length === 0 ? "none" : `${at + 1 || "–"} of ${hits.length}`}
        </span>
      ) : (
        <kbd>/</kbd>
      )}
      {open && hits.length > 0 && (
        <ul className="dc-popover dc-hits">
          {hits.map((hit, index) => (
            <HitLine
              key={hit.id}
              model={model}
              hit={hit}
              now={index === at}
              onGo={() => go(index)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

interface HitProps {
  model: GraphModel;
  hit: Hit;
  now: boolean;
  onGo: () => void;
}

function HitLine({ model, hit, now, onGo }: HitProps) {
  const node = model.nodes.get(hit.id);
  if (!node) return null;
  const Icon = lookOf(node.kind).icon;
  return (
    <li>
      <button type="button" aria-current={now} onClick={onGo}>
        <span className={`dc-kind dc-k-${node.kind}`}>
          <Icon size={14} aria-hidden="true" />
        </span>
        <span className="dc-hit-title">{node.title}</span>
        {hit.where !== "title" && (
          <span className="dc-hit-where">
            {hit.where}: {hit.excerpt}
          </span>
        )}
      </button>
    </li>
  );
}
