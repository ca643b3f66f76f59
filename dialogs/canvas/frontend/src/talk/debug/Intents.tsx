import type { IntentScore } from "../../wire/talk";
import { percent } from "./words";

export function Intents({ scores }: { scores: IntentScore[] }) {
  return (
    <ul className="dc-scores">
      {scores.map((score) => (
        <li key={`${score.task}/${score.utterance}`}>
          <span className="dc-score-task">{score.task}</span>
          <span className="dc-score-utterance">{score.utterance && `“${score.utterance}”`}</span>
          <meter min={0} max={100} value={percent(score.score)} aria-label={score.task} />
          <span className="dc-score-number">{percent(score.score)} %</span>
        </li>
      ))}
    </ul>
  );
}
