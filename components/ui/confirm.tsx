"use client";

import { useState } from "react";
import { Button } from "./button";
import { Modal } from "./dialog";

/** A question before something that cannot be undone. `act` is the verb on its button; what it returns is awaited. */
interface Question {
  title: string;
  words: string;
  act: string;
  run(): Promise<unknown>;
}

/** Asks in a dialog: give it a question, and put `dialog` on the page. */
export function useConfirm(): { ask(question: Question): void; dialog: React.ReactNode } {
  const [question, ask] = useState<Question | null>(null);
  const [isRunning, setRunning] = useState(false);
  const close = () => ask(null);
  const run = async () => {
    setRunning(true);
    try {
      await question?.run();
      close();
    } finally {
      setRunning(false);
    }
  };
  const dialog = question && (
    <Modal title={question.title} width="small" onClose={close}>
      <p className="text-ink-2">{question.words}</p>
      <div className="flex justify-end gap-3">
        <Button onClick={close}>Cancel</Button>
        <Button variant="danger" disabled={isRunning} onClick={() => void run()}>
          {question.act}
        </Button>
      </div>
    </Modal>
  );
  return { ask, dialog };
}
