import Link from "next/link";

/** Nothing at this address. */
export default function NotFound() {
  return (
    <main className="flex flex-col gap-3 p-6">
      <h1 className="text-xl font-bold">There is nothing here</h1>
      <p>
        <Link className="text-accent underline" href="/">
          To the coverage
        </Link>
      </p>
    </main>
  );
}
