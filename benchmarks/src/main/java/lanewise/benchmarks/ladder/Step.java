package lanewise.benchmarks.ladder;

import lanewise.benchmarks.race.Work;

/** One rung of a ladder: the one below it and one more idea. */
interface Step {
    /** What the tables call it: its class, so that a reader finds it. */
    default String name() {
        return getClass().getSimpleName();
    }

    /** What it does that the step below does not, in a few words. */
    String idea();

    /** Prepares operands of some size for it. */
    Trial on(Work work);
}
