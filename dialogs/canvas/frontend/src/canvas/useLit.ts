import { useMemo } from "react";
import { fold, type Lit, UNLIT } from "../graph/lit";
import type { GraphModel } from "../graph/model";
import type { Turn } from "../talk/conversation";
import type { LaidOut } from "./useLayout";

/** The path of a turn on what is drawn now. */
export function useLit(model: GraphModel, laidOut: LaidOut | null, turn: Turn | null): Lit {
  return useMemo(() => {
    if (!turn?.trace || !laidOut) return UNLIT;
    return fold(turn.trace, turn.state, model, laidOut.scene);
  }, [model, laidOut, turn]);
}
