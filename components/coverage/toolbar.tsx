"use client";

import { ArrowRight } from "lucide-react";
import { ZOOMS } from "@/lib/engine/coverage/zoom";
import { Button } from "../ui/button";
import { Card } from "../ui/parts";
import { SegmentedControl } from "../ui/select";
import { History } from "./history";
import { CompareMenu, RefreshButton } from "./legend";
import { RangeMenu } from "./range-menu";
import { useCoverage } from "./use-coverage";

/** The range, how many dates a row has, and the whole history with the range framed. */
export function Toolbar() {
  const { zoom, setZoom, jump, page } = useCoverage();
  return (
    <Card className="flex items-center gap-4 px-3 py-2 max-sm:border-0 max-sm:bg-transparent max-sm:p-0 max-sm:shadow-none">
      <div className="flex shrink-0 flex-col gap-1.5 max-sm:w-full">
        <div className="flex items-center gap-1.5">
          <RangeMenu />
          <div className="flex gap-1.5 sm:hidden">
            <CompareMenu />
            <RefreshButton />
          </div>
        </div>
        <div className="flex items-center justify-between gap-1.5 max-sm:hidden">
          <SegmentedControl label="Zoom" options={ZOOMS} value={zoom} onChoose={setZoom} />
          <Button
            className="min-h-7 py-0"
            title="Next gap (N)"
            disabled={page.summary.datesToDo === 0}
            onClick={() => jump(1)}
          >
            Next gap
            <ArrowRight aria-hidden="true" />
          </Button>
        </div>
      </div>
      <History />
    </Card>
  );
}
