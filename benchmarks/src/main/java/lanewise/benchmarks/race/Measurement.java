package lanewise.benchmarks.race;

/**
 * What a race said about a piece of work, as one JVM tells another in a line.
 *
 * @param work what was done
 * @param seconds the median of our time for one run
 * @param otherSeconds that of the other contender for the same amount
 * @param relative how fast ours is in units of the other: the share of a ceiling, or how many times a peer
 * @param spread the distance between the quartiles of that, as a share of it
 */
public record Measurement(Work work, double seconds, double otherSeconds, double relative, double spread) {
    /** What a race says in which A was ours, or B where the two were swapped. */
    static Measurement of(Work work, Duel.Outcome outcome, boolean swapped) {
        Duel.Outcome ours = swapped ? outcome.swapped() : outcome;
        return new Measurement(work, ours.a(), ours.b(), ours.ratio(), ours.spread());
    }

    /**
     * Reads a line.
     *
     * @param line as {@link #toString()} writes it
     * @return what it says
     */
    public static Measurement parse(String line) {
        String[] parts = line.split("\t");
        return new Measurement(
                Work.parse(parts[0]),
                Double.parseDouble(parts[1]),
                Double.parseDouble(parts[2]),
                Double.parseDouble(parts[3]),
                Double.parseDouble(parts[4]));
    }

    @Override
    public String toString() {
        return work + "\t" + seconds + "\t" + otherSeconds + "\t" + relative + "\t" + spread;
    }
}
