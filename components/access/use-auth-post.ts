import { useMutation } from "@tanstack/react-query";

/** Posts to sign-in's own routes; gives the answer, or an error in words. */
export const useAuthPost = (onSuccess: (answer: { url?: string }) => void) =>
  useMutation({
    mutationFn: async ({ path, body }: { path: string; body: object }) => {
      const response = await fetch(`/api/auth/${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      const answer = (await response.json().catch(() => ({}))) as { url?: string; message?: string };
      if (response.status === 429) throw new Error("Too many tries. Wait a little, then try again.");
      if (!response.ok) throw new Error(answer.message ?? `The server answered ${response.status}.`);
      return answer;
    },
    onSuccess,
  });
