import { useRef } from "react";
import { useFill } from "../shared/useFill";
import { TalkPanel } from "./TalkPanel";

interface Props {
  messages: string;
  task: number | null;
  title: string;
}

/** Talk to Bot on a page of its own: chat and debug beside each other where there is room. */
export function TalkPage({ messages, task, title }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  useFill(frame);
  return (
    <div className="dc dc-talk-page" ref={frame}>
      <TalkPanel messages={messages} task={task} title={title || "Talk to Bot"} />
    </div>
  );
}
