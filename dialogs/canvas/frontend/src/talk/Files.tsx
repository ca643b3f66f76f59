import { LoaderCircle, Paperclip, TriangleAlert, X } from "lucide-react";
import { fileAddress } from "../wire/api";
import type { Attached } from "../wire/talk";
import { type Attachments, sizeInWords } from "./useAttachments";

/** What will go with the next message; each can be taken off again. */
export function ChosenFiles({ attachments }: { attachments: Attachments }) {
  if (attachments.chosen.length === 0) return null;
  return (
    <ul className="dc-files" aria-label="Files to be sent">
      {attachments.chosen.map(({ key, name, size, kept, failure }) => (
        <li key={key} className={failure ? "dc-file dc-file-bad" : "dc-file"}>
          <Sign failed={failure !== null} kept={kept !== null} />
          <span className="dc-file-name" role={failure ? "alert" : undefined}>
            {failure ?? name}
          </span>
          {!failure && (
            <span className="dc-file-size">{kept ? sizeInWords(size) : "sending …"}</span>
          )}
          <button
            type="button"
            className="dc-icon"
            aria-label={`Take off ${name}`}
            onClick={() => attachments.remove(key)}
          >
            <X size={14} aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function Sign({ failed, kept }: { failed: boolean; kept: boolean }) {
  if (failed) return <TriangleAlert size={14} aria-hidden="true" />;
  if (kept) return <Paperclip size={14} aria-hidden="true" />;
  return <LoaderCircle size={14} className="dc-turning" aria-hidden="true" />;
}

/** What came with a message; a member may save it. */
export function SentFiles({ files, messages }: { files: Attached[]; messages: string }) {
  if (files.length === 0) return null;
  return (
    <ul className="dc-files dc-files-sent" aria-label="Files you sent">
      {files.map((file) => (
        <li key={file.id} className="dc-file">
          <Paperclip size={14} aria-hidden="true" />
          <a className="dc-file-name" href={fileAddress(messages, file.id)} download={file.name}>
            {file.name}
          </a>
          <span className="dc-file-size">{sizeInWords(file.size)}</span>
        </li>
      ))}
    </ul>
  );
}
