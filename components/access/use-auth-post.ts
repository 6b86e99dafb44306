import { useMutation } from "@tanstack/react-query";

/** Posts to the sign-in routes; returns the answer, or an error with a message. */
export const useAuthPost = (onSuccess: (answer: { url?: string }) => void) =>
  useMutation({
    mutationFn: async ({ path, body }: { path: string; body: object }) => {
      const response = await fetch(`/api/auth/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const answer = (await response.json().catch(() => ({}))) as { url?: string; message?: string };
      if (response.status === 429) throw new Error("Too many attempts. Wait a minute, then try again.");
      if (!response.ok) throw new Error(answer.message ?? `The server answered ${response.status}. Try again.`);
      return answer;
    },
    onSuccess,
  });
