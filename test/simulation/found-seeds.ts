/** Histories that once broke a promise. What a seed means changes with the simulator, so each bug has a test as well. */
export const foundSeeds: { seed: number; what: string }[] = [
  { seed: 9, what: "a main that was restarted does not say that a task needs a person" },
  { seed: 14, what: "a main that was restarted does not ask for an approval" },
  { seed: 300008031, what: "a claim whose answer was lost is begun with words to which nobody agreed" },
  { seed: 5000710, what: "what an attempt asked for that just ended is handed out twice in one commit" },
  { seed: 1071806, what: "a worker that is killed again and again spends the minute's pushes in each life" },
  { seed: 2051287, what: "a result goes with the machine that alone had seen it before a rewind" },
  {
    seed: 65001718,
    what: "a worker whose executor is misconfigured never claims again, because an answer was lost",
  },
];
